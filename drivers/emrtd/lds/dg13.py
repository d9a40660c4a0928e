"""DG13 of the Vietnamese ID card: the citizen's record by field number. No standard describes it (chip.md 1.6).

`6D L 30 L` around `SEQUENCE { INTEGER number, value }` in any order. Fields of unknown number or form are kept, broken
ones are counted; nothing here ever fails a read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from drivers.emrtd.lds.dates import PartialDate, parse_text_date
from drivers.emrtd.lds.tlv import LdsError, Tlv, iterate, parse_first, parse_one

_MAX_DEPTH = 8
_STRING_TAGS = frozenset({0x04, 0x0C, 0x12, 0x13, 0x14, 0x16, 0x1A})
_SEQUENCE_TAGS = frozenset({0x30, 0x31})


class Dg13Field(IntEnum):
    """Numbers on which four independent parsers agree; 14 to 16 differ between them and stay numbers."""

    NUMBER = 1
    NAME = 2
    BIRTH = 3
    SEX = 4
    NATIONALITY = 5
    ETHNICITY = 6
    RELIGION = 7
    HOMETOWN = 8
    ADDRESS = 9
    MARKS = 10
    ISSUED = 11
    EXPIRY = 12
    PARENTS = 13


@dataclass(frozen=True)
class Dg13:
    """Fields by number, each with its strings in order (parents: father, mother).

    `unreadable` counts pieces that could not be understood; `raw` is the whole file.
    """

    raw: bytes
    fields: Mapping[int, tuple[str, ...]] = field(default_factory=dict[int, tuple[str, ...]])
    unreadable: int = 0

    def text(self, number: int) -> str | None:
        """The field's first string, or None if it is missing or empty."""
        return next((text for text in self.fields.get(number, ()) if text), None)

    def date(self, number: int) -> PartialDate | None:
        """The field as a date, or None if it is missing or words ("Không thời hạn")."""
        text = self.text(number)
        try:
            return None if text is None else parse_text_date(text)
        except LdsError:
            return None

    @property
    def number(self) -> str | None:
        """12 digits, or None."""
        text = self.text(Dg13Field.NUMBER)
        return text if text and re.fullmatch(r"[0-9]{12}", text) else None

    @property
    def name(self) -> str | None:
        """Full name with its diacritics."""
        return self.text(Dg13Field.NAME)

    @property
    def birth(self) -> PartialDate | None:
        """Date of birth, perhaps only a year."""
        return self.date(Dg13Field.BIRTH)

    @property
    def sex(self) -> str | None:
        """As written: "Nam" or "Nữ"."""
        return self.text(Dg13Field.SEX)

    @property
    def address(self) -> str | None:
        """Permanent address."""
        return self.text(Dg13Field.ADDRESS)

    @property
    def issued(self) -> PartialDate | None:
        """Date of issue."""
        return self.date(Dg13Field.ISSUED)

    @property
    def expiry(self) -> PartialDate | None:
        """Date of expiry, or None; `expires` tells a card for life from a missing field."""
        return self.date(Dg13Field.EXPIRY)

    @property
    def for_life(self) -> bool:
        """Whether the field of expiry is there and holds words instead of a date."""
        return self.text(Dg13Field.EXPIRY) is not None and self.expiry is None

    @property
    def old_number(self) -> str | None:
        """The old nine-digit number, looked for in the fields where parsers disagree."""
        candidates = (text for number in (14, 15, 16) for text in self.fields.get(number, ()))
        return next((text for text in candidates if re.fullmatch(r"[0-9]{9}", text)), None)


def parse_dg13(data: bytes) -> Dg13:
    """Read as much of EF.DG13 as can be understood. Never raises."""
    try:
        outer = parse_one(data, 0x6D)
    except LdsError:
        return Dg13(data, unreadable=1)
    fields: dict[int, tuple[str, ...]] = {}
    unreadable = _collect(outer.value, fields, 0)
    return Dg13(data, fields, unreadable)


def _collect(data: bytes, fields: dict[int, tuple[str, ...]], depth: int) -> int:
    """Walk nested sequences down to the fields; return how many pieces made no sense."""
    unreadable = 0
    try:
        for item in iterate(data):
            if item.tag not in _SEQUENCE_TAGS or depth > _MAX_DEPTH:
                unreadable += 1
            elif (numbered := _numbered(item)) is not None:
                number, strings, broken = numbered
                fields.setdefault(number, strings)
                unreadable += broken
            else:
                unreadable += _collect(item.value, fields, depth + 1)
    except LdsError:
        unreadable += 1
    return unreadable


def _numbered(item: Tlv) -> tuple[int, tuple[str, ...], int] | None:
    """Number and strings of a `SEQUENCE { INTEGER, … }`, or None if it does not begin with a number."""
    try:
        first = parse_first(item.value)
    except LdsError:
        return None
    if first.tag != 0x02 or not 1 <= len(first.value) <= 2:
        return None
    strings: list[str] = []
    broken = _strings(item.value[len(first.raw) :], strings, 0)
    return int.from_bytes(first.value, "big"), tuple(strings), broken


def _strings(data: bytes, found: list[str], depth: int) -> int:
    broken = 0
    try:
        for item in iterate(data):
            if item.tag in _STRING_TAGS:
                found.append(item.value.decode("utf-8", "replace").strip())
            elif item.tag in _SEQUENCE_TAGS and depth < _MAX_DEPTH:
                broken += _strings(item.value, found, depth + 1)
            elif item.tag != 0x05:
                broken += 1
    except LdsError:
        broken += 1
    return broken
