"""Questions and answers with an ESC/POS printer over a byte stream."""

from __future__ import annotations

import time

from drivers.printer import commands
from drivers.printer.capabilities import PrinterProfile
from drivers.printer.errors import PrinterError, PrinterErrorReason
from drivers.printer.status import PrinterBits, PrinterStatus, is_ordered_answer, is_realtime_answer, parse_status
from drivers.printer.streams import ByteStream

CAUSES = (2, 3, 4)


class Dialogue:
    """One open connection. Sorts what the printer says into real-time answers and answers in order.

    Methods raise OSError when the wire breaks and PrinterError(SILENT) when data is not taken.
    """

    def __init__(self, stream: ByteStream, profile: PrinterProfile) -> None:
        self.stream = stream
        self._profile = profile
        self._realtime: list[int] = []
        self._ordered = 0
        self._asked = 0
        self.answered: set[int] = set()
        """The numbers of DLE EOT this printer has answered on this connection."""

    def send(self, data: bytes) -> None:
        """Hand over all of `data`; the time limit begins again with every piece that is taken."""
        position = 0
        while position < len(data):
            taken = self.stream.write(data[position:], self._profile.stall_seconds)
            if not taken:
                raise PrinterError(PrinterErrorReason.SILENT, "it stopped taking data")
            position += taken

    def ask(self, number: int, seconds: float | None = None) -> int | None:
        """The answer to DLE EOT `number`, or None."""
        self._collect(0)
        self._realtime.clear()
        self.send(commands.ask_status(number))
        patience = self._profile.answer_seconds if seconds is None else seconds
        until = time.monotonic() + self.stream.backlog() + patience
        while not self._realtime:
            left = until - time.monotonic()
            if left <= 0:
                return None
            self._collect(left)
        self.answered.add(number)
        return self._realtime.pop(0)

    def status(self, unknown: frozenset[int], seconds: float | None = None) -> tuple[PrinterStatus, set[int]]:
        """The state, and which questions stayed without an answer. `unknown`: numbers this printer does not know."""
        answers: dict[int, int | None] = {1: self.ask(1, seconds)}
        if answers[1] is None:
            return parse_status(answers), {1}
        for number in CAUSES:
            if number in unknown:
                continue
            answers[number] = self.ask(number)
            if answers[number] is None:
                # A late answer to this question would be taken for the next one's: the caller opens the wire anew.
                return parse_status(answers), {number}
        return parse_status(answers), set()

    def offline(self, seconds: float) -> bool:
        """Whether the printer says it is offline. Raises PrinterError(SILENT) without an answer."""
        answer = self.ask(1, seconds)
        if answer is None:
            raise PrinterError(PrinterErrorReason.SILENT, "no answer while printing")
        return bool(answer & PrinterBits.OFFLINE)

    def ask_in_order(self) -> int:
        """Ask for an answer that comes after everything sent so far was printed; returns the question's number."""
        self._collect(0)
        if not self._asked:
            self._ordered = 0  # stray bytes from before the first question
        self.send(commands.CONFIRM)
        self._asked += 1
        return self._asked

    def confirmed(self, question: int, seconds: float) -> bool:
        """Wait for the answer to that question."""
        until = time.monotonic() + seconds
        while self._ordered < question:
            left = until - time.monotonic()
            if left <= 0:
                return False
            self._collect(left)
        return True

    def _collect(self, seconds: float) -> None:
        while data := self.stream.read(seconds):
            for byte in data:
                if is_realtime_answer(byte):
                    self._realtime.append(byte)
                elif is_ordered_answer(byte):
                    self._ordered += 1
            seconds = 0
