"""Provinces and communes after the two-tier reform, as dated data: suggestions while typing, old addresses to new ones.

An address on a chip is kept word for word; what this module finds is only a proposal beside it. A ward that went to
several communes gives several, and the person is asked; one that nobody knows gives none, and the person types.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field

from services.procedures.folding import fold, words
from services.procedures.records import Dated, Record, Source, Text

ProvinceCode = Annotated[str, Field(pattern="^[0-9]{2}$")]
CommuneCode = Annotated[str, Field(pattern="^[0-9]{5}$")]
_KINDS = ("thanh pho", "tp.", "tp", "tinh", "quan", "huyen", "thi xa", "tx.", "phuong", "p.", "xa", "thi tran", "tt.")


class OldProvince(Record):
    """A province before the reform."""

    code: ProvinceCode
    name: Text


class OldUnit(Record):
    """A ward before the reform. `part`: only a part of it went here."""

    name: Text
    district: Text
    province: ProvinceCode
    part: bool = False


class Province(Dated):
    """A province now, and what it was made of."""

    code: ProvinceCode
    name: Text
    was: tuple[OldProvince, ...] = ()


class Commune(Dated):
    """A commune or ward now, and what it was made of."""

    code: CommuneCode
    name: Text
    province: ProvinceCode
    was: tuple[OldUnit, ...] = ()


class Places(Record):
    """A whole file."""

    format: Annotated[str, Field(pattern="^tram-places/1$")]
    sample: bool
    name: Text
    updated: date
    provinces: tuple[Province, ...]
    communes: tuple[Commune, ...]
    source: Source

    def province(self, code: str) -> Province | None:
        """A province by its code."""
        return next((one for one in self.provinces if one.code == code), None)

    def commune(self, code: str) -> Commune | None:
        """A commune by its code."""
        return next((one for one in self.communes if one.code == code), None)


@dataclass(frozen=True)
class ReadAddress:
    """What an address says, as far as it is understood. `written` is the address itself, word for word.

    `communes` are those it can mean now: one is certain, several are asked for, none is typed by hand.
    """

    written: str
    detail: str
    """What stands before the ward: house, street, hamlet."""
    province: Province | None
    communes: tuple[Commune, ...]

    @property
    def certain(self) -> Commune | None:
        """The one commune it can mean."""
        return self.communes[0] if len(self.communes) == 1 else None


def read_places(path: Path) -> Places:
    """Read a file. Raises pydantic.ValidationError (which names the field), OSError."""
    return Places.model_validate_json(path.read_bytes())


def bare(name: str) -> str:
    """ "TP. Hồ Chí Minh" and "Thành phố Hồ Chí Minh" give "ho chi minh"; "Quận 1" keeps its kind."""
    folded = " ".join(re.sub(r"[-–]", " ", fold(name)).split())
    for kind in _KINDS:
        rest = folded.removeprefix(kind).strip()
        if rest != folded and rest and not rest.isdigit() and (kind.endswith(".") or folded.startswith(f"{kind} ")):
            return rest
    return folded


def read_address(places: Places, written: str, day: date) -> ReadAddress:
    """Understand an address from its end: province, an old district or none, the ward, the rest."""
    parts = [part.strip() for part in written.split(",") if part.strip()]
    province = _province(places, parts[-1], day) if parts else None
    if province is None:
        return ReadAddress(written, written, None, ())
    before = parts[:-1]
    for ward_at, district in ((len(before) - 2, True), (len(before) - 1, False)):
        if ward_at < 0:
            continue
        found = _communes(places, before[ward_at], before[-1] if district else None, province, day)
        if found:
            return ReadAddress(written, ", ".join(before[:ward_at]), province, found)
    return ReadAddress(written, ", ".join(before), province, ())


def suggest_provinces(places: Places, typed: str, day: date) -> tuple[Province, ...]:
    """Provinces of today whose own name, or a name they had, has words that begin as typed."""
    return tuple(
        one
        for one in places.provinces
        if one.holds(day) and (_begins(one.name, typed) or any(_begins(old.name, typed) for old in one.was))
    )


def suggest_communes(
    places: Places, typed: str, day: date, province: str | None = None, most: int = 6
) -> tuple[Commune, ...]:
    """Communes of today; those with the name itself before those that only were made of it."""
    here = [one for one in places.communes if one.holds(day) and province in {None, one.province}]
    now = [one for one in here if _begins(one.name, typed)]
    then = [one for one in here if one not in now and any(_begins(old.name, typed) for old in one.was)]
    return tuple([*now, *then][:most])


def _begins(name: str, typed: str) -> bool:
    asked, there = words(typed), words(name)
    return all(any(word.startswith(one) for word in there) for one in asked)


def _province(places: Places, text: str, day: date) -> Province | None:
    """By its name now; else by the name of one of the provinces it was made of."""
    wanted = bare(text)
    here = [one for one in places.provinces if one.holds(day)]
    now = [one for one in here if bare(one.name) == wanted]
    return next(iter(now or [one for one in here if any(bare(old.name) == wanted for old in one.was)]), None)


def _communes(places: Places, ward: str, district: str | None, province: Province, day: date) -> tuple[Commune, ...]:
    """By ward and district of before where a district is told, else by the name of today, then by the old ward."""
    wanted = bare(ward)
    here = [one for one in places.communes if one.holds(day) and one.province == province.code]
    if district is not None:
        near = bare(district)
        return tuple(
            one for one in here if any(bare(old.name) == wanted and bare(old.district) == near for old in one.was)
        )
    now = tuple(one for one in here if bare(one.name) == wanted)
    return now or tuple(one for one in here if any(bare(old.name) == wanted for old in one.was))
