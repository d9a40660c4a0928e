"""DG11, DG12, DG16: further details of holder and document, and whom to notify (ICAO 9303-10 section 4.7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from drivers.emrtd.lds.dates import PartialDate, parse_compact_date
from drivers.emrtd.lds.tlv import LdsError, Tlv, parse_one

_LIST = 0x5C
_OTHER_NAMES = 0xA0


@dataclass(frozen=True)
class Name:
    """`SURNAME<<GIVEN<NAMES` taken apart; national characters are possible."""

    surname: str
    given_names: str


@dataclass(frozen=True)
class PersonalDetails:
    """DG11. What is missing is None or empty; texts in several parts keep their parts."""

    name: Name | None
    other_names: tuple[Name, ...]
    personal_number: str | None
    birth: PartialDate | None
    birth_place: tuple[str, ...]
    address: tuple[str, ...]
    telephone: str | None
    profession: str | None
    title: str | None
    summary: str | None
    citizenship_picture: bytes | None
    other_documents: tuple[str, ...]
    custody: str | None


@dataclass(frozen=True)
class DocumentDetails:
    """DG12. `issued` dates the signature when the security object does not say when it was made."""

    authority: str | None
    issued: PartialDate | None
    other_people: tuple[Name, ...]
    endorsements: str | None
    tax: str | None
    front_picture: bytes | None
    rear_picture: bytes | None
    personalised: str | None
    """yyyymmddhhmmss as it stands there."""
    system: str | None


@dataclass(frozen=True)
class Contact:
    """One person of DG16."""

    recorded: PartialDate | None
    name: Name | None
    telephone: str | None
    address: tuple[str, ...]


def parse_dg11(data: bytes) -> PersonalDetails:
    """Read EF.DG11 (`6B L …`). Raises LdsError."""
    fields = _Fields(parse_one(data, 0x6B))
    return PersonalDetails(
        fields.name(0x5F0E),
        fields.names(0x5F0F),
        fields.text(0x5F10),
        fields.date(0x5F2B),
        fields.parts(0x5F11),
        fields.parts(0x5F42),
        fields.text(0x5F12),
        fields.text(0x5F13),
        fields.text(0x5F14),
        fields.text(0x5F15),
        fields.raw(0x5F16),
        fields.parts(0x5F17),
        fields.text(0x5F18),
    )


def parse_dg12(data: bytes) -> DocumentDetails:
    """Read EF.DG12 (`6C L …`). Raises LdsError."""
    fields = _Fields(parse_one(data, 0x6C))
    moment = fields.raw(0x5F55)
    return DocumentDetails(
        fields.text(0x5F19),
        fields.date(0x5F26),
        fields.names(0x5F1A),
        fields.text(0x5F1B),
        fields.text(0x5F1C),
        fields.raw(0x5F1D),
        fields.raw(0x5F1E),
        None if moment is None else moment.hex() if len(moment) == 7 else moment.decode("ascii", "replace"),
        fields.text(0x5F56),
    )


def parse_dg16(data: bytes) -> tuple[Contact, ...]:
    """Read EF.DG16 (`70 L 02 … A1 … A2 …`). Raises LdsError."""
    people = (item for item in parse_one(data, 0x70).children() if 0xA1 <= item.tag <= 0xAF)
    return tuple(
        Contact(fields.date(0x5F50), fields.name(0x5F51), fields.text(0x5F52), fields.parts(0x5F53))
        for fields in map(_Fields, people)
    )


class _Fields:
    """Data objects by tag; a date that cannot be read is the same as none, the rest of the group stays readable."""

    def __init__(self, group: Tlv) -> None:
        items = [item for item in group.children() if item.tag != _LIST]
        self._other = [item for item in items if item.tag == _OTHER_NAMES]
        self._items = {item.tag: item.value for item in items}

    def raw(self, tag: int) -> bytes | None:
        return self._items.get(tag)

    def text(self, tag: int) -> str | None:
        value = self.raw(tag)
        return None if value is None else _text(value)

    def parts(self, tag: int) -> tuple[str, ...]:
        """Parts are separated by `<` (ICAO 9303-10 table 59)."""
        text = self.text(tag)
        return tuple(part for part in (text or "").split("<") if part)

    def date(self, tag: int) -> PartialDate | None:
        value = self.raw(tag)
        try:
            return None if value is None else parse_compact_date(value)
        except LdsError:
            return None

    def name(self, tag: int) -> Name | None:
        value = self.raw(tag)
        return None if value is None else _name(value)

    def names(self, tag: int) -> tuple[Name, ...]:
        """Inside A0, or loose as some issuers write them."""
        inside = [item for other in self._other for item in other.children()]
        loose = [self._items[tag]] if tag in self._items else []
        return tuple(map(_name, [*(item.value for item in inside if item.tag == tag), *loose]))


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace").strip()


def _name(value: bytes) -> Name:
    surname, _, given = _text(value).partition("<<")
    return Name(_words(surname.split("<")), _words(given.split("<")))


def _words(parts: Iterable[str]) -> str:
    return " ".join(part for part in parts if part)
