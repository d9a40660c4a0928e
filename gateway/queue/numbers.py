"""Numbers per clinic and day: one row is chosen, locked and counted in the transaction that gives the number.

A row counts its own waiting people, so no call ever counts tickets.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, bindparam, select, update

from gateway.clock import PLACE
from gateway.queue import fairness
from gateway.queue.fairness import Lane
from gateway.settings import ClinicSettings, Queue
from gateway.store.database import Transaction
from gateway.store.prepared import Prepared
from gateway.store.tables import queue_days, tickets

PRIORITY = "U"
ORDINARY = "T"

_WAITING = {
    Lane.PRIORITY: queue_days.c.waiting_priority,
    Lane.ORDINARY: queue_days.c.waiting_ordinary,
    Lane.RETURNING: queue_days.c.waiting_returning,
}

_LAST = {Lane.PRIORITY: queue_days.c.last_priority}

_ZERO = {column.name: 0 for column in (*_WAITING.values(), queue_days.c.last_priority, queue_days.c.last_ordinary)}
"""A day on which nobody came yet."""


def _counting(lane: Lane, number: int) -> Prepared:
    """One more who waits in a lane, with the next number (`number` 1) or without one."""
    waiting, arrival, last = _WAITING[lane], queue_days.c.last_arrival, _LAST.get(lane, queue_days.c.last_ordinary)
    values = _ZERO | {last.name: number, arrival.name: number, waiting.name: 1}
    more = {last.name: last + number, arrival.name: arrival + number, waiting.name: waiting + 1}
    return Prepared(
        lambda insert: (
            insert(queue_days)
            .values(day=bindparam("day"), clinic_id=bindparam("clinic_id"), **values)
            .on_conflict_do_update(index_elements=["day", "clinic_id"], set_=more)
            .returning(queue_days)
        )
    )


def _leaving(lane: Lane) -> Prepared:
    """One less who waits in a lane."""
    waiting = _WAITING[lane]
    mine = queue_days.c.day == bindparam("today"), queue_days.c.clinic_id == bindparam("clinic")
    return Prepared(update(queue_days).where(*mine, waiting > 0).values({waiting: waiting - 1}))


_COUNT = {(lane, number): _counting(lane, number) for lane in Lane for number in (0, 1)}
_LEAVE = {lane: _leaving(lane) for lane in Lane}
_ON_DAY = Prepared(select(queue_days).where(queue_days.c.day == bindparam("today")))


@dataclass(frozen=True)
class Waiting:
    """How many people wait at a clinic on a day, and how many numbers it gave."""

    priority: int = 0
    ordinary: int = 0
    given: int = 0
    returning: int = 0
    overtaken: int = 0
    """Priority numbers that were called since the last ordinary one."""
    closed: bool = False

    @property
    def total(self) -> int:
        """All of them."""
        return self.priority + self.ordinary + self.returning

    def ahead(self, priority: bool, ratio: int) -> int:
        """People called before somebody who comes now, when `ratio` priority numbers go before one ordinary one."""
        return self.returning + fairness.ahead(priority, self.priority, self.ordinary, self.overtaken, ratio)


@dataclass(frozen=True)
class Given:
    """A number just given, with its place in the day's order of arrival and those who waited before it."""

    number: str
    series: str
    arrival: int
    before: Waiting


def give(transaction: Transaction, clinic_id: str, day: date, priority: bool) -> Given:
    """The next number of the clinic and day: U047 with priority, T012 without."""
    row = _count(transaction, clinic_id, day, Lane.PRIORITY if priority else Lane.ORDINARY, number=1)
    last = row["last_priority"] if priority else row["last_ordinary"]
    series = PRIORITY if priority else ORDINARY
    return Given(f"{series}{last:03}", series, row["last_arrival"], _before(row, priority))


def join(transaction: Transaction, clinic_id: str, day: date, lane: Lane) -> None:
    """Somebody waits with a number that was not given here just now (leased, transferred, coming back)."""
    _count(transaction, clinic_id, day, lane, number=0)


