"""What lies on the reader."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CardPresence:
    """One laying-down of a card: a new number each time, even for the same card."""

    serial: int
    atr: bytes = b""
