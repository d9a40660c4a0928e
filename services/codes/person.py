"""What codes and cards say of a person: value types shared by the codes, the identity and the gateway."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum


class Sex(Enum):
    """As the MRZ spells it (ICAO 9303-3)."""

    MALE = "M"
    FEMALE = "F"
    UNSPECIFIED = "<"


@dataclass(frozen=True, order=True)
class BirthDate:
    """A date of birth whose month or day may be unknown (then None), as on cards of old people."""

    year: int
    month: int | None = None
    day: int | None = None

    def age_on(self, today: date) -> int:
        """Completed years; with unknown parts the lowest age that is certain."""
        month, day = self.month or 12, self.day or 31
        return today.year - self.year - ((today.month, today.day) < (month, day))

    def __str__(self) -> str:
        """yyyy, yyyy-mm or yyyy-mm-dd."""
        parts = [f"{self.year:04d}", *(f"{part:02d}" for part in (self.month, self.day) if part is not None)]
        return "-".join(parts)


PLAUSIBLE_YEARS = range(1850, 2200)
"""Of births, issues and validity; anything else is a damaged code."""
_SEPARATED = re.compile(r"(?:([0-9]{0,2})[/.-])?(?:([0-9]{0,2})[/.-])?([0-9]{4})", re.ASCII)
_COMPACT = re.compile(r"(?:([0-9]{2})?([0-9]{2}))?([0-9]{4})", re.ASCII)


def read_birth(text: str) -> BirthDate | None:
    """ddmmyyyy, dd/mm/yyyy, mmyyyy, mm/yyyy or yyyy; 00 or nothing for an unknown part. None when it is no date."""
    plain = text.strip()
    match = _COMPACT.fullmatch(plain) or _SEPARATED.fullmatch(plain)
    if match is None:
        return None
    first, second, year = match.groups()
    if second is None:  # one part before the year is the month
        first, second = None, first
    month, day = int(second or 0) or None, int(first or 0) or None
    if month is None:
        day = None
    if int(year) not in PLAUSIBLE_YEARS:
        return None
    try:
        date(int(year), month or 1, day or 1)
    except ValueError:
        return None
    return BirthDate(int(year), month, day)


def read_date(text: str) -> date | None:
    """A whole date: ddmmyyyy or dd/mm/yyyy. None when it is none."""
    found = read_birth(text)
    if found is None or found.month is None or found.day is None:
        return None
    return date(found.year, found.month, found.day)