def leave(transaction: Transaction, clinic_id: str, day: date, lane: Lane) -> None:
    """Somebody who waited does not wait any more."""
    transaction.later(_LEAVE[lane], {"today": day, "clinic": clinic_id})


def printed(number: str) -> str:
    """A number as it stands on the slip: without the code of the clinic that gave it ("NTM-T005": T005)."""
    return number.rpartition("-")[2]


def have_a_line(transaction: Transaction, clinic_id: str, day: date) -> None:
    """Make the clinic's row of the day where no number was given yet."""
    row = transaction.insert(queue_days).values(day=day, clinic_id=clinic_id, **_ZERO)
    transaction.execute(row.on_conflict_do_nothing())


def free_number(transaction: Transaction, day: date, clinic_id: str, number: str) -> str:
    """The number; when another slip of the clinic and day bears it too, with a mark that tells them apart."""
    same = transaction.all(
        select(tickets.c.number).where(
            tickets.c.day == day, tickets.c.clinic_id == clinic_id, tickets.c.number.startswith(number, autoescape=True)
        )
    )
    taken = {row["number"] for row in same}
    if number not in taken:
        return number
    return next(f"{number}/{copy}" for copy in range(2, 100) if f"{number}/{copy}" not in taken)


def waiting_on(transaction: Transaction, day: date) -> dict[str, Waiting]:
    """Every clinic that gave a number on the day."""
    return {row["clinic_id"]: as_waiting(row) for row in transaction.all(_ON_DAY, {"today": day})}


def minutes(waiting: int, clinic: ClinicSettings, queue: Queue) -> int:
    """About how long `waiting` people take, rounded up to 5 minutes."""
    seconds = waiting * (clinic.seconds_per_patient or queue.seconds_per_patient)
    return -(-seconds // 300) * 5


def expected_at(issued_at: datetime, waiting: int, clinic: ClinicSettings, queue: Queue) -> datetime:
    """About when a number is called, to 5 minutes of the clock; nobody is told a time that is over."""
    moment = issued_at + timedelta(seconds=waiting * (clinic.seconds_per_patient or queue.seconds_per_patient))
    below = moment.replace(minute=moment.minute // 5 * 5, second=0, microsecond=0)
    return below if moment.minute % 5 < 3 and below >= issued_at else below + timedelta(minutes=5)


def opens_at(clinic: ClinicSettings, waiting: Waiting, now: datetime) -> str | None:
    """When numbers are given again ("13:00"); None while they are given now."""
    if waiting.closed or (clinic.numbers_a_day and waiting.given >= clinic.numbers_a_day):
        return f"{clinic.hours[0].start:%H:%M}" if clinic.hours else "00:00"
    if not clinic.hours:
        return None
    time = now.astimezone(PLACE).time()
    if any(hours.start <= time < hours.end for hours in clinic.hours):
        return None
    later = [hours.start for hours in clinic.hours if hours.start > time]
    return f"{min(later, default=clinic.hours[0].start):%H:%M}"


def _count(transaction: Transaction, clinic_id: str, day: date, lane: Lane, number: int) -> RowMapping:
    row = transaction.one(_COUNT[lane, number], {"day": day, "clinic_id": clinic_id})
    if row is None:
        raise LookupError("a count without a row")
    return row


def as_waiting(row: Any) -> Waiting:
    """A row of the queue's days as what it says of the people who wait."""
    return Waiting(
        row["waiting_priority"],
        row["waiting_ordinary"],
        row["last_priority"] + row["last_ordinary"],
        row["waiting_returning"],
        row["overtaken"],
        row["closed_at"] is not None,
    )


def _before(row: Any, priority: bool) -> Waiting:
    now = as_waiting(row)
    return replace(now, priority=now.priority - priority, ordinary=now.ordinary - (not priority))
