"""The document scanner of the settings in the driver's words."""

from __future__ import annotations

from collections.abc import Callable

from drivers.device import DeviceState
from drivers.document_scanner import DocumentDesk, SaneScanner, ScanErrorReason, ScanOrder, Source
from kiosk.settings import DocumentScannerSettings
from kiosk.workers import worker_argv


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
    return DocumentDesk(f"document scanner {place.name}", scanner_of(place), changed)
