"""Invented citizens every simulator and test shares: `load("khang")`, `load_all()`. None of them exists.

`khang` ordinary adult, no insurance · `hoa` ordinary adult, insured 80 % · `tam` woman of 78, insured · `sau` only a
birth year on record · `na` child under 6, no photo, guardian `hoa` · `dai` long foreign-like name.
"""

from __future__ import annotations

import functools
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from simulators.citizens.citizen import Citizen, Insurance, Portrait
from simulators.citizens.expiry import expiry_of

__all__ = ["Citizen", "Insurance", "Portrait", "from_mapping", "load", "load_all"]

_PEOPLE = Path(__file__).parent / "people"


@functools.cache
def load(id: str) -> Citizen:
    """The citizen of that id. KeyError when there is none."""
    path = _PEOPLE / f"{id}.yaml"
    if not path.is_file() or path.parent != _PEOPLE:
        raise KeyError(f"no invented citizen {id!r}; there are {', '.join(_ids())}")
    return from_mapping(id, yaml.safe_load(path.read_text(encoding="utf-8")))


def load_all() -> tuple[Citizen, ...]:
    """All of them, by id."""
    return tuple(load(id) for id in _ids())


def from_mapping(id: str, record: dict[str, Any]) -> Citizen:
    """A citizen from the fields of a YAML file; `expiry` is computed unless it is given. KeyError names what misses."""
    issued: date = record["issued"]
    birth = str(record["birth"])
    insurance = record.get("insurance")
    portrait = record.get("portrait")
    return Citizen(
        id=id,
        number=record["number"],
        old_number=record.get("old_number", ""),
        name=_text(record, "name"),
        birth=birth,
        sex=record["sex"],
        nationality=_text(record, "nationality", "Việt Nam"),
        ethnicity=_text(record, "ethnicity", "Kinh"),
        religion=_text(record, "religion", "Không"),
        address=_text(record, "address"),
        hometown=_text(record, "hometown"),
        marks=_text(record, "marks", ""),
        issue_date=issued,
        expiry=record["expiry"] if "expiry" in record else expiry_of(birth, issued),
        card_year=record["card_year"],
        father=_text(record, "father", ""),
        mother=_text(record, "mother", ""),
        spouse=_text(record, "spouse", ""),
        guardian=record.get("guardian"),
        portrait=None if portrait is None else Portrait(**portrait),
        insurance=None if insurance is None else Insurance(**insurance),
        zone_birth=record.get("zone_birth", ""),
    )


def _text(record: dict[str, Any], key: str, default: str | None = None) -> str:
    value = record[key] if default is None else record.get(key, default)
    return unicodedata.normalize("NFC", value)


def _ids() -> list[str]:
    return sorted(path.stem for path in _PEOPLE.glob("*.yaml"))
