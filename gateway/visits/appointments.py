"""The gateway's own list of appointments, for hospitals whose system tells none: read from a file, picked up once."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import insert, select, update

from gateway.clock import PLACE
from gateway.house import House, new_id
from gateway.store.database import Transaction
from gateway.store.tables import appointments
from services.contract.models import Appointment, Person, VisitKind

COLUMNS = ("number", "clinic", "day", "start", "end", "kind")
WITHOUT_END = timedelta(minutes=30)
_NUMBER = re.compile(r"[0-9]{12}", re.ASCII)


class AppointmentsError(ValueError):
    """A line of the file cannot be used; the text names line and column, never whose it is."""


@dataclass(frozen=True)
class Line:
    """One appointment of a file."""

    number: str
    clinic_id: str
    kind: VisitKind
    start: datetime
    end: datetime | None


@dataclass(frozen=True)
class Booked:
    """The stretch of time somebody was promised."""

    start: datetime
    end: datetime

    @classmethod
    def of(cls, start: datetime, end: datetime | None) -> Booked:
        """An appointment that says no end is kept for `WITHOUT_END`."""
        return cls(start, end if end is not None and end > start else start + WITHOUT_END)


def read_lines(house: House, lines: Iterable[str]) -> Iterator[Line]:
    """Lines of a CSV file with the columns number (12 digits), clinic, day (2026-11-23), start (08:30), end, kind
    (booked, revisit). Raises AppointmentsError."""
    reader = csv.DictReader(lines)
    if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
        raise AppointmentsError(f"line 1: the column {missing[0]} is missing")
    for place, row in enumerate(reader, 2):
        clinic, number = (row["clinic"] or "").strip(), (row["number"] or "").strip()
        if not _NUMBER.fullmatch(number):
            raise AppointmentsError(f"line {place}: number: 12 digits are needed")
        if clinic not in house.clinics:
            raise AppointmentsError(f"line {place}: clinic: there is no such clinic")
        try:
            day = date.fromisoformat((row["day"] or "").strip())
            start = _moment(day, row["start"])
            end = _moment(day, row["end"]) if (row["end"] or "").strip() else None
            kind = VisitKind((row["kind"] or "").strip() or VisitKind.BOOKED.value)
        except ValueError:
            raise AppointmentsError(f"line {place}: day, start, end or kind cannot be read") from None
        yield Line(number, clinic, kind, start, end)


def keep(house: House, transaction: Transaction, lines: Iterable[Line]) -> int:
    """Add appointments that are not there yet; returns how many. The number itself is not kept, only its hash."""
    added = 0
    for line in lines:
        person = person_hash(house, line.number)
        same = (
            appointments.c.person == person,
            appointments.c.clinic_id == line.clinic_id,
            appointments.c.start == line.start,
        )
        if transaction.one(select(appointments.c.id).where(*same)) is not None:
            continue
        transaction.execute(
            insert(appointments).values(
                id=new_id(),
                person=person,
                clinic_id=line.clinic_id,
                kind=line.kind.value,
                day=line.start.astimezone(PLACE).date(),
                start=line.start,
                end=line.end,
            )
        )
        added += 1
    return added


def kept(house: House, transaction: Transaction, person: Person, day: date) -> tuple[Appointment, ...]:
    """A person's appointments of the day that nobody picked up, the earliest first."""
    if person.number is None:
        return ()
    mine = appointments.c.person == person_hash(house, person.number), appointments.c.day == day
    rows = transaction.all(
        select(appointments).where(*mine, appointments.c.check_in_id.is_(None)).order_by(appointments.c.start)
    )
    return tuple(
        Appointment(
            id=row["id"],
            clinic_id=row["clinic_id"],
            kind=VisitKind(row["kind"]),
            start=row["start"],
            end=row["end"],
        )
        for row in rows
        if row["clinic_id"] in house.clinics
    )


def pick_up(transaction: Transaction, id: str | None, person: str | None, check_in_id: str) -> Booked | None:
    """The person came for it; the time it was for.

    Somebody else's appointment, and one of the hospital's own system, stay untouched.
    """
    if id is None or person is None:
        return None
    mine = appointments.c.id == id, appointments.c.person == person, appointments.c.check_in_id.is_(None)
    times = appointments.c.start, appointments.c.end
    taken = transaction.execute(update(appointments).where(*mine).values(check_in_id=check_in_id).returning(*times))
    row = taken.first()
    return None if row is None else Booked.of(row.start, row.end)


def give_back(transaction: Transaction, check_in_id: str) -> None:
    """The check-in was abandoned: the appointment can be picked up again."""
    transaction.execute(update(appointments).where(appointments.c.check_in_id == check_in_id).values(check_in_id=None))


def person_hash(house: House, number: str) -> str:
    """The hash that check-ins of a proven person carry (`gateway.queue.registration`)."""
    return house.vault.hash("person", number)


def _moment(day: date, text: str | None) -> datetime:
    return datetime.combine(day, time.fromisoformat((text or "").strip()), PLACE)
