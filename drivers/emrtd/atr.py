"""Extended length as the answer to reset tells it: card capabilities in the historical bytes (ISO/IEC 7816-4)."""

from __future__ import annotations

_COMPACT_TLV = (0x00, 0x80)
_CAPABILITIES = 7
_EXTENDED = 0x40


def extended_length(atr: bytes) -> bool | None:
    """Whether the card takes extended Lc and Le fields; None when the ATR does not say."""
    historical = _historical(atr)
    if not historical or historical[0] not in _COMPACT_TLV:
        return None
    position = 1
    while position < len(historical):
        tag, length = historical[position] >> 4, historical[position] & 0x0F
        value = historical[position + 1 : position + 1 + length]
        if tag == _CAPABILITIES and length == 3 and len(value) == 3:
            return bool(value[2] & _EXTENDED)
        position += 1 + length
    return None


def _historical(atr: bytes) -> bytes:
    """Historical bytes behind the interface bytes (ISO/IEC 7816-3 section 8.2); empty if the ATR is broken."""
    if len(atr) < 2:
        return b""
    count, following, position = atr[1] & 0x0F, atr[1] >> 4, 2
    while following:
        position += following.bit_count()
        if not following & 0x8:
            break
        if position > len(atr):
            return b""
        following = atr[position - 1] >> 4
    return atr[position : position + count]
