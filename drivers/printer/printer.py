"""An ESC/POS printer: state on request, one picture at a time, and honest about what became of it.

Blocking; every call ends within the profile's times. One caller at a time (a lock holds it).
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable

from PIL import Image

from drivers.device import Answer
from drivers.printer import commands, raster
from drivers.printer.capabilities import CutMode, PrinterCapabilities, PrinterProfile
from drivers.printer.dialogue import CAUSES, Dialogue
from drivers.printer.errors import PrinterError, PrinterErrorReason
from drivers.printer.status import NO_PRINTER, SILENT_PRINTER, PrinterStatus
from drivers.printer.streams import ByteStream, NetworkAddress, Where, open_stream
from drivers.printer.text import TextLine, encode

log = logging.getLogger(__name__)

_POLL_SECONDS = 0.25


class EscPosPrinter:
    """`status()` never raises; `print_picture()` raises PrinterError and leaves nothing behind to print later."""

    def __init__(
        self,
        where: Where,
        profile: PrinterProfile | None = None,
        opener: Callable[[Where], ByteStream] = open_stream,
    ) -> None:
        self.where = where
        self.profile = profile or PrinterProfile()
        self._opener = opener
        self._lock = threading.Lock()
        self._dialogue: Dialogue | None = None
        self._unknown: frozenset[int] = frozenset()
        self._answered: set[int] = set()
        self._confirms = Answer.UNKNOWN
        self._half_slip = False
        self._last: PrinterStatus | None = None

    @property
    def capabilities(self) -> PrinterCapabilities:
        """What was learnt about this printer so far."""
        two, three, four = (self._answer_to(number) for number in CAUSES)
        return PrinterCapabilities(
            width=self.profile.width,
            cut=self.profile.cut,
            mode=self.profile.mode,
            offline_causes=two,
            error_causes=three,
            paper_sensors=four,
            confirms=self._confirms,
        )

    @property
    def last(self) -> PrinterStatus | None:
        """The last state seen, without asking; None before the first question."""
        return self._last

    def status(self) -> PrinterStatus:
        """The state now. A printer that is not there or says nothing is a state too."""
        with self._lock, self._released():
            return self._noted(self._status())

    def print_picture(self, picture: Image.Image) -> PrinterStatus:
        """Print and cut one 1-bit picture of the profile's width; returns the state afterwards.

        Raises PrinterError: before anything was sent (`started` False) or in the middle (`started` True), and then
        what the printer had not printed yet is dropped. Raises ValueError for a picture that does not fit.
        """
        if picture.mode != "1" or picture.width != self.profile.width:
            raise ValueError(f"a slip is a 1-bit picture {self.profile.width} dots wide")
        return self._print(raster.bands(picture, self.profile.band_rows))

    def print_text(self, lines: tuple[TextLine, ...]) -> PrinterStatus:
        """The same for lines in the printer's own letters."""
        return self._print(encode(lines, self.profile.width, self.profile.code_page))

    def _print(self, bands: Iterable[bytes]) -> PrinterStatus:
        with self._lock, self._released():
            before = self._noted(self._status(recover=True))
            if before.problem is not None or self._dialogue is None:
                raise PrinterError(before.problem or PrinterErrorReason.ABSENT)
            self._learn_confirmation(self._dialogue)
            try:
                self._send_job(self._dialogue, bands)
                return self._noted(self._finish(self._dialogue))
            except PrinterError as error:
                if error.reason is PrinterErrorReason.SILENT:
                    self._noted(SILENT_PRINTER)
                self._drop_job()
                raise PrinterError(error.reason, error.detail, started=True) from error
            except OSError as error:
                self._noted(NO_PRINTER)
                self._drop_job()
                raise PrinterError(PrinterErrorReason.LOST, str(error), started=True) from error

    def close(self) -> None:
        """Let go of the wire; the next call opens it again."""
        with self._lock:
            self._close()

    # --- the wire -------------------------------------------------------------------------------------------------

    def _close(self) -> None:
        if self._dialogue is not None:
            self._dialogue.stream.close()
            self._dialogue = None

    @contextlib.contextmanager
    def _released(self) -> Generator[None]:
        """A network printer serves one connection at a time: leave it to others (doctor, a second kiosk) in between."""
        try:
            yield
        finally:
            if isinstance(self.where, NetworkAddress):
                self._close()

    def _open(self) -> Dialogue:
        if self._dialogue is None:
            self._dialogue = Dialogue(self._opener(self.where), self.profile)
        return self._dialogue

    def _status(self, recover: bool = False) -> PrinterStatus:
        status = SILENT_PRINTER
        # A kept connection may be dead without a word (idle time-out, power switched off and on): then once more, anew.
        for fresh in (self._dialogue is None, True):
            try:
                status = self._ask(self._open())
                if recover and status.problem is PrinterErrorReason.CUTTER:
                    self._open().send(commands.RECOVER_CLEARING)
                    status = self._ask(self._open())
            except OSError as error:
                self._close()
                log.debug("printer %s: %s", self.where, error)
                status = NO_PRINTER
            except PrinterError:
                status = SILENT_PRINTER
            if status.problem not in {PrinterErrorReason.SILENT, PrinterErrorReason.ABSENT}:
                return status
            self._abort()
            if fresh:
                break
        return status

    def _ask(self, dialogue: Dialogue) -> PrinterStatus:
        status, unanswered = dialogue.status(self._unknown)
        self._answered |= dialogue.answered
        causes = unanswered - {1}
        if not causes:
            return status
        if causes & self._answered:
            return SILENT_PRINTER
        # It answered 1 and not this one, which it never answered before: it does not know the question.
        self._unknown |= causes
        self._close()
        return self._ask(self._open())

    def _noted(self, status: PrinterStatus) -> PrinterStatus:
        if self._last is None or status != self._last:
            # Its supervisor and the board of devices say it once to people; here it is for who looks for a cause.
            log.debug(
                "printer %s: %s, paper %s%s", self.where, status.device.value, status.paper.value,
                f", {status.problem.value}" if status.problem else "",
            )  # fmt: skip
        self._last = status
        return status

    def _answer_to(self, number: int) -> Answer:
        if number in self._answered:
            return Answer.SUPPORTED
        return Answer.NOT_SUPPORTED if number in self._unknown else Answer.UNKNOWN

    # --- one slip -------------------------------------------------------------------------------------------------

    def _learn_confirmation(self, dialogue: Dialogue) -> None:
        if self._confirms is not Answer.UNKNOWN:
            return
        with contextlib.suppress(OSError, PrinterError):
            answered = dialogue.confirmed(dialogue.ask_in_order(), self.profile.answer_seconds)
            self._confirms = Answer.SUPPORTED if answered else Answer.NOT_SUPPORTED

    def _send_job(self, dialogue: Dialogue, bands: Iterable[bytes]) -> None:
        dialogue.send(commands.INITIALISE + commands.STATUS_BACK_OFF)
        if self._half_slip:
            # The half slip of somebody else must not hang on this one.
            dialogue.send(self._end_of_slip())
        held: deque[tuple[int, int]] = deque()
        for band in bands:
            while held and sum(size for _, size in held) + len(band) > self.profile.window_bytes:
                self._await_printed(dialogue, held.popleft()[0])
            dialogue.send(band)
            if self._confirms is Answer.SUPPORTED:
                held.append((dialogue.ask_in_order(), len(band)))
            elif dialogue.offline(self.profile.stall_seconds):
                raise PrinterError(self._cause(dialogue))
        dialogue.send(self._end_of_slip())

    def _await_printed(self, dialogue: Dialogue, question: int) -> None:
        """Wait until everything before `question` is on paper. Raises PrinterError with what holds it up."""
        until = time.monotonic() + dialogue.stream.backlog() + self.profile.finish_seconds
        while not dialogue.confirmed(question, _POLL_SECONDS):
            if dialogue.offline(self.profile.stall_seconds):
                raise PrinterError(self._cause(dialogue))
            if time.monotonic() > until:
                raise PrinterError(PrinterErrorReason.UNCONFIRMED)

    def _end_of_slip(self) -> bytes:
        if self.profile.cut is CutMode.NONE:
            return commands.feed(self.profile.tear_feed)
        return commands.cut(self.profile.cut.value, self.profile.feed_before_cut)

    def _finish(self, dialogue: Dialogue) -> PrinterStatus:
        """Ask until everything was printed or something is wrong."""
        if self._confirms is Answer.SUPPORTED:
            self._await_printed(dialogue, dialogue.ask_in_order())
            self._half_slip = False
            # The slip is out and cut: what is wrong from now on (the roll just ended) is a state, not this slip's end.
            return self._status()
        status = self._ask(dialogue)
        if status.problem is not None:
            raise PrinterError(status.problem)
        self._half_slip = False
        return status

    def _cause(self, dialogue: Dialogue) -> PrinterErrorReason:
        status, _ = dialogue.status(self._unknown, self.profile.stall_seconds)
        self._noted(status)
        return status.problem or PrinterErrorReason.OFFLINE

    def _drop_job(self) -> None:
        """Nothing of this slip may be printed later: drop it in the printer and on the wire."""
        self._half_slip = True
        if self._dialogue is not None:
            with contextlib.suppress(OSError, PrinterError):
                taken = self._dialogue.stream.write(commands.CLEAR_BUFFERS, _POLL_SECONDS)
                if taken == len(commands.CLEAR_BUFFERS):
                    # Its answer says that the command before it was heard, so the wire may be cut.
                    self._dialogue.ask(1, self.profile.answer_seconds)
        self._abort()

    def _abort(self) -> None:
        if self._dialogue is not None:
            self._dialogue.stream.abort()
            self._dialogue = None
