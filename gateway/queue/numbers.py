"""Numbers per clinic and day: one row is chosen, locked and counted in the transaction that gives the number.

A row counts its own waiting people, so no call ever counts tickets.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from gateway.clock import PLACE
from gateway.settings import ClinicSettings, Queue
from gateway.store.database import Transaction
from gateway.store.tables import queue_days

PRIORITY = "U"
ORDINARY = "T"


@dataclass(frozen=True)
class Waiting:
    """How many people wait at a clinic on a day, and how many numbers it gave."""

    priority: int = 0
    ordinary: int = 0
    given: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.priority + self.ordinary

    def ahead(self, priority: bool, ratio: int) -> int:
        """People called before somebody who comes now, when `ratio` priority numbers go before one ordinary one."""
        if priority:
            return self.priority + min(self.ordinary, self.priority // ratio)
        return self.total


@dataclass(frozen=True)
class Given:
    """A number just given, with those who waited before it."""

    number: str
    series: str
    before: Waiting


def give(transaction: Transaction, clinic_id: str, day: date, priority: bool) -> Given:
    """The next number of the clinic and day: U047 with priority, T012 without."""
    row = _count(transaction, clinic_id, day, priority, number=1)
    last = row["last_priority"] if priority else row["last_ordinary"]
    series = PRIORITY if priority else ORDINARY
    return Given(f"{series}{last:03}", series, _before(row, priority))


def join(transaction: Transaction, clinic_id: str, day: date, priority: bool) -> Waiting:
    """Somebody waits with a number that was not given here (a leased one); those who waited before."""
    return _before(_count(transaction, clinic_id, day, priority, number=0), priority)


def leave(transaction: Transaction, clinic_id: str, day: date, priority: bool) -> None:
    """Somebody who waited does not wait any more."""
    column = queue_days.c.waiting_priority if priority else queue_days.c.waiting_ordinary
    transaction.execute(
        update(queue_days)
        .where(queue_days.c.day == day, queue_days.c.clinic_id == clinic_id, column > 0)
        .values({column: column - 1})
    )


def waiting_on(transaction: Transaction, day: date) -> dict[str, Waiting]:
    """Every clinic that gave a number on the day."""
    return {
        row["clinic_id"]: _waiting(row) for row in transaction.all(select(queue_days).where(queue_days.c.day == day))
    }


def minutes(waiting: int, clinic: ClinicSettings, queue: Queue) -> int:
    """About how long `waiting` people take, rounded up to 5 minutes."""
    seconds = waiting * (clinic.seconds_per_patient or queue.seconds_per_patient)
    return -(-seconds // 300) * 5


def expected_at(issued_at: datetime, waiting: int, clinic: ClinicSettings, queue: Queue) -> datetime:
    """About when a number is called, to 5 minutes of the clock."""
    moment = issued_at + timedelta(seconds=waiting * (clinic.seconds_per_patient or queue.seconds_per_patient))
    return moment.replace(minute=moment.minute // 5 * 5, second=0, microsecond=0) + (
        timedelta(minutes=5) if moment.minute % 5 >= 3 else timedelta()
    )


def opens_at(clinic: ClinicSettings, waiting: Waiting, now: datetime) -> str | None:
    """When numbers are given again ("13:00"); None while they are given now."""
    if clinic.numbers_a_day and waiting.given >= clinic.numbers_a_day:
        return f"{clinic.hours[0].start:%H:%M}" if clinic.hours else "00:00"
    if not clinic.hours:
        return None
    time = now.astimezone(PLACE).time()
    if any(hours.start <= time < hours.end for hours in clinic.hours):
        return None
    later = [hours.start for hours in clinic.hours if hours.start > time]
    return f"{min(later, default=clinic.hours[0].start):%H:%M}"


def _count(transaction: Transaction, clinic_id: str, day: date, priority: bool, number: int) -> Any:
    last = queue_days.c.last_priority if priority else queue_days.c.last_ordinary
    waiting = queue_days.c.waiting_priority if priority else queue_days.c.waiting_ordinary
    values = {column.name: 0 for column in queue_days.c if column.name not in {"day", "clinic_id"}}
    values |= {last.name: number, waiting.name: 1}
    statement = (
        transaction.insert(queue_days)
        .values(day=day, clinic_id=clinic_id, **values)
        .on_conflict_do_update(
            index_elements=["day", "clinic_id"], set_={last.name: last + number, waiting.name: waiting + 1}
        )
        .returning(queue_days)
    )
    return transaction.execute(statement).mappings().one()


def _waiting(row: Any) -> Waiting:
    return Waiting(row["waiting_priority"], row["waiting_ordinary"], row["last_priority"] + row["last_ordinary"])


def _before(row: Any, priority: bool) -> Waiting:
    now = _waiting(row)
    return Waiting(now.priority - priority, now.ordinary - (not priority), now.given)
