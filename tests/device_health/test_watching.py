"""The board stays true while devices come and go."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from drivers.device import DeviceState as Driver
from drivers.printer.errors import PrinterErrorReason
from drivers.printer.status import PrinterStatus
from drivers.smartcard.connection import CardError, CardErrorReason
from kiosk.health import PRINTER_SECONDS, READER_SECONDS, watch
from services.contract.models import DeviceState
from services.device_health import HealthBoard

pytestmark = pytest.mark.trio


class ReaderDouble:
    """A reader a test takes away and brings back."""

    def __init__(self) -> None:
        self.error: CardError | None = None
        self._turned = trio.Event()

    @property
    def available(self) -> bool:
        return self.error is None

    async def lost(self) -> CardError:
        while self.error is None:
            await self._turned.wait()
        return self.error

    def turn(self, error: CardError | None) -> None:
        self.error = error
        self._turned.set()
        self._turned = trio.Event()


class PrinterDouble:
    """A printer that says what a test wants."""

    def __init__(self) -> None:
        self.now = PrinterStatus(device=Driver.ONLINE)

    async def status(self) -> PrinterStatus:
        await trio.lowlevel.checkpoint()
        return self.now


async def test_loss_and_return_of_reader_and_printer_are_on_the_board(
    mock_clock: MockClock, nursery: trio.Nursery
) -> None:
    board, reader, printer = HealthBoard(), ReaderDouble(), PrinterDouble()
    state: Callable[[str], DeviceState] = lambda name: {each.device: each.state for each in board.now()}[name]  # noqa: E731
    nursery.start_soon(watch, board, reader, printer)
    await wait_all_tasks_blocked()
    assert (state("reader"), state("printer")) == (DeviceState.ONLINE, DeviceState.ONLINE)
    reader.turn(CardError(CardErrorReason.NO_SERVICE))
    printer.now = PrinterStatus(device=Driver.USER_ERROR, problem=PrinterErrorReason.COVER_OPEN)
    await wait_all_tasks_blocked()
    assert state("reader") is DeviceState.OFFLINE
    mock_clock.jump(PRINTER_SECONDS)
    await wait_all_tasks_blocked()
    assert {each.failure_code for each in board.reports()} == {"CR-02", "PR-04"}
    reader.turn(None)
    printer.now = PrinterStatus(device=Driver.ONLINE)
    mock_clock.jump(max(READER_SECONDS, PRINTER_SECONDS))
    await wait_all_tasks_blocked()
    assert all(each.works for each in board.now())
