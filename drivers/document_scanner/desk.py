"""One document scanner for the kiosk: supervised, one scan at a time, off the window's thread."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import trio

from drivers.device import BackOff, DeviceState, Gone, Supervised
from drivers.document_scanner.codes import STATES
from drivers.document_scanner.errors import ScanError, ScanErrorReason
from drivers.document_scanner.page import ScannedPage
from drivers.document_scanner.scanner import DocumentScanner, ScanCapabilities, ScanOrder
from drivers.held_line import HeldLine
from drivers.supervisor import Supervisor

LOOK_SECONDS = 10.0
"""How often an idle scanner is asked whether it is there: SANE tells nothing by itself, and asking opens it."""
PLUG_SECONDS = 0.5
"""How often the kernel's list of USB devices is looked at; when it changes, the scanner is asked at once."""
USB = Path("/sys/bus/usb/devices")

T = TypeVar("T")


def usb_devices(folder: Path = USB) -> frozenset[str]:
    """What is plugged in, by the kernel's names; a new number each time. Costs nothing; never raises."""
    try:
        return frozenset(os.listdir(folder))
    except OSError:
        return frozenset()


class DocumentDesk:
    """`supervisor.run` must be running. All methods belong to the trio thread. `changed` hears the state and why."""

    def __init__(
        self,
        name: str,
        scanner: DocumentScanner,
        changed: Callable[[DeviceState, ScanErrorReason | None], None] | None = None,
        *,
        look_seconds: float = LOOK_SECONDS,
        plugged: Callable[[], frozenset[str]] = usb_devices,
        line: HeldLine | None = None,
    ) -> None:
        """`plugged` tells what hangs on the cable's bus, another one in tests only; `line` is a network scanner's."""
        self._scanner = scanner
        self._line = line
        self._look_seconds = look_seconds
        self._plugged = plugged
        self._place = trio.CapacityLimiter(1)
        self._failed = trio.Event()
        self._error: ScanError | None = None

        def turned(state: DeviceState) -> None:
            if changed is not None:
                reason = None if state is DeviceState.ONLINE or self._error is None else self._error.reason
                changed(state, reason)

        self.supervisor = Supervisor(name, _Life(self), turned, BackOff(0.25, 3.0))

    @property
    def available(self) -> bool:
        """Whether it is there and can scan."""
        return self.supervisor.available

    @property
    def capabilities(self) -> ScanCapabilities:
        """Known once it was open."""
        return self._scanner.capabilities

    async def scan(self, order: ScanOrder) -> tuple[ScannedPage, ...]:
        """Scan what lies there. Raises ScanError; cancelled, the scanner's worker is ended and the pages are gone."""
        pages: list[ScannedPage] = []
        try:
            await self._do(lambda: self._scanner.scan(order, pages.append))
        except ScanError as error:
            if error.reason in STATES:
                self._error = error
                self._failed.set()
            raise
        return tuple(pages)

    # --- its life, as the supervisor leads it

    async def opened(self) -> None:
        """See that it is there. Raises Gone."""
        self._failed = trio.Event()
        if self._line is not None:
            # Starting the library for a machine that is switched off costs the kiosk more than a connection.
            try:
                await self._line.there()
            except Gone as gone:
                self._error = ScanError(ScanErrorReason.ABSENT, str(gone))
                raise
        await self._look()

    async def watched(self) -> None:
        """Until it is lost, or a scan met what hands must put right. Raises Gone."""
        async with trio.open_nursery() as nursery:
            if self._line is not None:
                nursery.start_soon(self._hold, self._line)
            lost = await self._until_lost()
            nursery.cancel_scope.cancel()
        raise lost

    async def _hold(self, line: HeldLine) -> None:
        try:
            await line.watch()
        except Gone as gone:
            self._error = ScanError(ScanErrorReason.ABSENT, str(gone))
            self._failed.set()

    async def _until_lost(self) -> Gone:
        seen, due = self._plugged(), trio.current_time() + self._look_seconds
        while True:
            with trio.move_on_after(min(PLUG_SECONDS, self._look_seconds)):
                await self._failed.wait()
                if self._error is not None:
                    return _gone(self._error)
            now = self._plugged()
            if now == seen and trio.current_time() < due:
                continue
            try:
                await self._look()
            except Gone as gone:
                return gone
            seen, due = now, trio.current_time() + self._look_seconds

    async def closed(self) -> None:
        """Let go of it."""
        self._scanner.stop()
        await trio.to_thread.run_sync(self._scanner.close, limiter=self._place)

    async def _look(self) -> None:
        try:
            await self._do(self._scanner.open)
        except ScanError as error:
            if error.reason is ScanErrorReason.BUSY:
                return  # somebody else scans: it is there
            self._error = error
            raise _gone(error) from None
        if not self._failed.is_set():  # else a scan met what hands must put right, while this waited for its turn
            self._error = None

    async def _do(self, work: Callable[[], T]) -> T:
        """Work it on a thread, one at a time; cancelled, its worker is ended so that the thread ends too."""
        if self._line is None:
            return await self._work(work)
        async with self._line.talks():  # many small machines serve few connections
            return await self._work(work)

    async def _work(self, work: Callable[[], T]) -> T:
        done = False
        try:
            result = await trio.to_thread.run_sync(work, abandon_on_cancel=True, limiter=self._place)
            done = True
            return result
        except ScanError:
            done = True
            raise
        finally:
            if not done:
                self._scanner.stop()


class _Life(Supervised):
    def __init__(self, desk: DocumentDesk) -> None:
        self._desk = desk

    async def open(self) -> None:
        await self._desk.opened()

    async def watch(self) -> None:
        await self._desk.watched()

    async def close(self) -> None:
        await self._desk.closed()


def _gone(error: ScanError) -> Gone:
    return Gone(STATES.get(error.reason, DeviceState.OFFLINE), str(error))
