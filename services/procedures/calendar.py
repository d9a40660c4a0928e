"""The working calendar of a place as dated data: opening hours of each weekday, holidays, days worked instead.

A day has no, one or two half days. `docs/calendar.schema.json` is made of these classes.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from services.procedures.records import Dated, Record, Source, Text

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
_FURTHEST = timedelta(days=1500)


class Half(Record):
    """One half day: the counters are open from `start` until `end`."""

    start: time
    end: time

    @model_validator(mode="after")
    def _in_order(self) -> Half:
        if self.end <= self.start:
            raise ValueError("end must be after start")
        return self


Halves = Annotated[tuple[Half, ...], Field(max_length=2)]


class Week(Dated):
    """Opening hours from a day on; Monday first."""

    days: Annotated[tuple[Halves, ...], Field(min_length=7, max_length=7)]


class Irregular(Record):
    """A day unlike its weekday: closed (no `halves`), half closed, or worked instead of another."""

    day: date
    name: Text
    halves: Halves = ()


class WorkingCalendar(Record):
    """Which half days are worked. After `known_to` the holidays are not decided yet."""

    format: Annotated[str, Field(pattern="^tram-calendar/1$")]
    sample: bool
    name: Text
    known_to: date
    weeks: Annotated[tuple[Week, ...], Field(min_length=1)]
    exceptions: tuple[Irregular, ...] = ()
    source: Source

    def halves(self, day: date) -> tuple[Half, ...]:
        """The half days worked on `day`."""
        for exception in self.exceptions:
            if exception.day == day:
                return exception.halves
        for week in reversed(self.weeks):
            if week.holds(day):
                return week.days[day.weekday()]
        return ()

    def works(self, day: date) -> bool:
        """Whether the counters open at all."""
        return bool(self.halves(day))

    def next_worked(self, day: date) -> date:
        """`day` when it is worked, else the next that is. Raises ValueError for a calendar that never opens again."""
        for ahead in range(_FURTHEST.days):
            candidate = day + timedelta(days=ahead)
            if self.works(candidate):
                return candidate
        raise ValueError(f"{self.name}: no working day after {day}")

    def closes(self, day: date) -> datetime:
        """When a worked day ends."""
        return datetime.combine(day, self.halves(day)[-1].end, HERE)


def read_calendar(path: Path) -> WorkingCalendar:
    """Read a file. Raises pydantic.ValidationError (which names the field), OSError."""
    return WorkingCalendar.model_validate_json(path.read_bytes())
