"""The document scanner of the settings in the driver's words."""

from __future__ import annotations

from collections.abc import Callable

import trio

from drivers.device import DeviceState
from drivers.document_scanner import DocumentDesk, SaneScanner, ScanErrorReason, ScanOrder, Source, pdf_of, small
from drivers.document_scanner.network import listens_at
from drivers.held_line import HeldLine
from kiosk.settings import DocumentScannerSettings
from kiosk.workers import worker_argv
from services.journeys.ports import PaperScan


def scanner_of(place: DocumentScannerSettings) -> SaneScanner:
    """The scanner, not opened yet."""
    return SaneScanner([*worker_argv("document-scanner"), place.name], page_seconds=place.page_seconds)


def order_of(place: DocumentScannerSettings) -> ScanOrder:
    """What is asked of it."""
    return ScanOrder(Source(place.source), place.dpi)


def document_desk_of(
    place: DocumentScannerSettings, changed: Callable[[DeviceState, ScanErrorReason | None], None] | None = None
) -> DocumentDesk:
    """The supervised scanner."""
    where = listens_at(place.name)
    line = None if where is None else HeldLine(*where)
    return DocumentDesk(f"document scanner {place.name}", scanner_of(place), changed, line=line)


class PaperDesk:
    """Implements services.journeys.ports.PaperScanner."""

    def __init__(self, desk: DocumentDesk, order: ScanOrder) -> None:
        self._desk = desk
        self._order = order

    @property
    def available(self) -> bool:
        """Whether it is there and can scan."""
        return self._desk.available

    async def scan(self) -> PaperScan:
        """What lies there, in memory. Raises ScanError."""
        pages = await self._desk.scan(self._order)
        return await trio.to_thread.run_sync(lambda: PaperScan(pdf_of(pages), small(pages[0])))


def papers_of(place: DocumentScannerSettings | None, desk: DocumentDesk | None) -> PaperDesk | None:
    """The scanner as journeys see it."""
    return None if place is None or desk is None else PaperDesk(desk, order_of(place))
