"""Until when an ID card may hold: the dates worth trying, because the QR code lacks the expiry (chip.md section 1.3).

The law gives renewal ages; a card issued within two years before one of them holds to the next. Nothing here is read
from a card: these are guesses, best first, few, because a chip may slow down after wrong keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from services.codes.person import BirthDate

LAW_2023_SINCE = date(2024, 7, 1)
AGES_2014 = (25, 40, 60)
AGES_2023 = (14, 25, 40, 60)
"""Law 26/2023/QH15 article 21."""
WITHIN_YEARS = 2
FOR_LIFE = "991231"
"""What the MRZ of a card without expiry holds: unconfirmed."""
FIRST_CARDS = date(2021, 1, 1)
"""Chip cards have been issued since."""


def expiry_candidates(birth: BirthDate, issued: date | None, today: date) -> tuple[str, ...]:
    """YYMMDD texts to try, best first, without duplicates: birthday at the age of the rule, at the next age, for life.

    Without a date of issue, every age that a chip card valid today may hold to. Unknown birth parts count as the
    first, then as the last of what is known; 29 February as itself, or as both neighbours in a common year.
    """
    ages = _ages_of_rule(birth, issued) if issued else _ages_since_first_cards(birth, today)
    return tuple(dict.fromkeys(text for age in ages for text in _texts_at(birth, age)))


def _ages_of_rule(birth: BirthDate, issued: date) -> Iterator[int | None]:
    """The age of the rule, the one after it, then None for life."""
    ages = AGES_2023 if issued >= LAW_2023_SINCE else AGES_2014
    due = [age for age in ages if issued < _day_of(birth, age - WITHIN_YEARS)]
    if due:
        yield from due[:2]
        yield None
        return
    yield None
    if issued < _day_of(birth, ages[-1]):
        yield ages[-1]


def _ages_since_first_cards(birth: BirthDate, today: date) -> Iterator[int | None]:
    """Ages whose birthday is still to come, nearest first, for life before the far ones; then those just past."""
    ahead = [age for age in AGES_2023 if _day_of(birth, age) >= today]
    past = [age for age in AGES_2023 if FIRST_CARDS <= _day_of(birth, age) < today]
    yield from ahead[:2]
    yield None
    yield from reversed(past)


def _day_of(birth: BirthDate, age: int) -> date:
    """The day a birthday falls on; 1 March for 29 February in a common year."""
    month, day = birth.month or 1, birth.day or 1
    try:
        return date(birth.year + age, month, day)
    except ValueError:
        return date(birth.year + age, 3, 1)


def _texts_at(birth: BirthDate, age: int | None) -> tuple[str, ...]:
    if age is None:
        return (FOR_LIFE,)
    year = birth.year + age
    if birth.month is None:
        days = (date(year, 1, 1), date(year, 12, 31))
    elif birth.day is None:
        days = (date(year, birth.month, 1), _last_of(year, birth.month))
    elif (birth.month, birth.day) == (2, 29) and _last_of(year, 2).day == 28:
        days = (date(year, 2, 28), date(year, 3, 1))
    else:
        days = (date(year, birth.month, birth.day),)
    return tuple(day.strftime("%y%m%d") for day in days)


def _last_of(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)
