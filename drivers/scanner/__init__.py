"""QR scanners: bytes from a serial line or the strokes of a keyboard wedge, codes out."""

from drivers.scanner.framing import CodeFramer, Framing
from drivers.scanner.places import ScannerKeyboard, ScannerLine, Where
from drivers.scanner.scanner import CodeScanner, ScannerCapabilities, ScannerStatus

__all__ = [
    "CodeFramer",
    "CodeScanner",
    "Framing",
    "ScannerCapabilities",
    "ScannerKeyboard",
    "ScannerLine",
    "ScannerStatus",
    "Where",
]
