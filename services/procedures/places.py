"""Provinces and communes after the two-tier reform, as dated data: suggestions while typing, old addresses to new ones.

An address on a chip is kept word for word; what this module finds is only a proposal beside it. A ward that went to
several communes gives several, and the person is asked. So it is where the ward is not in the table (merged before it
begins, or in another district then): what its district became is proposed, never taken for certain. One that nobody
knows gives none, and the person types.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import Field

from services.procedures.folding import fold, words
from services.procedures.records import Dated, Record, Source, Text

ProvinceCode = Annotated[str, Field(pattern="^[0-9]{2}$")]
CommuneCode = Annotated[str, Field(pattern="^[0-9]{5}$")]
_DISTRICTS = ("quan", "q.", "huyen", "h.", "thi xa", "tx.", "thanh pho", "tp.", "tp")
_COMMUNES = ("phuong", "p.", "xa", "thi tran", "tt.")
_NUMBERED = re.compile(r"(quan|q\.|phuong|p\.) ?0*([0-9]+)")
_PROVINCES = {"hcm": "ho chi minh", "tphcm": "ho chi minh", "hcmc": "ho chi minh", "thua thien hue": "hue"}
"""Other ways in which cards write a province: before 2025 Huế was Thừa Thiên Huế."""
_COUNTRY = "viet nam"
_KINDS = (*_DISTRICTS, "tinh", *_COMMUNES)


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

    @cached_property
    def index(self) -> PlaceIndex:
        """Every commune with its folded names, made once: folding 13,000 names takes longer than a key may."""
        return PlaceIndex(tuple(_named(one, self.province(one.province)) for one in self.communes))


@dataclass(frozen=True)
class Named:
    """A commune, its names and its province's as words without marks."""

    commune: Commune
    bare: str
    now: tuple[str, ...]
    then: tuple[tuple[str, ...], ...]
    province: tuple[str, ...]
    olds: frozenset[tuple[str, str]]
    """Wards with their districts, without kinds."""
    wards: frozenset[str]
    districts: frozenset[str]
    wholes: frozenset[str]
    """Districts without wards (islands) that it was made of."""


class PlaceIndex:
    """Which communes have a word that begins so: a sorted list of words, searched by bisection."""

    def __init__(self, named: tuple[Named, ...]) -> None:
        self.named = named
        holders: dict[str, set[int]] = defaultdict(set)
        for place, one in enumerate(named):
            for word in {*one.now, *one.province, *(word for name in one.then for word in name)}:
                holders[word].add(place)
        self._words = sorted(holders)
        self._holders = [holders[word] for word in self._words]

    def having(self, asked: tuple[str, ...]) -> set[int]:
        """Those that have every word somewhere, in their own name, an old one or their province's."""
        found: set[int] | None = None
        for word in asked:
            at, places = bisect_left(self._words, word), set[int]()
            while at < len(self._words) and self._words[at].startswith(word):
                places |= self._holders[at]
                at += 1
            found = places if found is None else found & places
        return set(range(len(self.named))) if found is None else found


def _named(one: Commune, province: Province | None) -> Named:
    around = "" if province is None else " ".join((province.name, *(old.name for old in province.was)))
    return Named(
        commune=one,
        bare=bare(one.name),
        now=words(one.name),
        then=tuple(words(old.name) for old in one.was),
        province=words(around),
        olds=frozenset((bare(old.name), bare(old.district)) for old in one.was),
        wards=frozenset(bare(old.name) for old in one.was),
        districts=frozenset(bare(old.district) for old in one.was),
        wholes=frozenset(bare(old.district) for old in one.was if old.name == old.district),
    )


@dataclass(frozen=True)
class ReadAddress:
    """What an address says, as far as it is understood. `written` is the address itself, word for word.

    `communes` are those it can mean now: several are asked for, so is one that is not `sure`; none is typed by hand.
    """

    written: str
    detail: str
    """What stands before the ward: house, street, hamlet."""
    province: Province | None
    communes: tuple[Commune, ...]
    sure: bool = True
    """Whether the table has the ward itself; else they are only what its district or its name became."""

    @property
    def certain(self) -> Commune | None:
        """The one commune it can mean."""
        return self.communes[0] if self.sure and len(self.communes) == 1 else None


def read_places(path: Path) -> Places:
    """Read a file. Raises pydantic.ValidationError (which names the field), OSError."""
    return Places.model_validate_json(path.read_bytes())


