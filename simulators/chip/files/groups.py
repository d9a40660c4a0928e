"""Data groups as bytes (ICAO 9303-10 section 4.7): each function gives the whole file with its outer tag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from simulators.chip import der
from simulators.citizens import Citizen
from simulators.citizens.codes import slashed_birth, slashed_date

TAGS = {
    1: 0x61, 2: 0x75, 3: 0x63, 4: 0x76, 5: 0x65, 6: 0x66, 7: 0x67, 8: 0x68, 9: 0x69, 10: 0x6A,
    11: 0x6B, 12: 0x6C, 13: 0x6D, 14: 0x6E, 15: 0x6F, 16: 0x70,
}  # fmt: skip
"""Outer tag of each data group by number."""


def com(groups: Sequence[int], lds_version: str = "0107", unicode_version: str = "040000") -> bytes:
    """EF.COM: versions and which groups there are."""
    tags = bytes(TAGS[number] for number in sorted(groups))
    versions = der.tlv(0x5F01, lds_version.encode()), der.tlv(0x5F36, unicode_version.encode())
    return der.tlv(0x60, *versions, der.tlv(0x5C, tags))


def dg1(mrz: Sequence[str]) -> bytes:
    """The machine-readable zone, lines joined."""
    return der.tlv(0x61, der.tlv(0x5F1F, "".join(mrz).encode("ascii")))


def dg7(signature_image: bytes) -> bytes:
    """One displayed signature."""
    return der.tlv(0x67, der.tlv(0x02, b"\x01"), der.tlv(0x5F43, signature_image))


def dg11(details: Mapping[int, str | bytes]) -> bytes:
    """Additional personal details by tag (0x5F0E full name, 0x5F10 personal number, 0x5F2B full birth date ...)."""
    return _listed(0x6B, details)


def dg12(details: Mapping[int, str | bytes]) -> bytes:
    """Additional document details by tag (0x5F19 authority, 0x5F26 issue date yyyymmdd ...)."""
    return _listed(0x6C, details)


def dg14(security_infos: Sequence[bytes]) -> bytes:
    """SecurityInfos for chip and terminal authentication."""
    return der.tlv(0x6E, der.set_of(*security_infos))


def dg15(public_key_info: bytes) -> bytes:
    """The public key of active authentication."""
    return der.tlv(0x6F, public_key_info)


def dg16(persons: Sequence[Mapping[int, str]]) -> bytes:
    """Persons to notify: 0x5F50 date recorded, 0x5F51 name, 0x5F52 telephone, 0x5F53 address."""
    templates = [
        der.tlv(0xA0 | number, *(der.tlv(tag, text.encode()) for tag, text in person.items()))
        for number, person in enumerate(persons, 1)
    ]
    return der.tlv(0x70, der.tlv(0x02, bytes([len(templates)])), *templates)


def packed(day: str) -> bytes:
    """yyyymmdd as four bytes of decimal digits, as older documents have it."""
    return bytes.fromhex(day)


def _listed(tag: int, details: Mapping[int, str | bytes]) -> bytes:
    tags = b"".join(der.tag_bytes(one) for one in details)
    values = ((one, text.encode() if isinstance(text, str) else text) for one, text in details.items())
    return der.tlv(tag, der.tlv(0x5C, tags), *(der.tlv(one, value) for one, value in values))


def vietnamese_dg13(person: Citizen, card_id: str) -> bytes:
    """Fields by number, as four public parsers agree (chip.md section 1.6); parents are a nested sequence."""
    fields: list[tuple[int, bytes]] = [
        (1, der.printable(person.number)),
        (2, der.utf8(person.name)),
        (3, der.printable(slashed_birth(person.birth))),
        (4, der.utf8(person.sex_text)),
        (5, der.utf8(person.nationality)),
        (6, der.utf8(person.ethnicity)),
        (7, der.utf8(person.religion)),
        (8, der.utf8(person.hometown)),
        (9, der.utf8(person.address)),
        (10, der.utf8(person.marks)),
        (11, der.printable(slashed_date(person.issue_date))),
        (12, _expiry(person.expiry)),
        (13, der.sequence(der.utf8(person.father), der.utf8(person.mother))),
        (14, der.utf8(person.spouse)),
        (15, der.printable(person.old_number)),
        (16, der.printable(card_id)),
    ]
    return der.tlv(0x6D, der.sequence(*(der.sequence(der.integer(number), value) for number, value in fields)))


def _expiry(expiry: date | None) -> bytes:
    return der.utf8("Không thời hạn") if expiry is None else der.printable(slashed_date(expiry))
