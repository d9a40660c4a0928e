"""When a dossier's result is due: from the time limit, the hour it was filed and the working calendar.

- The day of filing is not counted. What comes in on a day off, after closing, or after the record's own hour (15:00:
  onestop.md section 4) counts as filed on the next working day; 15:00 sharp is in time.
- Working days are counted in half days: a day on which only the morning is worked is half a working day, and the
  result is due at the end of the half day that completes the count.
- A limit in days runs over days off; one that ends on a day off ends with the next working day (Civil Code 2015,
  art. 148 k. 5).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from services.procedures.calendar import HERE, WorkingCalendar
from services.procedures.records import TimeLimit, TimeUnit


@dataclass(frozen=True)
class Due:
    """When the result is there at the latest. `certain` is False where the calendar's holidays are not known yet."""

    at: datetime
    counted_from: date
    certain: bool

    @property
    def day(self) -> date:
        """The day, at the place."""
        return self.at.astimezone(HERE).date()


def due(limit: TimeLimit, filed: datetime, calendar: WorkingCalendar, *, to_verify: bool = False) -> Due:
    """When a dossier filed at `filed` (aware) is due. `to_verify`: the longer time of a verification."""
    start = counted_from(limit, filed, calendar)
    number = limit.when_verified if to_verify and limit.when_verified is not None else limit.value
    match limit.unit:
        case TimeUnit.SAME_DAY:
            at = calendar.closes(start)
        case TimeUnit.WORKING_DAYS:
            at = _after_working_days(start, number, calendar)
        case TimeUnit.DAYS:
            at = calendar.closes(calendar.next_worked(start + timedelta(days=number)))
    return Due(at, start, certain=at.date() <= calendar.known_to)


def counted_from(limit: TimeLimit, filed: datetime, calendar: WorkingCalendar) -> date:
    """The working day that counts as the day of filing."""
    here = filed.astimezone(HERE)
    day = here.date()
    if not calendar.works(day):
        return calendar.next_worked(day)
    late = here > calendar.closes(day)
    if limit.counted_next_day_after is not None:
        late = late or here > datetime.combine(day, time.fromisoformat(limit.counted_next_day_after), HERE)
    return calendar.next_worked(day + timedelta(days=1)) if late else day


def _after_working_days(start: date, number: int, calendar: WorkingCalendar) -> datetime:
    if number == 0:
        return calendar.closes(start)
    left, day = 2 * number, start
    while True:
        day = calendar.next_worked(day + timedelta(days=1))
        for half in calendar.halves(day):
            left -= 1
            if left == 0:
                return datetime.combine(day, half.end, HERE)
