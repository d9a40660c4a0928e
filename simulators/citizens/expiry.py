"""Until when a card holds, from the birthday and the day of issue (chip.md section 1.3)."""

from __future__ import annotations

from datetime import date

_RENEWAL_AGES = (14, 25, 40, 60)
_NEXT_AGE_WITHIN_YEARS = 2


def expiry_of(birth: str, issued: date) -> date | None:
    """The birthday at the next renewal age, or the one after when that is nearer than two years; None for life.

    A person with unknown birth parts counts as born on the first of January.
    """
    year, month, day = (int(part) for part in (*birth.split("-"), "1", "1")[:3])
    for age in _RENEWAL_AGES:
        if issued < _anniversary(year, month, day, age - _NEXT_AGE_WITHIN_YEARS):
            return _anniversary(year, month, day, age)
    return None


def _anniversary(year: int, month: int, day: int, age: int) -> date:
    try:
        return date(year + age, month, day)
    except ValueError:  # 29 February
        return date(year + age, 2, 28)
