"""What a date of birth with unknown parts says for certain, and what it leaves open."""

from __future__ import annotations

from datetime import date

from services.identity.citizen import BirthDate


def lowest_age(birth: BirthDate, today: date) -> int:
    """Completed years that are certain: unknown parts count as the last day."""
    return birth.age_on(today)


def highest_age(birth: BirthDate, today: date) -> int:
    """Completed years that are possible: unknown parts count as the first day."""
    month = birth.month or 1
    day = (birth.day or 1) if birth.month else 1
    return today.year - birth.year - ((today.month, today.day) < (month, day))
