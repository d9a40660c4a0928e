"""Keypad and headphone socket as the kernel's input devices. Both come and go; a supervisor opens them again."""

from __future__ import annotations

import array
import contextlib
import fcntl
import os
import struct
from abc import abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path

import trio

from drivers.device import Supervised
from drivers.keypad.keys import Presses

_EVENT = struct.Struct("@llHHi")
"""struct input_event: time, type, code, value (linux/input.h)."""
_EV_SYN, _EV_KEY, _EV_SW, _SYN_DROPPED = 0x00, 0x01, 0x05, 3
_SW_HEADPHONE_INSERT = 2
_EVIOCGRAB = 0x40044590
"""_IOW('E', 0x90, int)."""
_EVIOCGSW = 0x8008451B
"""_IOC(read, 'E', 0x1b, 8): eight bytes of switches."""
INPUTS = Path("/sys/class/input")
DEVICES = Path("/dev/input")


def grab(descriptor: int) -> None:
    """Take the device away from everybody else: its keys reach no window."""
    fcntl.ioctl(descriptor, _EVIOCGRAB, 1)


class _InputDevice(Supervised):
    """Reads events until the device is gone."""

    def __init__(self) -> None:
        self._descriptor = -1
        self._rest = b""

    @abstractmethod
    def path(self) -> Path:
        """Where it is now. Raises OSError when it is nowhere."""

    @abstractmethod
    def opened(self, descriptor: int) -> None:
        """It was opened. Raises OSError when it cannot be used."""

    @abstractmethod
    def event(self, kind: int, code: int, value: int) -> None:
        """One event."""

    async def open(self) -> None:
        """See Supervised."""
        await trio.lowlevel.checkpoint()
        self._rest = b""
        self._descriptor = os.open(self.path(), os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        self.opened(self._descriptor)

    async def watch(self) -> None:
        """See Supervised."""
        while True:
            await trio.lowlevel.wait_readable(self._descriptor)
            try:
                data = os.read(self._descriptor, _EVENT.size * 64)
            except BlockingIOError:
                continue
            if not data:
                raise ConnectionResetError("it was unplugged")
            data = self._rest + data
            whole = len(data) - len(data) % _EVENT.size
            self._rest = data[whole:]
            for _, _, kind, code, value in _EVENT.iter_unpack(data[:whole]):
                self.event(kind, code, value)

    async def close(self) -> None:
        """See Supervised."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            trio.lowlevel.notify_closing(descriptor)
            with contextlib.suppress(OSError):
                os.close(descriptor)


class Keypad(_InputDevice):
    """`keys` are the kernel's codes with what they mean; `act` hears each meaning on the trio thread."""

    def __init__(
        self,
        path: Path,
        keys: Mapping[int, str],
        act: Callable[[str], None],
        take: Callable[[int], None] = grab,
    ) -> None:
        """`take` is the grab, another one in tests only."""
        super().__init__()
        self._path, self._take = path, take
        self._presses = Presses(keys, act)

    def path(self) -> Path:
        """Where the settings say."""
        return self._path

    def opened(self, descriptor: int) -> None:
        """Held alone, or not at all: its keys would reach the window twice."""
        self._presses.forget()
        self._take(descriptor)

    def event(self, kind: int, code: int, value: int) -> None:
        """A key went down (1), up (0), or is held (2)."""
        if kind == _EV_KEY:
            self._presses.stroke(code, down=value != 0, again=value == 2)
        elif kind == _EV_SYN and code == _SYN_DROPPED:
            self._presses.forget()


class HeadphoneJack(_InputDevice):
    """The switch of a sound card's socket. `act` hears whether headphones are in, at once and at each change."""

    def __init__(self, name: str, act: Callable[[bool], None], find: Callable[[str], Path] | None = None) -> None:
        """`name` is (a part of) the kernel's name of the switch, or the path of its device file."""
        super().__init__()
        self._name, self._act, self._find = name, act, find or find_jack
        self._in = False

    def path(self) -> Path:
        """Found anew each time: numbers of input devices change."""
        return self._find(self._name)

    def opened(self, descriptor: int) -> None:
        """Headphones may be in already."""
        switches = array.array("Q", [0])
        try:
            fcntl.ioctl(descriptor, _EVIOCGSW, switches)
        except OSError:
            return
        if switches[0] >> _SW_HEADPHONE_INSERT & 1:
            self._tell(headphones=True)

    def _tell(self, *, headphones: bool) -> None:
        if headphones != self._in:
            self._in = headphones
            self._act(headphones)

    def event(self, kind: int, code: int, value: int) -> None:
        """The switch moved."""
        if kind == _EV_SW and code == _SW_HEADPHONE_INSERT:
            self._tell(headphones=bool(value))

    async def close(self) -> None:
        """See Supervised. A socket that is gone has no headphones in it."""
        self._tell(headphones=False)
        await super().close()


def find_jack(name: str, inputs: Path = INPUTS, devices: Path = DEVICES) -> Path:
    """The device file of the first input device with `name` in its name. Raises FileNotFoundError."""
    if name.startswith("/"):
        return Path(name)
    for device in sorted(inputs.glob("event*")):
        with contextlib.suppress(OSError):
            if name in (device / "device" / "name").read_text("utf-8", "replace"):
                return devices / device.name
    raise FileNotFoundError(f"no input device is named {name!r}")
