"""The printer's own reading of ESC/POS: what comes out of the receive buffer becomes rows on paper."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

from simulators.printer.letters import code_rows, text_rows
from simulators.printer.paper import Cleared, Paper

BUFFER_BYTES = 65536
LINE_DOTS = 30


class ReceiveBuffer:
    """Bytes between the wire and the interpreter; full means the wire is not read."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._condition = threading.Condition()
        self.generation = 0

    def put(self, data: bytes) -> None:
        """Add what the wire brought; waits for room."""
        with self._condition:
            generation = self.generation
            while len(self._bytes) + len(data) > BUFFER_BYTES and generation == self.generation:
                self._condition.wait()
            if generation == self.generation:
                self._bytes += data
                self._condition.notify_all()

    def take(self, count: int, generation: int) -> bytes:
        """Remove `count` bytes; waits for them. Raises Cleared when the buffer was dropped since `generation`."""
        with self._condition:
            while generation == self.generation and len(self._bytes) < count:
                self._condition.wait()
            if generation != self.generation:
                raise Cleared
            piece = bytes(self._bytes[:count])
            del self._bytes[:count]
            self._condition.notify_all()
            return piece

    def clear(self) -> None:
        """Drop everything."""
        with self._condition:
            self._bytes.clear()
            self.generation += 1
            self._condition.notify_all()

    def __len__(self) -> int:
        return len(self._bytes)


class Interpreter:
    """Executes commands in order on its own thread. Unknown commands are counted and skipped, as printers do."""

    def __init__(self, buffer: ReceiveBuffer, paper: Paper, reply: Callable[[bytes], None]) -> None:
        self._buffer = buffer
        self._paper = paper
        self._reply = reply
        self._raw = bytearray()
        self._generation = 0
        self._letters = bytearray()
        self._stored = b""
        self._times, self._page, self._align = 1, 0, 0
        self.unknown = 0
        self.answers_in_order = True
        """Whether this model knows GS r."""

    def run(self) -> None:
        """For ever."""
        while True:
            self._generation = self._buffer.generation
            with contextlib.suppress(Cleared):
                self._paper.idle()
                self._command()

    def _take(self, count: int) -> bytes:
        piece = self._buffer.take(count, self._generation)
        self._raw += piece
        return piece

    def _word(self) -> int:
        low, high = self._take(2)
        return low + 256 * high

    def _command(self) -> None:
        first = self._take(1)
        if first == b"\x1b":
            self._esc(self._take(1))
        elif first == b"\x1d":
            self._gs(self._take(1))
        elif first == b"\x10":
            # Obeyed when it was received; here only skipped.
            second = self._take(1)
            if second in (b"\x04", b"\x05"):
                self._take(1)
            elif second == b"\x14":
                self._take(8 if self._take(1) == b"\x08" else 2)
        elif first == b"\n":
            self._paper.print_rows(text_rows(bytes(self._letters), self._times, self._page, self._align))
            self._letters.clear()
        elif first >= b" ":
            self._letters += first
        else:
            self.unknown += 1

    def _esc(self, name: bytes) -> None:
        if name == b"@":
            self._letters.clear()
            self._times, self._page, self._align = 1, 0, 0
            if not self._paper.rows:
                self._raw[:] = b"\x1b@"
        elif name == b"J":
            self._paper.print_rows([b""] * self._take(1)[0])
        elif name == b"d":
            self._paper.print_rows([b""] * LINE_DOTS * self._take(1)[0])
        elif name == b"a":
            self._align = self._take(1)[0] % 48
        elif name == b"t":
            self._page = self._take(1)[0]
        elif name in (b"E", b"!", b"R"):
            self._take(1)
        else:
            self.unknown += 1

    def _gs(self, name: bytes) -> None:
        if name == b"v":
            self._picture()
        elif name == b"V":
            if self._take(1)[0] >= 65:
                self._paper.print_rows([b""] * self._take(1)[0])
            self._paper.cut(bytes(self._raw))
            self._raw.clear()
        elif name == b"r":
            self._take(1)
            # Bits 0 and 1: paper near end. A printer without paper never comes here.
            if self.answers_in_order:
                self._reply(b"\x03" if self._paper.paper == "low" else b"\x00")
        elif name == b"a":
            self._take(1)
        elif name == b"!":
            self._times = self._take(1)[0] % 16 + 1
        elif name == b"(":
            kind = self._take(1)
            self._symbol(kind, self._take(self._word()))
        else:
            self.unknown += 1

    def _symbol(self, kind: bytes, body: bytes) -> None:
        """GS ( k: a QR code is stored, then printed."""
        if kind == b"k" and body[:3] == b"1P0":
            self._stored = body[3:]
        elif kind == b"k" and body[:2] == b"1Q" and self._stored:
            self._paper.print_rows(code_rows(self._stored))

    def _picture(self) -> None:
        self._take(2)
        stride, height = self._word(), self._word()
        for _ in range(0, height, 16):
            rows = min(16, height)
            height -= rows
            data = self._take(stride * rows)
            self._paper.print_rows([data[n * stride : (n + 1) * stride] for n in range(rows)])
