"""QR scanners on a serial line: bytes become texts, a lost scanner comes back by itself."""

from drivers.scanner.framing import CodeFramer, Framing
from drivers.scanner.serial_scanner import ScannerLine, SerialScanner

__all__ = ["CodeFramer", "Framing", "ScannerLine", "SerialScanner"]
