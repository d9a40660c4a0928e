"""Writes and reads TLV: DER for certificates and signatures, BER-TLV for the chip's files and commands.

The simulator writes every byte by itself, so that it can also write wrong ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

NULL = b"\x05\x00"
TRUE = b"\x01\x01\xff"


def length(count: int) -> bytes:
    """The shortest definite length (X.690 section 8.1.3)."""
    if count < 0x80:
        return bytes([count])
    body = count.to_bytes((count.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(body)]) + body


def tag_bytes(tag: int) -> bytes:
    """A tag written as its hex reads: 0x30, 0x7F49, 0x5F1F."""
    return tag.to_bytes((tag.bit_length() + 7) // 8 or 1, "big")


def tlv(tag: int, *parts: bytes) -> bytes:
    """One data object around the joined parts."""
    value = b"".join(parts)
    return tag_bytes(tag) + length(len(value)) + value


def sequence(*parts: bytes) -> bytes:
    """SEQUENCE."""
    return tlv(0x30, *parts)


def set_of(*parts: bytes) -> bytes:
    """SET OF, in DER order."""
    return tlv(0x31, *sorted(parts))


def integer(value: int) -> bytes:
    """INTEGER of any sign."""
    return tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def oid(dotted: str) -> bytes:
    """OBJECT IDENTIFIER."""
    return tlv(0x06, oid_value(dotted))


def oid_value(dotted: str) -> bytes:
    """The value bytes of an OBJECT IDENTIFIER."""
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    return b"".join(_arc(arc) for arc in (first * 40 + second, *rest))


def _arc(value: int) -> bytes:
    digits = [value & 0x7F]
    while value := value >> 7:
        digits.append(0x80 | value & 0x7F)
    return bytes(reversed(digits))


def octets(value: bytes) -> bytes:
    """OCTET STRING."""
    return tlv(0x04, value)


def bits(value: bytes, unused: int = 0) -> bytes:
    """BIT STRING."""
    return tlv(0x03, bytes([unused]), value)


def utf8(text: str) -> bytes:
    """UTF8String."""
    return tlv(0x0C, text.encode())


def printable(text: str) -> bytes:
    """PrintableString."""
    return tlv(0x13, text.encode("ascii"))


def time(moment: datetime) -> bytes:
    """UTCTime until 2049, GeneralizedTime after (RFC 5280 section 4.1.2.5)."""
    moment = moment.astimezone(UTC)
    if moment.year < 2050:
        return tlv(0x17, moment.strftime("%y%m%d%H%M%SZ").encode())
    return tlv(0x18, moment.strftime("%Y%m%d%H%M%SZ").encode())


def explicit(number: int, *parts: bytes) -> bytes:
    """[number] EXPLICIT, or IMPLICIT of something constructed."""
    return tlv(0xA0 | number, *parts)


def read(data: bytes, at: int = 0) -> tuple[int, bytes, int]:
    """(tag, value, offset behind) of the data object at `at`. ValueError when it does not fit."""
    start = at
    if at >= len(data):
        raise ValueError("no tag")
    at += 1
    if data[start] & 0x1F == 0x1F:
        while at < len(data) and data[at] & 0x80:
            at += 1
        at += 1
    tag = int.from_bytes(data[start:at], "big")
    if at >= len(data):
        raise ValueError("no length")
    count, at = data[at], at + 1
    if count >= 0x80:
        size = count & 0x7F
        count, at = int.from_bytes(data[at : at + size], "big"), at + size
    if at + count > len(data):
        raise ValueError("value is cut short")
    return tag, data[at : at + count], at + count


def items(data: bytes) -> Iterator[tuple[int, bytes]]:
    """All data objects in a row."""
    at = 0
    while at < len(data):
        tag, value, at = read(data, at)
        yield tag, value


def fields(data: bytes) -> dict[int, bytes]:
    """Data objects by tag; a repeated tag keeps its last value."""
    return dict(items(data))
