"""The wires of a scanner, each as bytes of codes behind a file descriptor that says when something came."""

from __future__ import annotations

import contextlib
import fcntl
import os
import struct
from collections.abc import Callable
from typing import Protocol

import serial

from drivers.scanner.keys import KeyDecoder
from drivers.scanner.places import ScannerKeyboard, ScannerLine, Where

CHUNK = 4096


class Spoilt(Exception):
    """Strokes were lost: what was begun is no code any more."""


class Source(Protocol):
    """An open scanner."""

    def fileno(self) -> int:
        """Readable when something came."""
        ...

    def read(self) -> bytes:
        """What came, perhaps nothing. Raises OSError when the scanner is gone, Spoilt when something is missing."""
        ...

    def close(self) -> None:
        """Let go of it; never raises."""
        ...


def open_source(where: Where) -> Source:
    """Open the wire. Raises OSError when nothing is there."""
    match where:
        case ScannerLine():
            return _SerialSource(where)
        case ScannerKeyboard():
            return KeyboardSource(where)


class _SerialSource:
    def __init__(self, line: ScannerLine) -> None:
        # What the scanner sent while nobody listened was for nobody: pyserial flushes the input when it opens.
        try:
            self._port = serial.Serial(line.path, line.baud, timeout=0, rtscts=line.rtscts, exclusive=True)
        except ValueError as error:
            raise OSError(str(error)) from None
        os.set_blocking(self._port.fileno(), False)

    def fileno(self) -> int:
        return self._port.fileno()

    def read(self) -> bytes:
        return _read(self._port.fileno(), CHUNK)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._port.close()


_EVENT = struct.Struct("@llHHi")
"""struct input_event: time, type, code, value (linux/input.h)."""
_EV_SYN, _EV_KEY, _SYN_DROPPED = 0x00, 0x01, 3
_EVIOCGRAB = 0x40044590
"""_IOW('E', 0x90, int)."""


def grab(descriptor: int) -> None:
    """Take the keyboard away from everybody else: no window gets its strokes, whichever has the focus."""
    fcntl.ioctl(descriptor, _EVIOCGRAB, 1)


class KeyboardSource:
    """A keyboard wedge, read as the kernel delivers it, held alone. `take` is the grab, another one in tests only."""

    def __init__(self, keyboard: ScannerKeyboard, take: Callable[[int], None] = grab) -> None:
        self._descriptor = os.open(keyboard.path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        self._keys = KeyDecoder()
        self._rest = b""
        try:
            # One that cannot be held alone would type people's codes into the window: it counts as not there.
            take(self._descriptor)
            self._forget_the_past()
        except OSError:
            self.close()
            raise

    def _forget_the_past(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while os.read(self._descriptor, CHUNK):
                pass

    def fileno(self) -> int:
        """See Source."""
        return self._descriptor

    def read(self) -> bytes:
        """See Source."""
        data = self._rest + _read(self._descriptor, _EVENT.size * 64)
        whole = len(data) - len(data) % _EVENT.size
        self._rest = data[whole:]
        typed = bytearray()
        for _, _, kind, code, value in _EVENT.iter_unpack(data[:whole]):
            if kind == _EV_KEY:
                typed += self._keys.key(code, value)
            elif kind == _EV_SYN and code == _SYN_DROPPED:
                self._keys.forget()
                raise Spoilt
        return bytes(typed)

    def close(self) -> None:
        """See Source."""
        with contextlib.suppress(OSError):
            os.close(self._descriptor)


def _read(descriptor: int, size: int) -> bytes:
    try:
        data = os.read(descriptor, size)
    except BlockingIOError:
        return b""
    if not data:
        raise ConnectionResetError("the scanner was unplugged")
    return data
