"""The module's end of its serial line: a pseudo-terminal with the pace and the deafness of a real baud rate.

A pseudo-terminal neither throttles nor garbles, so this end does both: bytes leave at ten bits each, and what is sent
or heard while the two ends are set to different speeds is noise.
"""

from __future__ import annotations

import contextlib
import os
import random
import select
import termios
import threading
import time
import tty
from pathlib import Path

_SPEEDS = {
    getattr(termios, name): int(name[1:]) for name in dir(termios) if name.startswith("B") and name[1:].isdigit()
}
_PIECE_SECONDS = 0.004
_PATIENCE_SECONDS = 1.0


class Unplugged(Exception):
    """The cable is out."""


class Wire:
    """One pseudo-terminal at a time; `link` keeps its name over plugging."""

    def __init__(self, link: Path | None, *, paced: bool) -> None:
        self._link = link
        self._paced = paced
        self._ends: tuple[int, int] | None = None
        self._lock = threading.Lock()
        self._noise = random.Random(5)
        self.baud = 57_600
        """What the module is set to."""
        self.path = ""
        self.lost_bytes = 0

    @property
    def plugged(self) -> bool:
        """Whether the cable is in."""
        return self._ends is not None

    @property
    def far_baud(self) -> int:
        """What the other end is set to."""
        ends = self._ends
        return self.baud if ends is None else _SPEEDS.get(termios.tcgetattr(ends[1])[5], 0)

    def plug(self) -> None:
        """A new pseudo-terminal under the same name."""
        with self._lock:
            if self._ends is not None:
                return
            ours, theirs = os.openpty()
            tty.setraw(theirs)
            os.set_blocking(ours, False)
            self._ends = ours, theirs
            self.path = os.ttyname(theirs)
            if self._link is not None:
                self._link.unlink(missing_ok=True)
                self._link.symlink_to(self.path)
                self.path = str(self._link)

    def unplug(self) -> None:
        """Pull the cable, also out of the middle of a picture."""
        with self._lock:
            ends, self._ends = self._ends, None
            if ends is None:
                return
            if self._link is not None:
                self._link.unlink(missing_ok=True)
            for end in reversed(ends):
                with contextlib.suppress(OSError):
                    os.close(end)

    def receive(self, seconds: float) -> bytes:
        """What came within `seconds`. Raises Unplugged."""
        ours = self._ours()
        try:
            if not select.select([ours], [], [], seconds)[0]:
                return b""
            data = os.read(ours, 4096)
        except BlockingIOError:
            return b""
        except (OSError, ValueError):
            raise Unplugged from None
        return data if self.far_baud == self.baud else self._noise.randbytes(len(data))

    def send(self, data: bytes, *, after: float = 0.0) -> None:
        """Send at the pace of the speed. Raises Unplugged; bytes that nobody reads are lost."""
        time.sleep(after)
        if self.far_baud != self.baud:
            data = self._noise.randbytes(max(1, len(data) * (self.far_baud or self.baud) // self.baud))
        byte_seconds = 10 / self.baud if self._paced else 0.0
        piece = max(1, int(_PIECE_SECONDS / byte_seconds)) if byte_seconds else 1024
        began, sent = time.monotonic(), 0
        while sent < len(data):
            ours = self._ours()
            if byte_seconds:
                # A piece is there when its last bit is: it comes late, never early.
                due = began + min(sent + piece, len(data)) * byte_seconds
                time.sleep(max(0.0, due - time.monotonic()))
            try:
                if not select.select([], [ours], [], _PATIENCE_SECONDS)[1]:
                    self.lost_bytes += len(data) - sent
                    return
                sent += os.write(ours, data[sent : sent + piece])
            except BlockingIOError:
                continue
            except (OSError, ValueError):
                raise Unplugged from None

    def _ours(self) -> int:
        ends = self._ends
        if ends is None:
            raise Unplugged
        return ends[0]
