"""One scanner on a serial line, supervised: opened, lost, logged once, tried again with growing waits, back."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass

import serial
import trio

from drivers.device import BackOff, DeviceState
from drivers.scanner.framing import CodeFramer, Framing

log = logging.getLogger(__name__)

_CHUNK = 4096
_REST_SECONDS = 0.02
"""After a full chunk: a scanner gone mad may not take the window's time (200 kB a second at most)."""


@dataclass(frozen=True)
class ScannerLine:
    """Where the scanner is. USB CDC ignores the baud rate. Name it by its place: /dev/serial/by-path/…"""

    path: str
    baud: int = 115200
    rtscts: bool = False


class SerialScanner:
    """Implements services.journeys.ports.Scanner. `run()` belongs in the kiosk's nursery."""

    def __init__(
        self,
        line: ScannerLine,
        framing: Framing | None = None,
        changed: Callable[[DeviceState], None] | None = None,
    ) -> None:
        self.line = line
        self.framer = CodeFramer(framing)
        self._changed = changed
        self._state = DeviceState.UNKNOWN
        self._turned = trio.Event()
        self._waiting: set[_Waiter] = set()
        self._back_off = BackOff(first=0.1, longest=1.0)
        self._wrong_encoding_told = False
        self.dropped = 0
        """Codes nobody waited for."""

    @property
    def state(self) -> DeviceState:
        """ONLINE, NO_DEVICE, or UNKNOWN before the first try."""
        return self._state

    @property
    def available(self) -> bool:
        """Whether the line is open."""
        return self._state is DeviceState.ONLINE

    async def lost(self) -> None:
        """Wait until it is lost; at once when it is lost already."""
        await trio.lowlevel.checkpoint()
        while self._state is not DeviceState.NO_DEVICE:
            await self._turned.wait()

    async def scanned(self) -> str:
        """Wait for the next code shown after this call; codes shown before are dropped."""
        waiter = _Waiter()
        self._waiting.add(waiter)
        try:
            await waiter.came.wait()
        finally:
            self._waiting.discard(waiter)
        return waiter.text

    async def run(self) -> None:
        """Supervise the scanner until cancelled."""
        while True:
            try:
                port = _open(self.line)
            except (OSError, ValueError) as error:
                self._note(DeviceState.NO_DEVICE, str(error))
                await trio.sleep(self._back_off.wait())
                continue
            self._back_off.worked()
            self._note(DeviceState.ONLINE)
            try:
                await self._read(port.fileno())
            except OSError as error:
                self._note(DeviceState.NO_DEVICE, str(error))
            finally:
                self.framer.end()
                trio.lowlevel.notify_closing(port.fileno())
                with contextlib.suppress(OSError):
                    port.close()
            await trio.sleep(self._back_off.wait())

    async def _read(self, descriptor: int) -> None:
        """Until the line breaks (OSError)."""
        while True:
            gap = self.framer.framing.idle_gap if self.framer.waiting else float("inf")
            with trio.move_on_after(gap) as paused:
                await trio.lowlevel.wait_readable(descriptor)
            if paused.cancelled_caught:
                self._hand_out(self.framer.end())
                continue
            try:
                data = os.read(descriptor, _CHUNK)
            except BlockingIOError:
                continue
            if not data:
                raise ConnectionResetError("the scanner was unplugged")
            self._hand_out(self.framer.feed(data))
            if len(data) == _CHUNK:
                await trio.sleep(_REST_SECONDS)

    def _hand_out(self, codes: list[str]) -> None:
        if self.framer.not_utf8 and not self._wrong_encoding_told:
            self._wrong_encoding_told = True
            log.warning("scanner %s sends text that is not UTF-8: check its settings", self.line.path)
        for text in codes:
            # One code for everybody who waits now; with nobody waiting it is dropped, never kept for the next person.
            listening = [waiter for waiter in self._waiting if not waiter.came.is_set()]
            self.dropped += not listening
            for waiter in listening:
                waiter.text = text
                waiter.came.set()

    def _note(self, state: DeviceState, detail: str = "") -> None:
        if state is self._state:
            return
        self._state = state
        self._turned.set()
        self._turned = trio.Event()
        if state is DeviceState.ONLINE:
            log.info("scanner %s: online", self.line.path)
        else:
            log.warning("scanner %s: %s (%s)", self.line.path, state.value, detail)
        if self._changed is not None:
            self._changed(state)


class _Waiter:
    def __init__(self) -> None:
        self.came = trio.Event()
        self.text = ""


def _open(line: ScannerLine) -> serial.Serial:
    # What the scanner sent while nobody listened was for nobody: pyserial flushes the input when it opens.
    port = serial.Serial(line.path, line.baud, timeout=0, rtscts=line.rtscts, exclusive=True)
    os.set_blocking(port.fileno(), False)
    return port
