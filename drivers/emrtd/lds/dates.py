"""Dates as chips write them: with unknown months and days, two-digit years, several spellings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from drivers.emrtd.lds.tlv import LdsError

_DAY_FIRST = re.compile(r"(?:(\d{1,2})[/.-])?(?:(\d{1,2})[/.-])?(\d{4})", re.ASCII)


@dataclass(frozen=True, order=True)
class PartialDate:
    """A date whose month or day may be unknown (then None)."""

    year: int
    month: int | None = None
    day: int | None = None

    def as_date(self) -> date | None:
        """The whole date, or None while a part is unknown."""
        return None if self.month is None or self.day is None else date(self.year, self.month, self.day)


@dataclass(frozen=True)
class MrzDate:
    """YYMMDD of a machine readable zone (ICAO 9303-3 section 4.8); unknown parts are None and `<<` in `text`."""

    text: str
    year: int | None
    month: int | None
    day: int | None

    def in_century(self, first_year: int) -> PartialDate | None:
        """The date in the hundred years from `first_year` on, e.g. 2000 for dates of expiry; None without a year."""
        if self.year is None:
            return None
        year = first_year + (self.year - first_year) % 100
        return _checked(year, self.month, self.day)

    def of_birth(self, today: date) -> PartialDate | None:
        """The latest such date that is not after `today`: the century of a birth is not in the zone."""
        born = self.in_century(today.year - 99)
        if born is None:
            return None
        if (born.year, born.month or 1, born.day or 1) > (today.year, today.month, today.day):
            return PartialDate(born.year - 100, born.month, born.day)
        return born


def parse_mrz_date(text: str) -> MrzDate:
    """Read YYMMDD with `<<` (or `00`, as some issuers write) for an unknown part. Raises LdsError otherwise."""
    if not re.fullmatch(r"(?:\d\d|<<){3}", text, re.ASCII):
        raise LdsError("date is not YYMMDD")
    year, month, day = (None if part == "<<" else int(part) for part in (text[:2], text[2:4], text[4:]))
    month, day = month or None, day or None
    if (month or 1) > 12 or (day or 1) > 31:
        raise LdsError("date has no such month or day")
    return MrzDate(text, year, month, day)


def parse_text_date(text: str) -> PartialDate:
    """Read dd/mm/yyyy, mm/yyyy or yyyy as Vietnamese files spell dates; 00 is an unknown part. Raises LdsError."""
    match = _DAY_FIRST.fullmatch(text.strip())
    if match is None:
        raise LdsError("date is not dd/mm/yyyy")
    day, month, year = match.groups()
    if month is None:
        day, month = None, day
    return _checked(int(year), int(month or 0) or None, int(day or 0) or None)


def parse_compact_date(value: bytes) -> PartialDate:
    """Read yyyymmdd of DG11 and DG12, as 8 characters or as 4 bytes BCD (ICAO 9303-10). Raises LdsError."""
    text = value.hex() if len(value) == 4 else value.decode("ascii", "replace")
    if not re.fullmatch(r"\d{4}(?:\d\d|<<){2}", text, re.ASCII):
        raise LdsError("date is not yyyymmdd")
    month, day = (0 if part == "<<" else int(part) for part in (text[4:6], text[6:8]))
    return _checked(int(text[:4]), month or None, day or None)


def _checked(year: int, month: int | None, day: int | None) -> PartialDate:
    try:
        date(year, month or 1, day or 1)
    except ValueError as error:
        raise LdsError("date does not exist") from error
    return PartialDate(year, month, day)
