"""The mechanism: paper, cover, cutter, head; printed rows become slips at the cut."""

from __future__ import annotations

import io
import threading
import time
from dataclasses import dataclass, field

from PIL import Image

KEPT_SLIPS = 100


@dataclass(frozen=True)
class CutSlip:
    """One slip in the tray."""

    rows: tuple[bytes, ...]
    width: int
    raw: bytes

    def png(self) -> bytes:
        """The slip as a picture."""
        stride = self.width // 8
        paper = Image.new("1", (self.width, max(1, len(self.rows))), 1)
        if self.rows:
            ink = b"".join(row.ljust(stride, b"\0")[:stride] for row in self.rows)
            # 1;I: one bit a dot, inverted: a set bit is ink.
            paper.frombytes(ink, "raw", "1;I")
        target = io.BytesIO()
        paper.save(target, "PNG")
        return target.getvalue()


class Cleared(Exception):
    """A real-time command dropped the buffers while a row waited to be printed."""


@dataclass
class Paper:
    """Everything that moves. Methods of the mechanism's thread block while the printer is offline."""

    width: int = 576
    rows_per_second: float = 2000.0
    paper: str = "ok"
    rows_left: int | None = None
    """Rows until the roll ends; None for a long roll."""
    cover_open: bool = False
    jammed: bool = False
    """Paper sits in the cutter."""
    jam_at_cut: bool = False
    cutter_error: bool = False
    """Latched until DLE ENQ finds the cutter free, as on real printers."""
    overheated: bool = False
    faulty: bool = False
    slips: list[CutSlip] = field(default_factory=list[CutSlip])
    rows: list[bytes] = field(default_factory=list[bytes])
    generation: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def online(self) -> bool:
        """Whether it prints."""
        return not (self.paper == "out" or self.cover_open or self.cutter_error or self.overheated or self.faulty)

    def print_rows(self, rows: list[bytes]) -> None:
        """Print dot rows at the printer's speed; waits while offline. Raises Cleared when the buffers are dropped."""
        for row in rows:
            with self.changed:
                self._wait_online()
                self.rows.append(row)
                if self.rows_left is not None:
                    self.rows_left -= 1
                    if self.rows_left <= 0:
                        self.paper, self.rows_left = "out", None
        if self.rows_per_second and rows:
            time.sleep(len(rows) / self.rows_per_second)

    def cut(self, raw: bytes) -> None:
        """Cut what hangs out of the slot."""
        with self.changed:
            self._wait_online()
            if self.jam_at_cut:
                self.jam_at_cut, self.jammed, self.cutter_error = False, True, True
                self._wait_online()
            self.slips.append(CutSlip(tuple(self.rows), self.width, raw))
            if len(self.slips) > KEPT_SLIPS:
                # Numbers stay; a soak run may not fill the memory with paper.
                self.slips[-KEPT_SLIPS - 1] = CutSlip((), self.width, b"")
            self.rows.clear()
            self.changed.notify_all()

    def idle(self) -> None:
        """Wait until it is online: commands in the buffer are not executed before."""
        with self.changed:
            self._wait_online()

    def recover(self) -> None:
        """DLE ENQ: leave the cutter's error if nothing is stuck any more."""
        with self.changed:
            if not self.jammed:
                self.cutter_error = False
            self.changed.notify_all()

    def clear(self) -> None:
        """Whoever waits for paper gives up: its data was dropped."""
        with self.changed:
            self.generation += 1
            self.changed.notify_all()

    def _wait_online(self) -> None:
        generation = self.generation
        while not self.online:
            self.changed.wait()
            if self.generation != generation:
                raise Cleared

    def answer(self, number: int) -> int | None:
        """The byte of DLE EOT `number`."""
        with self.changed:
            base = 0x12
            match number:
                case 1:
                    return base | (0 if self.online else 0x08) | (0x20 if self.cutter_error else 0)
                case 2:
                    error = self.cutter_error or self.overheated or self.faulty
                    out = 0x20 if self.paper == "out" else 0
                    return base | (0x04 if self.cover_open else 0) | out | (0x40 if error else 0)
                case 3:
                    return (
                        base
                        | (0x08 if self.cutter_error else 0)
                        | (0x20 if self.faulty else 0)
                        | (0x40 if self.overheated else 0)
                    )
                case 4:
                    low = 0x0C if self.paper in {"low", "out"} else 0
                    return base | low | (0x60 if self.paper == "out" else 0)
                case _:
                    return None