def written(places: Places) -> str:
    """The file's text: a province or commune on each line, what has its usual value left out."""
    head = places.model_dump(mode="json", exclude={"provinces", "communes"})
    parts = [f" {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in head.items()]
    for room in ("provinces", "communes"):
        rows = (one.model_dump(mode="json", exclude_defaults=True) for one in getattr(places, room))
        lines = ",\n".join(f"  {json.dumps(row, ensure_ascii=False)}" for row in rows)
        parts.append(f" {json.dumps(room)}: [\n{lines}\n ]")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def bare(name: str) -> str:
    """ "TP. Hồ Chí Minh" and "Thành phố Hồ Chí Minh" give "ho chi minh"; "Quận 1", "Q.01" keep their kind."""
    folded = " ".join(re.sub(r"[-–]", " ", fold(name)).split())
    numbered = _NUMBERED.fullmatch(folded)
    if numbered is not None:
        return f"{'quan' if numbered[1].startswith('q') else 'phuong'} {numbered[2]}"
    kind = _kind_of(folded)
    rest = "" if kind is None else folded.removeprefix(kind).strip()
    return rest if rest and not rest.isdigit() else folded


def _kind_of(folded: str) -> str | None:
    """ "huyen" of "huyen ba vi"; None where only the name stands there."""
    return next((kind for kind in _KINDS if folded.startswith(kind if kind.endswith(".") else f"{kind} ")), None)


def read_address(places: Places, written: str, day: date) -> ReadAddress:
    """Understand an address from its end: province, an old district or none, the ward, the rest."""
    parts = [part.strip() for part in written.split(",") if part.strip()]
    if parts and bare(parts[-1]) == _COUNTRY:
        parts.pop()
    province = _province(places, parts[-1], day) if parts else None
    if province is None:
        return ReadAddress(written, written, None, ())
    before = parts[:-1]
    if not before:
        return ReadAddress(written, "", province, ())
    here = [one for one in places.index.named if one.commune.province == province.code and one.commune.holds(day)]
    kind, last = _kind_of(fold(before[-1])), bare(before[-1])
    ward = bare(before[-2]) if len(before) > 1 else None
    if kind not in _COMMUNES:
        found = () if ward is None else tuple(one.commune for one in here if (ward, last) in one.olds)
        if found:
            return ReadAddress(written, ", ".join(before[:-2]), province, found)
        whole = tuple(one.commune for one in here if last in one.wholes)
        if whole:
            return ReadAddress(written, ", ".join(before[:-1]), province, whole)
    if kind not in _DISTRICTS:
        found = _called(here, last)
        # "…, Xã Cũ, Ba Vì, Hà Nội": without its kind the last word may be the district that has the name.
        if kind is None and ward is not None and any(last in one.districts for one in here):
            communes = tuple(dict.fromkeys((*found, *_near(here, ward, last))))
            return ReadAddress(written, ", ".join(before), province, communes, sure=False)
        if found:
            return ReadAddress(written, ", ".join(before[:-1]), province, found)
    return ReadAddress(written, ", ".join(before), province, _near(here, ward, last), sure=False)


def suggest_provinces(places: Places, typed: str, day: date) -> tuple[Province, ...]:
    """Provinces of today whose own name, or a name they had, has words that begin as typed."""
    return tuple(
        one
        for one in places.provinces
        if one.holds(day) and (begins(one.name, typed) or any(begins(old.name, typed) for old in one.was))
    )


def suggest_communes(
    places: Places,
    typed: str,
    day: date,
    province: str | None = None,
    most: int = 6,
    near: str | None = None,
    first: Collection[Commune] = (),
) -> tuple[Commune, ...]:
    """Communes of today; those with the name itself before those that only were made of it.

    Of equals those of `first` come first, then those of the province `near`. The province may be typed behind the name.
    """
    asked, codes = words(typed), {one.code for one in first}
    ranked: list[tuple[int, bool, bool, int]] = []
    for place in places.index.having(asked):
        one = places.index.named[place]
        if one.commune.holds(day) and province in {None, one.commune.province}:
            rank = _rank(one, asked)
            if rank is not None:
                far = near is not None and one.commune.province != near
                ranked.append((rank, one.commune.code not in codes, far, place))
    return tuple(places.index.named[place].commune for *_, place in sorted(ranked)[:most])


def _rank(one: Named, asked: tuple[str, ...]) -> int | None:
    """0 by its own name as it was typed, 1 by its own name, 2 by a ward it was made of; 3 and 4 the same with its
    province typed too, which does not find alone. None: not at all."""
    if not asked:
        return 1
    if " ".join(asked) in {one.bare, " ".join(one.now)}:
        return 0
    best: int | None = None
    for rank, names in ((1, (one.now,)), (2, one.then)):
        for name in names:
            left = [word for word in asked if not any(own.startswith(word) for own in name)]
            if not left:
                return rank
            if len(left) < len(asked) and all(any(own.startswith(word) for own in one.province) for word in left):
                best = best or rank + 2
    return best


def begins(name: str, typed: str) -> bool:
    """Whether the name has words that begin as typed."""
    asked, there = words(typed), words(name)
    return all(any(word.startswith(one) for word in there) for one in asked)


def _province(places: Places, text: str, day: date) -> Province | None:
    """By its name now; else by the name of one of the provinces it was made of."""
    wanted = bare(text)
    wanted = _PROVINCES.get(wanted, wanted)
    here = [one for one in places.provinces if one.holds(day)]
    now = [one for one in here if bare(one.name) == wanted]
    return next(iter(now or [one for one in here if any(bare(old.name) == wanted for old in one.was)]), None)


def _called(here: list[Named], name: str) -> tuple[Commune, ...]:
    """By the name of today, else by an old ward's."""
    now = tuple(one.commune for one in here if one.bare == name)
    return now or tuple(one.commune for one in here if name in one.wards)


def _near(here: list[Named], ward: str | None, district: str) -> tuple[Commune, ...]:
    """What a ward outside the table may be now: of its district's communes those with its name first, then the
    district's others, then that name elsewhere in the province: districts were redrawn, too. A number is no name."""
    ranked: list[tuple[int, int]] = []
    numbered = ward is None or _NUMBERED.fullmatch(ward) is not None
    for place, one in enumerate(here):
        named, within = ward is not None and (one.bare == ward or ward in one.wards), district in one.districts
        if within or (named and not numbered):
            ranked.append((0 if named and within else 1 if within else 2, place))
    return tuple(here[place].commune for _, place in sorted(ranked))
