"""Document scanners through SANE: paper becomes pages in memory. The library lives in a worker process."""

from drivers.document_scanner.desk import DocumentDesk
from drivers.document_scanner.errors import ScanError, ScanErrorReason
from drivers.document_scanner.page import ScannedPage, pdf_of, small
from drivers.document_scanner.sane_scanner import SaneScanner
from drivers.document_scanner.scanner import DocumentScanner, ScanCapabilities, ScanOrder, Source

__all__ = [
    "DocumentDesk",
    "DocumentScanner",
    "SaneScanner",
    "ScanCapabilities",
    "ScanError",
    "ScanErrorReason",
    "ScanOrder",
    "ScannedPage",
    "Source",
    "pdf_of",
    "small",
]
