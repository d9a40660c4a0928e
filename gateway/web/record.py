"""A record as the data officer reads it: fields under whom they are about, codes in their words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast

from sqlalchemy import select

from gateway.house import House
from gateway.privacy.notice import purposes
from gateway.staff.reasons import WORDS, why
from gateway.store.database import Transaction
from gateway.store.tables import kiosks
from gateway.web.keeper_pages import plain
from gateway.web.texts import texts

Names = Mapping[str, Mapping[str, str]]
"""By field: what the ids in it are called."""

_WRAPPING = frozenset(
    [
        "raw",
        "registration",
        "judgement",
        "eligibility",
        "details",
        "told",
        "filing",
        "form",
        "text",
        "draft",
        "record",
        "body",
    ]
)
"""Parts of a path that only say where something is kept."""
_REASONS = frozenset({"evidence_reason", "reason"})
_ALIKE = {"claimed_level": "level", "verified_level": "level"}
"""Fields with the codes of another one."""


@dataclass(frozen=True)
class Part:
    """Lines about one thing; `title` is empty for the record itself."""

    title: str
    lines: tuple[tuple[str, str], ...]


def known_names(house: House, transaction: Transaction, language: str) -> Names:
    """Clinics, kiosks, kinds of examination and purposes by their ids."""
    english = language == "en"
    settings = house.settings
    return {
        "clinic_id": {id: one.name_en if english else one.name for id, one in house.clinics.items()},
        "kiosk_id": {row["id"]: row["name_en" if english else "name"] for row in transaction.all(select(kiosks))},
        "exam_type": {one.id: one.name_en if english else one.name for one in settings.exam_types},
        "purpose": purposes(transaction, english=english),
        **{field: _whys(language) for field in _REASONS},
    }


def _whys(language: str) -> dict[str, str]:
    return {id: text for id, text in texts(language).items() if id.startswith(f"{WORDS}.")}


@dataclass(frozen=True)
class Reader:
    """Reads rows in the words of one language."""

    words: Mapping[str, str]
    names: Names

    def read(self, table: str, row: Mapping[str, Any]) -> list[Part]:
        """The row in parts, as it is kept; what is empty, or means nothing to people, is left out."""
        lines = [(self._title(path), self._line(table, path, value)) for path, value in _flat(row)]
        return [
            Part(title, tuple(line for _title, line in each if line[1]))
            for title, each in groupby(lines, key=lambda line: line[0])
        ]

    def _title(self, path: tuple[str, ...]) -> str:
        if path[:-1] == ("registration",):
            return self.words["keeper.group.registration"]
        around = [part for part in path[:-1] if part not in _WRAPPING]
        if not around:
            return ""
        known = self.words.get(f"keeper.group.{'.'.join(around)}")
        return known or " ".join(self.words.get(f"keeper.field.{part}", part) for part in around)

    def _line(self, table: str, path: tuple[str, ...], value: str) -> tuple[str, str]:
        field = path[-1]
        # What has no words here is the name of a field in a standard (XML0), written as there.
        label = self.words.get(f"keeper.field.{field}", field.upper() if table == "xml0_records" else field)
        if (known := self.names.get(field, {}).get(value)) is not None:
            return label, known
        read = plain(value, self.words, f"{table}.{_ALIKE.get(field, field)}")
        if read == value and field in _REASONS:
            # Why a card is trusted no further is kept in English, for technicians.
            told = self.names.get(field, {}).get(f"{WORDS}.{why(value)}")
            return label, told or ("" if field == "evidence_reason" or "person" in path or "patient" in path else value)
        return label, read


def _flat(value: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Nested facts as lines: own fields first, then what lies deeper."""
    deeper: list[tuple[tuple[str, ...], Mapping[str, Any]]] = []
    for name, part in value.items():
        here = (*path, name)
        if isinstance(part, Mapping):
            deeper.append((here, cast("Mapping[str, Any]", part)))
        elif isinstance(part, list | tuple):
            entries = cast("list[Any]", part)
            nested = [cast("Mapping[str, Any]", each) for each in entries if isinstance(each, Mapping)]
            deeper += [((*here, str(place)), each) for place, each in enumerate(nested, 1)]
            plain_ones = ", ".join(str(each) for each in entries if not isinstance(each, Mapping))
            if plain_ones:
                yield here, plain_ones
        elif part not in (None, ""):
            yield here, str(part)
    for here, each in deeper:
        yield from _flat(each, here)
