"""What the hospital's system asked of the staff desk: what is open, who saw to it, and another time for a number.

The number and its place in the line stay whatever is decided; nobody is sent away.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import RowMapping, exists, or_, select

from gateway.clock import day_of
from gateway.hospital.outbox import stand_by_hand
from gateway.hospital.questions import TaskKind
from gateway.hospital.tasks import MOVED, SEEN, close_refused, close_task
from gateway.house import House
from gateway.problems import Refused
from gateway.queue import calling, tickets
from gateway.queue.numbers import printed
from gateway.store.database import Transaction
from gateway.store.tables import hospital_tasks
from gateway.store.tables import tickets as ticket_table
from gateway.visits import slots
from services.contract.models import TicketStatus

MOST = 100

TOLD_NOW = "told-now"
NO_PLACE = "no-place"
"""Why it is refused, as the page says it in words."""

_OF_TODAY = {TaskKind.TIME_FULL.value, TaskKind.UNDONE.value}
"""Questions about a number that waits: over with it."""


class OtherTime(BaseModel):
    """A time of today with places left."""

    model_config = ConfigDict(frozen=True)
    id: str
    start: datetime
    end: datetime


class DeskTask(BaseModel):
    """One question. Fields are codes; the page has the words."""

    model_config = ConfigDict(frozen=True)
    id: str
    kind: str
    about: str
    number: str
    clinic: str
    opened_at: datetime
    issued_at: datetime
    times: tuple[OtherTime, ...]
    """What the number can have instead of a time that was lost."""


def open_tasks(house: House, transaction: Transaction) -> tuple[DeskTask, ...]:
    """What waits for a person, the oldest first, with the times that can be had instead."""
    today = day_of(house.now())
    numbers = exists().where(ticket_table.c.check_in_id == hospital_tasks.c.check_in_id)
    waits = numbers.where(ticket_table.c.day == today, ticket_table.c.status.in_(tickets.LIVE))
    rows = transaction.all(
        select(hospital_tasks)
        .where(hospital_tasks.c.closed_at.is_(None), numbers)
        .where(or_(hospital_tasks.c.kind.not_in(_OF_TODAY), waits))
        .order_by(hospital_tasks.c.opened_at)
        .limit(MOST)
    )
    taken = slots.taken_on(transaction, today) if rows else {}
    found = (_open(house, transaction, row, today, taken) for row in rows)
    return tuple(one for one in found if one is not None)


def see(house: House, transaction: Transaction, task_id: str, who: str) -> None:
    """Somebody saw to it; a refused visit is entered by hand then, and told no more. Raises Refused 409 when it is not
    open any more, or the visit is being told at this moment."""
    now = house.now()
    row = transaction.one(select(hospital_tasks).where(hospital_tasks.c.id == task_id))
    if row is not None and row["kind"] == TaskKind.REFUSED.value:
        # The visit before its questions, as a delivery holds them.
        if not stand_by_hand(transaction, row["check_in_id"], now):
            raise Refused(409, "The visit is being told now", detail=TOLD_NOW)
        closed = close_refused(transaction, row["check_in_id"], SEEN, who, now)
    else:
        closed = close_task(transaction, task_id, SEEN, who, now)
    if not closed:
        raise Refused(409, "Somebody saw to it")


def give_time(house: House, transaction: Transaction, task_id: str, slot_id: str, who: str) -> None:
    """Another time for the number whose own was lost. Raises Refused: 404 no such question, 409 over or no place."""
    now = house.now()
    row = transaction.one(select(hospital_tasks).where(hospital_tasks.c.id == task_id))
    if row is None or row["kind"] != TaskKind.TIME_FULL.value:
        raise Refused(404, "There is no such question")
    ticket = tickets.held_ticket(transaction, row["check_in_id"])
    if ticket is None or not _waits(ticket, day_of(now)):
        raise Refused(409, "The number does not wait any more")
    clinic = house.clinic(ticket["clinic_id"])
    given = None if clinic is None else slots.take_this(transaction, clinic, ticket["day"], slot_id, now)
    if given is None:
        raise Refused(409, "That time has no place", detail=NO_PLACE)
    if not close_task(transaction, task_id, MOVED, who, now):
        raise Refused(409, "Somebody saw to it")
    slots.give_back(transaction, ticket["clinic_id"], ticket["day"], ticket["slot"])
    status = TicketStatus(ticket["status"])
    tickets.change(transaction, ticket, status, now, slot=given.id, turn_at=given.start, expected_at=given.start)
    calling.note(house, transaction, ticket, "time", who, None)


def _open(
    house: House, transaction: Transaction, row: RowMapping, today: date, taken: Mapping[tuple[str, str], int]
) -> DeskTask | None:
    ticket = tickets.live_ticket(transaction, row["check_in_id"])
    if ticket is None:
        return None
    clinic = house.clinic(ticket["clinic_id"])
    times: tuple[OtherTime, ...] = ()
    if row["kind"] == TaskKind.TIME_FULL.value and clinic is not None:
        free = slots.open_slots(clinic, today, house.now(), taken) or ()
        others = (one for one in free if one.left and one.id != ticket["slot"])
        times = tuple(OtherTime(id=one.id, start=one.start, end=one.end) for one in others)
    return DeskTask(
        id=row["id"],
        kind=row["kind"],
        about=row["about"],
        number=printed(ticket["number"]),
        clinic=ticket["clinic_id"] if clinic is None else clinic.name,
        opened_at=row["opened_at"],
        issued_at=ticket["issued_at"],
        times=times,
    )


def _waits(ticket: RowMapping, today: date) -> bool:
    return ticket["day"] == today and ticket["status"] in tickets.LIVE
