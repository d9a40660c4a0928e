"""The data side of one document: a Vietnamese card of an invented citizen, or an invented passport (`passports/`)."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from simulators.chip.files import groups
from simulators.citizens import Citizen, Portrait, mrz

_FOLDER = Path(__file__).parent / "passports"
_FORMATS: dict[str, Callable[..., tuple[str, ...]]] = {"td1": mrz.td1, "td2": mrz.td2, "td3": mrz.td3}


@dataclass(frozen=True)
class Document:
    """What is written into the files that do not depend on keys."""

    id: str
    mrz: tuple[str, ...]
    mrz_information: str
    """Document number, birth date and expiry with their check digits (ICAO 9303-11 section 4.3.2)."""
    can: str
    issue_date: date
    portrait: Portrait | None
    details: Mapping[int, bytes] = field(default_factory=dict[int, bytes], hash=False)
    """Whole files of DG11, DG12, DG13 and DG16."""

    def without_photo(self) -> Document:
        """The same document without a picture."""
        return replace(self, portrait=None)


def of_citizen(person: Citizen) -> Document:
    """The Vietnamese card; CAN is the last six digits of the number (chip.md section 1.4)."""
    issued = person.issue_date.strftime("%Y%m%d")
    details = {
        11: groups.dg11(
            {
                0x5F0E: _listed_name(person.name),
                0x5F10: person.number,
                0x5F2B: person.birth.replace("-", ""),
                0x5F42: person.address,
            }
        ),
        12: groups.dg12({0x5F19: "Bộ Công an", 0x5F26: issued}),
        13: groups.vietnamese_dg13(person, f"VN{person.number[-9:]}"),
        16: groups.dg16([{0x5F50: issued, 0x5F51: _listed_name(person.father or person.name)}]),
    }
    information = mrz.information(person.number[3:], person.mrz_birth, mrz.expiry_field(person.expiry))
    can = person.number[-6:]
    return Document(person.id, person.mrz(), information, can, person.issue_date, person.portrait, details)


@functools.cache
def passport(name: str) -> Document:
    """The invented passport of that name. KeyError when there is none."""
    path = _FOLDER / f"{name}.yaml"
    if not path.is_file() or path.parent != _FOLDER:
        raise KeyError(f"no invented passport {name!r}")
    return of_passport(name, yaml.safe_load(path.read_text(encoding="utf-8")))


def of_passport(name: str, record: dict[str, Any]) -> Document:
    """A passport, or a card with `format: td1` or `td2`, from the fields of a YAML file. KeyError when one misses."""
    birth, expiry = mrz.birth_field(record["birth"]), mrz.expiry_field(record["expiry"])
    lines = _FORMATS[record.get("format", "td3")](
        record["issuer"],
        record["number"],
        birth,
        record["sex"],
        expiry,
        record["name"],
        record.get("personal_number", ""),
    )
    full_name = unicodedata.normalize("NFC", record["name"])
    issued: date = record["issued"]
    born, made = record["birth"].replace("-", ""), issued.strftime("%Y%m%d")
    dates: Callable[[str], str | bytes] = groups.packed if record.get("packed_dates") else str
    details = {
        11: groups.dg11(
            {
                0x5F0E: _listed_name(full_name),
                0x5F10: record.get("personal_number", ""),
                0x5F2B: dates(born),
                0x5F11: record.get("birth_place", ""),
                0x5F42: record.get("address", ""),
            }
        ),
        12: groups.dg12({0x5F19: record.get("authority", ""), 0x5F26: dates(made)}),
        16: groups.dg16(
            [
                {0x5F50: one["date"], 0x5F51: one["name"], 0x5F52: one["telephone"], 0x5F53: one["address"]}
                for one in record.get("notify", [])
            ]
        ),
    }
    drawn = record.get("portrait")
    portrait = None if drawn is None else Portrait(**drawn)
    information = mrz.information(record["number"], birth, expiry)
    return Document(name, lines, information, record.get("can", ""), issued, portrait, details)


def _listed_name(name: str) -> str:
    """As DG11 separates names: first identifier, two fillers, the others with one between."""
    first, *others = name.split()
    return f"{first}<<{'<'.join(others)}"
