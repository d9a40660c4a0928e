"""The scanner of the settings in the driver's words."""

from __future__ import annotations

from drivers.scanner import Framing, ScannerKeyboard, ScannerLine, Where
from kiosk.settings import ScannerSettings


def scanner_of(scanner: ScannerSettings) -> Where:
    """Where it hangs."""
    if scanner.kind == "keyboard":
        return ScannerKeyboard(str(scanner.path))
    return ScannerLine(str(scanner.path), scanner.baud)


def framing_of(scanner: ScannerSettings) -> Framing:
    """How it marks its codes."""
    return Framing(prefix=scanner.prefix.encode(), suffix=scanner.suffix.encode())
