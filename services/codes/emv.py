"""Objects of EMV merchant-presented codes: 2-digit id, 2-digit length, value (EMVCo MPM section 3; payment.md 1.2)."""

from __future__ import annotations

import binascii
from collections.abc import Iterable
from dataclasses import dataclass

from services.codes.errors import CodeError, CodeErrorReason, CodeKind

CRC_ID = "63"
CRC_HEADER = "6304"
MAX_TEXT = 4_296
"""Characters of the largest QR symbol: anything longer was never a QR code."""


@dataclass(frozen=True)
class EmvObject:
    """One object: its id, its value and the offset of its id in the whole text, in characters."""

    id: str
    value: str
    position: int


def crc16(data: bytes) -> int:
    """CRC-16/CCITT-FALSE: polynomial 0x1021, start 0xFFFF, nothing reflected; b"123456789" gives 0x29B1."""
    return binascii.crc_hqx(data, 0xFFFF)


def checksum(text: str, encoding: str = "utf-8") -> str:
    """The four upper-case hex digits that belong behind `text`, which ends with "6304"."""
    return f"{crc16(text.encode(encoding, 'surrogatepass')):04X}"


def is_digits(text: str) -> bool:
    """ASCII digits only: `str.isdigit` also takes digits of other scripts."""
    return text.isascii() and text.isdigit()


def read_objects(text: str, path: str, start: int, kind: CodeKind) -> tuple[EmvObject, ...]:
    """Objects of `text`, which stands at offset `start` and is the value of the object `path` ("" for the whole code).

    Raises CodeError STRUCTURE: a header that is no four digits or a length beyond the end is reported at the object
    it belongs to (`path` itself when not even its id can be read), an id that comes twice at that id.
    """
    objects: list[EmvObject] = []
    seen: set[str] = set()
    at = 0
    while at < len(text):
        header = text[at : at + 4]
        if len(header) < 4 or not is_digits(header):
            raise _broken(path, start + at, f"{len(text) - at} characters left that are no object", kind)
        identity, length = header[:2], int(header[2:])
        where = f"{path}.{identity}" if path else identity
        if length == 0:
            raise _broken(where, start + at, "length 00", kind)
        value = text[at + 4 : at + 4 + length]
        if len(value) < length:
            raise _broken(where, start + at, f"length {length}, but {len(value)} characters follow", kind)
        if identity in seen:
            raise _broken(where, start + at, "stands here twice", kind)
        seen.add(identity)
        objects.append(EmvObject(identity, value, start + at))
        at += 4 + length
    return tuple(objects)


def write_object(identity: str, value: str, kind: CodeKind = CodeKind.VIETQR) -> str:
    """One object. Raises CodeError VALUE when the value has no or more than 99 characters."""
    if not 1 <= len(value) <= 99:
        raise CodeError(CodeErrorReason.VALUE, kind, identity, f"{len(value)} characters, 1 to 99 may stand here")
    return f"{identity}{len(value):02d}{value}"


def write_objects(pairs: Iterable[tuple[str, str | None]]) -> str:
    """Objects one after another; those without a value are left out."""
    return "".join(write_object(identity, value) for identity, value in pairs if value is not None)


def _broken(where: str, position: int, detail: str, kind: CodeKind) -> CodeError:
    return CodeError(CodeErrorReason.STRUCTURE, kind, where, detail, position=position)
