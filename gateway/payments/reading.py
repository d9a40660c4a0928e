"""Fields of providers' JSON, read strictly: whole đồng, times of the place, text that every database takes."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from gateway.clock import PLACE


def transaction_id(value: object) -> str:
    """A provider's own number of a movement. ValueError."""
    text = str(value)
    if not text or len(text) > 64 or isinstance(value, bool) or value is None or text != plain_text(text):
        raise ValueError("no id")
    return text


def plain_text(value: object) -> str:
    """Text without halves of characters (JSON can hold them) and without NUL."""
    return str(value or "").encode("utf-8", "replace").decode().replace("\0", "")


def dong(value: object) -> int:
    """Whole đồng, written as a number or as text with decimals ("122500.00"). ValueError, InvalidOperation."""
    amount = Decimal(str(value))
    if amount != amount.to_integral_value() or not 0 <= amount < 10**15:
        raise ValueError("not whole đồng")
    return int(amount)


def moment(value: object) -> datetime:
    """ "2026-11-30 08:15:00" at the place, or ISO 8601. ValueError."""
    read = datetime.fromisoformat(str(value))
    return read if read.tzinfo is not None else read.replace(tzinfo=PLACE)
