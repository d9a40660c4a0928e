"""Keeps the board of devices true while the kiosk runs: hooks where a driver tells, questions where it does not."""

from __future__ import annotations

from typing import Protocol

import trio

from drivers.printer.status import PrinterStatus
from drivers.smartcard.connection import CardError
from services.device_health import HealthBoard, of_printer, of_reader

READER_SECONDS = 1.0
PRINTER_SECONDS = 20.0
"""Between two questions to a printer nobody uses: paper is missed before the next person stands there."""


class Reader(Protocol):
    """What of services.journeys.ports.CardReader is watched."""

    @property
    def available(self) -> bool:
        """False while there is no reader or no PC/SC service."""
        ...

    async def lost(self) -> CardError:
        """Wait until there is none."""
        ...


class Printer(Protocol):
    """What of services.receipts.printing.ReceiptPrinter is watched."""

    async def status(self) -> PrinterStatus:
        """Ask for the state now."""
        ...


async def watch(board: HealthBoard, reader: Reader, printer: Printer) -> None:
    """For ever. Scanner and loudspeaker tell by themselves (`changed`)."""
    async with trio.open_nursery() as nursery:
        nursery.start_soon(watch_reader, board, reader)
        nursery.start_soon(watch_printer, board, printer)


async def watch_reader(board: HealthBoard, reader: Reader) -> None:
    """Told when it is lost; looked after until it is back."""
    while True:
        if reader.available:
            board.report(of_reader(None))
        board.report(of_reader(await reader.lost()))
        while not reader.available:
            await trio.sleep(READER_SECONDS)


async def watch_printer(board: HealthBoard, printer: Printer) -> None:
    """Asked now and then; a slip that is being printed goes first, and tells by itself."""
    while True:
        board.report(of_printer(await printer.status()))
        await trio.sleep(PRINTER_SECONDS)
