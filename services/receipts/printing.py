"""The slip printer of the journeys: draw, print, and say honestly what became of it. Never raises for a printer."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

import trio
from PIL import Image

from drivers.device import DeviceState
from drivers.printer import PaperState, PrinterError, PrinterErrorReason, PrinterProfile, PrinterStatus, PrintMode
from drivers.printer.text import TextLine
from services.journeys.crash import log_crash
from services.journeys.ports import Printed
from services.receipts.drawing import lay_out
from services.receipts.paper import Paper
from services.receipts.slips import Slip

log = logging.getLogger(__name__)

T = TypeVar("T")
DEVICE = "printer"

_CODES: dict[str, frozenset[PrinterErrorReason]] = {
    "PR-01": frozenset({PrinterErrorReason.ABSENT, PrinterErrorReason.LOST}),
    "PR-02": frozenset({PrinterErrorReason.PAPER_OUT}),
    "PR-03": frozenset({PrinterErrorReason.CUTTER}),
    "PR-04": frozenset({PrinterErrorReason.COVER_OPEN}),
    "PR-05": frozenset({PrinterErrorReason.SILENT}),
    "PR-06": frozenset({PrinterErrorReason.HARDWARE}),
    "PR-07": frozenset({PrinterErrorReason.OVERHEATED}),
    "PR-08": frozenset({PrinterErrorReason.OFFLINE}),
    "PR-09": frozenset({PrinterErrorReason.UNCONFIRMED}),
}
_CODE_OF = {reason: code for code, reasons in _CODES.items() for reason in reasons}
NEARLY_OUT = "PR-10"
"""The roll nears its end: it still prints, somebody should bring a new one."""
_OPENED = frozenset({PrinterErrorReason.PAPER_OUT, PrinterErrorReason.COVER_OPEN})


def failure_code(reason: PrinterErrorReason) -> str:
    """The failure code of a printer's problem (services.failures has its words)."""
    return _CODE_OF[reason]


def code_of_status(status: PrinterStatus) -> str | None:
    """What is wrong with the printer now, or will be soon."""
    if status.problem is not None:
        return failure_code(status.problem)
    return NEARLY_OUT if status.paper is PaperState.LOW else None


class PicturePrinter(Protocol):
    """What a driver offers (drivers.printer.EscPosPrinter). Blocking."""

    @property
    def profile(self) -> PrinterProfile:
        """Width of the paper, picture or text."""
        ...

    @property
    def last(self) -> PrinterStatus | None:
        """The last state seen, without asking."""
        ...

    def status(self) -> PrinterStatus:
        """The state now; never raises."""
        ...

    def print_picture(self, picture: Image.Image) -> PrinterStatus:
        """Print one picture whole, or raise PrinterError."""
        ...

    def print_text(self, lines: tuple[TextLine, ...]) -> PrinterStatus:
        """The same for a model that prints text only."""
        ...


class Offload(Protocol):
    """The kiosk's seam for blocking calls (services.journeys.ports.Offload)."""

    def __call__(self, device: str, work: Callable[[], T]) -> Awaitable[T]:
        """Run `work` on the device's own place."""
        ...


class ReceiptPrinter:
    """Implements services.journeys.ports.SlipPrinter. All methods belong to the trio thread."""

    def __init__(
        self, printer: PicturePrinter, offload: Offload, changed: Callable[[PrinterStatus], None] | None = None
    ) -> None:
        self._printer = printer
        self._offload = offload
        self._changed = changed
        self._last: PrinterStatus | None = None
        self._turned = trio.Event()
        self._people = 0
        self._was_open = False
        self._refilled = trio.Event()
        self.unprinted = 0
        """Slips that did not come out since the technician last cleared this count."""

    async def print(self, slip: Slip) -> Printed:
        """Print one slip. Not ok when any part of it may be missing: it is never completed later by itself."""
        printed = await self.print_paper(lambda width: lay_out(slip, width))
        self.unprinted += not printed.ok
        return printed

    async def print_paper(self, made: Callable[[int], Paper]) -> Printed:
        """The same for what is no slip of a journey: `made` lays it out on paper so many dots wide."""

        def work() -> PrinterStatus | PrinterErrorReason:
            profile = self._printer.profile
            paper = made(profile.width)
            try:
                if profile.mode is PrintMode.TEXT:
                    return self._printer.print_text(tuple(paper.lines))
                return self._printer.print_picture(paper.picture())
            except PrinterError as error:
                log.warning("a slip was not printed: %s%s", error, ", stopped in the middle" * error.started)
                return error.reason

        try:
            outcome = await self._offload(DEVICE, work)
        except Exception as error:
            # A fault of ours must not take the number away from its owner: it is on the screen.
            log_crash("a slip could not be drawn or sent", error)
            return Printed(False, failure_code(PrinterErrorReason.HARDWARE))
        if isinstance(outcome, PrinterErrorReason):
            if self._printer.last is not None:
                self._note(self._printer.last)
            return Printed(False, failure_code(outcome))
        self._note(outcome)
        return Printed(True)

    async def status(self) -> PrinterStatus:
        """Ask for the state now."""
        status = await self._offload(DEVICE, self._printer.status)
        self._note(status)
        return status

    async def ready(self) -> None:
        """Wait until it can print; somebody stands there and waits for a slip meanwhile."""
        self._people += 1
        try:
            await trio.lowlevel.checkpoint()
            while self._last is None or not self._last.can_print:
                await self._turned.wait()
        finally:
            self._people -= 1

    async def refilled(self) -> None:
        """Wait until paper or cover were seen to and nobody waits for a slip that would show it."""
        await self._refilled.wait()

    def printed_again(self) -> None:
        """A slip that was counted as missing came out after all, for its owner."""
        self.unprinted = max(0, self.unprinted - 1)

    def clear_unprinted(self) -> None:
        """The technician has told the counter."""
        self.unprinted = 0

    def _note(self, status: PrinterStatus) -> None:
        if status == self._last:
            return
        self._last = status
        self._turned.set()
        self._turned = trio.Event()
        if status.problem in _OPENED:
            self._was_open = True
        elif status.device is DeviceState.ONLINE and self._was_open:
            self._was_open = False
            if not self._people:
                # The slip of who waits is the proof that the new roll lies right.
                self._refilled.set()
                self._refilled = trio.Event()
        if self._changed is not None:
            self._changed(status)
