"""The ESC/POS commands this house sends, as bytes."""

from __future__ import annotations

from typing import Final

INITIALISE: Final = b"\x1b@"
"""ESC @: clears the print buffer and every mode."""

STATUS_BACK_OFF: Final = b"\x1da\x00"
"""GS a 0: no automatic status bytes between our answers."""

CONFIRM: Final = b"\x1dr\x01"
"""GS r 1: answered in order, so only after everything before it was printed."""

CLEAR_BUFFERS: Final = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
"""DLE DC4 fn 8: drop what was received and not printed, so that no half slip appears after the paper is changed."""

RECOVER_CLEARING: Final = b"\x10\x05\x02"
"""DLE ENQ 2: leave a recoverable error (cutter) and drop the buffers."""


def ask_status(number: int) -> bytes:
    """DLE EOT n, n = 1 to 4."""
    return bytes((0x10, 0x04, number))


def feed(dots: int) -> bytes:
    """ESC J n, repeated where one byte is not enough."""
    whole, rest = divmod(dots, 255)
    return b"\x1bJ\xff" * whole + (bytes((0x1B, 0x4A, rest)) if rest else b"")


def cut(mode: int, dots: int) -> bytes:
    """GS V m n (function B): feed to the cutter plus `dots`, then cut."""
    return bytes((0x1D, 0x56, mode, min(dots, 255)))
