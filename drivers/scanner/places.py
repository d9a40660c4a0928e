"""Where a scanner is: a serial line, or a keyboard as the kernel's input layer shows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ScannerLine:
    """A serial line. USB CDC ignores the baud rate. Name it by its place: /dev/serial/by-path/…"""

    path: str
    baud: int = 115200
    rtscts: bool = False

    def __str__(self) -> str:
        return self.path


@dataclass(frozen=True)
class ScannerKeyboard:
    """A keyboard wedge (USB HID). Name it by its place: /dev/input/by-path/…-event-kbd"""

    path: str

    def __str__(self) -> str:
        return self.path


Where = ScannerLine | ScannerKeyboard
