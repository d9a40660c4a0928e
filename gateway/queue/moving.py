"""To another clinic: one number or a whole line; clinics closed for the day.

A moved number keeps its time of issue. It is called as the slip in people's hands says, headed by the code of the
clinic that gave it ("NTM-T005"), because the other clinic has a T005 of its own.
"""

from __future__ import annotations

from sqlalchemy import RowMapping, select, update

from gateway.clock import day_of
from gateway.house import House
from gateway.problems import Refused
from gateway.queue import calling, numbers, tickets
from gateway.queue.counters import Seat
from gateway.queue.fairness import Lane
from gateway.store.database import Transaction
from gateway.store.tables import queue_days
from gateway.store.tables import tickets as table
from services.contract.models import TicketStatus

MOVABLE = {*tickets.QUEUED, TicketStatus.MISSED.value, TicketStatus.AWAY.value}


def transfer(house: House, transaction: Transaction, seat: Seat, ticket_id: str, to: str) -> None:
    """Move the ticket at this counter, or one that waits, into another clinic's line. Raises Refused."""
    _known(house, to)
    numbers.have_a_line(transaction, to, day_of(house.now()))
    ticket = calling.locked(house, transaction, ticket_id, to)
    here = ticket["status"] == TicketStatus.CALLED.value and ticket["counter_id"] == seat.counter.id
    if not here and ticket["status"] not in MOVABLE:
        raise Refused(409, "The number cannot be moved", detail=ticket["status"])
    if not here and ticket["clinic_id"] not in seat.counter.clinics:
        raise Refused(403, "The number waits for another clinic")
    if ticket["clinic_id"] == to:
        raise Refused(409, "The number is there already")
    _move(house, transaction, ticket, to, seat.clerk.name, seat.counter.id)


def transfer_all(house: House, transaction: Transaction, clinic_id: str, to: str, actor: str) -> int:
    """Move everybody who waits, is absent or away from one clinic to another; how many."""
    _known(house, to)
    _known(house, clinic_id)
    if clinic_id == to:
        raise Refused(422, "A clinic is not moved to itself")
    day = day_of(house.now())
    numbers.have_a_line(transaction, to, day)
    tickets.hold(transaction, day, clinic_id, to)
    rows = transaction.all(
        select(table)
        .where(table.c.day == day, table.c.clinic_id == clinic_id, table.c.status.in_(sorted(MOVABLE)))
        .order_by(table.c.turn_at, table.c.arrival)
    )
    for row in rows:
        _move(house, transaction, row, to, actor, None)
    return len(rows)


def close(house: House, transaction: Transaction, clinic_id: str, actor: str) -> None:
    """The clinic gives no numbers any more today, as kiosks show it; who waits stays until moved or called."""
    _known(house, clinic_id)
    numbers.have_a_line(transaction, clinic_id, day_of(house.now()))
    _close(house, transaction, clinic_id, closed_at=house.now(), closed_by=actor)


def reopen(house: House, transaction: Transaction, clinic_id: str) -> None:
    """It gives numbers again."""
    _known(house, clinic_id)
    _close(house, transaction, clinic_id, closed_at=None, closed_by=None)


def _move(
    house: House, transaction: Transaction, ticket: RowMapping, to: str, actor: str, counter_id: str | None
) -> None:
    home = ticket["home_clinic_id"] or ticket["clinic_id"]
    slip = numbers.printed(ticket["number"])
    wanted = slip if home == to else f"{house.settings.clinic_codes.get(home, home[:4].upper())}-{slip}"
    status = TicketStatus.UNPAID if ticket["status"] == TicketStatus.UNPAID.value else TicketStatus.WAITING
    if ticket["status"] in {TicketStatus.MISSED.value, TicketStatus.AWAY.value}:
        status = TicketStatus(ticket["status"])
    tickets.change(
        transaction, ticket, status, house.now(),
        clinic_id=to, number=numbers.free_number(transaction, ticket["day"], to, wanted), home_clinic_id=home,
        lane=(Lane.PRIORITY if ticket["priority"] else Lane.ORDINARY).value, due=0, counter_id=None,
    )  # fmt: skip
    calling.note(house, transaction, ticket, "transfer", actor, counter_id)


def _known(house: House, clinic_id: str) -> None:
    if clinic_id not in house.clinics:
        raise Refused(404, "There is no such clinic")


def _close(house: House, transaction: Transaction, clinic_id: str, **values: object) -> None:
    where = queue_days.c.day == day_of(house.now()), queue_days.c.clinic_id == clinic_id
    transaction.execute(update(queue_days).where(*where).values(**values))
    tickets.announce(transaction, clinic_id)
