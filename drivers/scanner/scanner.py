"""One scanner, supervised, on a serial line or as a keyboard wedge: codes for who waits, nothing kept for the next."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

import trio

from drivers.device import Answer, BackOff, DeviceState, Supervised
from drivers.scanner.framing import CodeFramer, Framing
from drivers.scanner.places import Where
from drivers.scanner.sources import CHUNK, Source, Spoilt, open_source
from drivers.supervisor import Supervisor

log = logging.getLogger(__name__)

_REST_SECONDS = 0.02
"""After a full chunk: a scanner gone mad may not take the window's time (200 kB a second at most)."""


@dataclass(frozen=True)
class ScannerStatus:
    """One moment of a scanner (`BarcodeReader.Status` of XFS4IoT: the device's state is all there is)."""

    device: DeviceState = DeviceState.UNKNOWN


@dataclass(frozen=True)
class ScannerCapabilities:
    """What the wire gives. UTF-8 is UNKNOWN until a code with more than ASCII came."""

    held_alone: Answer
    """No other program can read or take away what is scanned."""
    utf8: Answer = Answer.UNKNOWN
    """The scanner sends UTF-8; NOT_SUPPORTED when it was seen to send another encoding."""


class CodeScanner(Supervised):
    """Implements services.journeys.ports.Scanner. `run()` belongs in the kiosk's nursery."""

    def __init__(
        self,
        where: Where,
        framing: Framing | None = None,
        changed: Callable[[DeviceState], None] | None = None,
        opener: Callable[[Where], Source] = open_source,
    ) -> None:
        self.where = where
        self.framer = CodeFramer(framing)
        self._opener = opener
        self._source: Source | None = None
        self._waiting: set[_Waiter] = set()
        self._wrong_encoding_told = False
        self._beyond_ascii = False
        self.supervisor = Supervisor(f"scanner {where}", self, changed, BackOff(first=0.1, longest=1.0))
        self.dropped = 0
        """Codes nobody waited for."""
        self.codes = 0
        """Codes that were read at all."""

    @property
    def state(self) -> DeviceState:
        """ONLINE, NO_DEVICE, or UNKNOWN before the first try."""
        return self.supervisor.state

    @property
    def status(self) -> ScannerStatus:
        """The state as a value."""
        return ScannerStatus(self.state)

    @property
    def capabilities(self) -> ScannerCapabilities:
        """What was learnt so far."""
        if self.framer.not_utf8:
            utf8 = Answer.NOT_SUPPORTED
        else:
            utf8 = Answer.SUPPORTED if self._beyond_ascii else Answer.UNKNOWN
        return ScannerCapabilities(held_alone=Answer.SUPPORTED, utf8=utf8)

    @property
    def available(self) -> bool:
        """Whether the wire is open."""
        return self.supervisor.available

    async def lost(self) -> None:
        """Wait until it is lost; at once when it is lost already."""
        await self.supervisor.lost()

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
        await self.supervisor.run()

    # --- drivers.device.Supervised ----------------------------------------------------------------------------------

    async def open(self) -> None:
        """See Supervised."""
        await trio.lowlevel.checkpoint()
        self._source = self._opener(self.where)

    async def close(self) -> None:
        """See Supervised. Half a code is not joined to what comes after."""
        self.framer.end()
        source, self._source = self._source, None
        if source is not None:
            trio.lowlevel.notify_closing(source.fileno())
            source.close()

    async def watch(self) -> None:
        """See Supervised."""
        source = self._source
        if source is None:
            raise ConnectionResetError("it was not opened")
        while True:
            gap = self.framer.framing.idle_gap if self.framer.waiting else float("inf")
            with trio.move_on_after(gap) as paused:
                await trio.lowlevel.wait_readable(source.fileno())
            if paused.cancelled_caught:
                self._hand_out(self.framer.end())
                continue
            try:
                data = source.read()
            except Spoilt:
                self.framer.spoil()
                continue
            self._hand_out(self.framer.feed(data))
            if len(data) == CHUNK:
                await trio.sleep(_REST_SECONDS)

    def _hand_out(self, codes: list[str]) -> None:
        if self.framer.not_utf8 and not self._wrong_encoding_told:
            self._wrong_encoding_told = True
            log.warning("scanner %s sends text that is not UTF-8: check its settings", self.where)
        for text in codes:
            self.codes += 1
            self._beyond_ascii |= not text.isascii()
            # One code for everybody who waits now; with nobody waiting it is dropped, never kept for the next person.
            listening = [waiter for waiter in self._waiting if not waiter.came.is_set()]
            self.dropped += not listening
            for waiter in listening:
                waiter.text = text
                waiter.came.set()


class _Waiter:
    def __init__(self) -> None:
        self.came = trio.Event()
        self.text = ""
