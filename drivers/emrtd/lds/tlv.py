"""BER/DER tag-length-value, strict and bounded: every parser of the chip's bytes stands on this module.

A length never exceeds the bytes that are there, lengths are definite, tags have at most three bytes, and the only
error that comes out is `LdsError`. Tags are written as the standards print them: 0x61, 0x5F1F, 0x7F61.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

MAX_LENGTH = 0xFFFF_FFFF
"""Four length bytes; ISO/IEC 7816-4 section 5.2.2.2 allows no more."""


class LdsError(Exception):
    """Bytes from a chip that do not have the structure they must have. The text holds no data of the bytes."""


@dataclass(frozen=True, slots=True)
class Tlv:
    """One data object; `raw` is tag, length and value as they stood there."""

    tag: int
    value: bytes
    raw: bytes

    @property
    def constructed(self) -> bool:
        """Whether the value is itself a list of data objects."""
        return bool(self.raw[0] & 0x20)

    def children(self) -> tuple[Tlv, ...]:
        """The data objects inside. Raises LdsError for a primitive one or broken content."""
        if not self.constructed:
            _fail(f"data object {self.tag:X} is primitive")
        return parse_all(self.value)

    def child(self, tag: int) -> Tlv:
        """The first data object with this tag inside. Raises LdsError if it is not there."""
        for item in self.children():
            if item.tag == tag:
                return item
        _fail(f"data object {tag:X} is missing in {self.tag:X}")

    def find(self, tag: int) -> Tlv | None:
        """The first data object with this tag inside, or None."""
        return next((item for item in self.children() if item.tag == tag), None)


@dataclass(frozen=True, slots=True)
class Header:
    """Tag and length at the start of some bytes: `size` bytes of header, `length` bytes of value promised."""

    tag: int
    length: int
    size: int

    @property
    def total(self) -> int:
        """Header and value together."""
        return self.size + self.length


def read_header(data: bytes, offset: int = 0) -> Header:
    """Read tag and length at `offset`; the value need not be there yet. Raises LdsError for a cut or wrong header."""
    start = offset
    if offset >= len(data):
        _fail("no tag where one must be")
    tag = data[offset]
    offset += 1
    if tag & 0x1F == 0x1F:
        for _ in range(2):
            if offset >= len(data):
                _fail("tag is cut")
            tag = tag << 8 | data[offset]
            offset += 1
            if not tag & 0x80:
                break
        else:
            _fail("tag is longer than three bytes")
    if offset >= len(data):
        _fail("length is missing")
    length = data[offset]
    offset += 1
    if length == 0x80 or length > 0x84:
        _fail("length is indefinite or longer than four bytes")
    if length > 0x80:
        count = length & 0x7F
        if offset + count > len(data):
            _fail("length is cut")
        length = int.from_bytes(data[offset : offset + count], "big")
        offset += count
    return Header(tag, length, offset - start)


def parse_first(data: bytes, offset: int = 0) -> Tlv:
    """The data object at `offset`; bytes behind it are left alone."""
    header = read_header(data, offset)
    end = offset + header.total
    if end > len(data):
        _fail(f"data object {header.tag:X} promises more bytes than there are")
    return Tlv(header.tag, data[offset + header.size : end], data[offset:end])


def parse_one(data: bytes, tag: int | None = None) -> Tlv:
    """Exactly one data object, with the given tag if one is given, and nothing behind it."""
    item = parse_first(data)
    if tag is not None and item.tag != tag:
        _fail(f"tag {item.tag:X} instead of {tag:X}")
    if len(item.raw) != len(data):
        _fail(f"bytes behind data object {item.tag:X}")
    return item


def iterate(data: bytes) -> Iterator[Tlv]:
    """Data objects one after another to the end of the bytes."""
    offset = 0
    while offset < len(data):
        item = parse_first(data, offset)
        offset += len(item.raw)
        yield item


def parse_all(data: bytes) -> tuple[Tlv, ...]:
    """All data objects of a concatenation."""
    return tuple(iterate(data))


def encode_length(length: int) -> bytes:
    """Shortest definite length (DER)."""
    if length < 0x80:
        return bytes([length])
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(octets)]) + octets


def encode(tag: int, value: bytes) -> bytes:
    """One data object with the shortest length."""
    return tag.to_bytes((tag.bit_length() + 7) // 8 or 1, "big") + encode_length(len(value)) + value


def decode_oid(value: bytes) -> str:
    """Dotted form of an OBJECT IDENTIFIER's content. Raises LdsError if it is empty, cut or absurdly long."""
    if not value or len(value) > 64 or value[-1] & 0x80:
        _fail("object identifier is empty, cut or too long")
    arcs: list[int] = []
    arc = 0
    for byte in value:
        arc = arc << 7 | byte & 0x7F
        if not byte & 0x80:
            arcs.append(arc)
            arc = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(str(number) for number in (first, arcs[0] - 40 * first, *arcs[1:]))


def encode_oid(dotted: str) -> bytes:
    """Content of an OBJECT IDENTIFIER from its dotted form."""
    first, second, *rest = (int(part) for part in dotted.split("."))
    octets = bytearray()
    for arc in (40 * first + second, *rest):
        group = [arc & 0x7F]
        while arc := arc >> 7:
            group.append(0x80 | arc & 0x7F)
        octets += bytes(reversed(group))
    return bytes(octets)


def decode_integer(value: bytes) -> int:
    """A non-negative INTEGER's content. Raises LdsError if it is empty or negative."""
    if not value or value[0] & 0x80:
        _fail("integer is empty or negative")
    return int.from_bytes(value, "big")


def encode_integer(number: int) -> bytes:
    """Content of a non-negative INTEGER."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def _fail(text: str) -> NoReturn:
    raise LdsError(text)
