"""How long a transfer form holds, and how often a re-visit slip (TT 01/2025/TT-BYT). Pure, and guidance only.

The working calendar is the site's: Saturdays, Sundays and the holidays of its settings are no working days.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from gateway.insurance.dated import Timeline
from gateway.privacy.clocks import working_days_after


class Paper(Enum):
    """What people bring."""

    TRANSFER = "transfer"
    TRANSFER_LISTED = "transfer-listed"
    """For a disease of the list whose form holds a year."""
    REVISIT = "revisit"


@dataclass(frozen=True)
class PaperRule:
    """How long (working days or years) or how often a paper counts; None: no such limit."""

    first_day: date
    last_day: date | None
    working_days: int | None = None
    years: int | None = None
    uses: int | None = None


PaperRules = dict[str, Timeline[PaperRule]]


def holds_until(rules: PaperRules, paper: Paper, signed: date, holidays: Collection[date]) -> date | None:
    """The last day of a paper signed on a day, by the rule of that day; None where no rule limits it."""
    rule = rules[paper.value].on(signed)
    if rule is None:
        return None
    if rule.working_days is not None:
        return working_days_after(signed, rule.working_days, holidays)
    return None if rule.years is None else _years_after(signed, rule.years)


def earliest_signed(rules: PaperRules, paper: Paper, day: date, holidays: Collection[date]) -> date | None:
    """The first day on which a paper that still holds on `day` can have been signed; None where no rule says."""
    if holds_until(rules, paper, day, holidays) is None:
        return None
    signed = day
    while (until := holds_until(rules, paper, before := signed - timedelta(days=1), holidays)) and until >= day:
        signed = before
    return signed


def usable_again(rules: PaperRules, used: int, day: date) -> bool:
    """Whether a re-visit slip that was used so often counts once more."""
    rule = rules[Paper.REVISIT.value].on(day)
    return rule is None or rule.uses is None or used < rule.uses


def _years_after(day: date, years: int) -> date:
    """The same day of a later year; for 29 February the last of the month (Civil Code 2015 article 148 clause 3)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
