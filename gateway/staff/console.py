"""What a counter's console shows: the number that stands there, who comes next and why, who is absent or away.

No names: who stands there is seen from the number, and from the papers they bring. The reason for priority is for
staff alone and stands only here.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, RowMapping, Select, select

from gateway.clock import day_of
from gateway.hospital.questions import lost_time_column
from gateway.house import House
from gateway.problems import Refused
from gateway.queue import calling, counters
from gateway.queue.counters import Clerk
from gateway.queue.fairness import Heads, Lane, Turn, choose
from gateway.queue.numbers import Waiting, as_waiting, printed
from gateway.settings import CounterSettings
from gateway.store.database import Transaction
from gateway.store.tables import bills, check_ins, queue_days, tickets
from services.contract.models import EvidenceLevel, Priority, TicketStatus

NEXT = 12
"""How many of the next calls are shown."""
MOST = 60
"""How many absent, away, unpaid people, and slips that did not come out."""


class ConsoleModel(BaseModel):
    """Frozen, JSON for the page."""

    model_config = ConfigDict(frozen=True)


class ConsoleTicket(ConsoleModel):
    """One number as staff see it. Fields are codes; the page has the words."""

    id: str
    number: str
    clinic: str
    from_clinic: str | None
    """The clinic that gave the number, when another one."""
    status: str
    lane: str
    issued_at: datetime
    called_at: datetime | None
    times_called: int
    counter: str | None
    priority: bool
    priority_reason: str
    priority_proven: bool
    insurance_pending: bool
    level: str
    holder: str
    """What became of the holder check at the kiosk; empty where the site does not ask."""
    owed: int
    slip_printed: bool | None
    time_lost: str
    """The time on its slip ("13:30") that has no place at the hospital any more; empty while all is well."""
    check_in_id: str | None


class ConsoleClinic(ConsoleModel):
    """A clinic this counter calls, or numbers are moved to."""

    id: str
    name: str
    waiting: int
    priority: int
    ordinary: int
    returning: int
    closed: bool


class Console(ConsoleModel):
    """The whole page."""

    now: datetime
    counter: str
    counter_name: str
    holder: str | None
    mine: bool
    clinic: ConsoleClinic
    clinics: tuple[ConsoleClinic, ...]
    others: tuple[ConsoleClinic, ...]
    """Where numbers can be moved to."""
    back_after: int
    results_after: int
    current: ConsoleTicket | None
    next: tuple[ConsoleTicket, ...]
    missed: tuple[ConsoleTicket, ...]
    away: tuple[ConsoleTicket, ...]
    unpaid: tuple[ConsoleTicket, ...]
    unprinted: tuple[ConsoleTicket, ...]


def console(house: House, transaction: Transaction, counter_id: str, clinic_id: str | None, clerk: Clerk) -> Console:
    """The console of a counter now, for one of its clinics. Raises Refused 404."""
    counter = counters.counter(house, counter_id)
    chosen = clinic_id or counter.clinics[0]
    if chosen not in counter.clinics:
        raise Refused(404, "This counter does not call numbers of that clinic")
    day = day_of(house.now())
    rows = {row["clinic_id"]: row for row in transaction.all(select(queue_days).where(queue_days.c.day == day))}
    known = {clinic.id: _clinic(house, clinic.id, rows.get(clinic.id)) for clinic in house.settings.clinics}
    holder = counters.holder(house, transaction, counter_id)
    here = tickets.c.counter_id == counter_id, tickets.c.status == TicketStatus.CALLED.value
    current = _read(house, transaction, _query(day, *here).limit(1))
    return Console(
        now=house.now(),
        counter=counter.id,
        counter_name=counter.name,
        holder=None if holder is None else holder["holder"],
        mine=holder is not None and (holder["holder"], holder["session"]) == (clerk.name, clerk.session),
        clinic=known[chosen],
        clinics=tuple(known[id] for id in counter.clinics if id in known),
        others=tuple(one for one in known.values() if one.id != chosen),
        back_after=house.settings.queue.back_after,
        results_after=house.settings.queue.results_after,
        current=current[0] if current else None,
        next=_coming(house, transaction, chosen, day, rows.get(chosen)),
        missed=_with(house, transaction, day, chosen, TicketStatus.MISSED),
        away=_with(house, transaction, day, chosen, TicketStatus.AWAY),
        unpaid=_with(house, transaction, day, chosen, TicketStatus.UNPAID),
        unprinted=_read(house, transaction, _unprinted(day, chosen)),
    )


def as_staff_see(house: House, transaction: Transaction, *ticket_ids: str) -> tuple[ConsoleTicket, ...]:
    """Today's tickets of these ids, in this order."""
    found = _read(house, transaction, _query(day_of(house.now()), tickets.c.id.in_(ticket_ids)))
    return tuple(sorted(found, key=lambda one: ticket_ids.index(one.id)))


def _coming(
    house: House, transaction: Transaction, clinic_id: str, day: date, row: RowMapping | None
) -> tuple[ConsoleTicket, ...]:
    """Who is called next, by the rule itself, as long as nobody else comes."""
    if row is None:
        return ()
    lanes = {lane: calling.line(transaction, day, clinic_id, lane, NEXT) for lane in Lane}
    turn, order = Turn(row["overtaken"], row["returned"]), list[str]()
    calls = row["calls"]
    while len(order) < NEXT:
        back = lanes[Lane.RETURNING]
        heads = Heads(
            bool(lanes[Lane.PRIORITY]), bool(lanes[Lane.ORDINARY]), bool(back), bool(back) and back[0]["due"] <= calls
        )
        choice = choose(heads, turn, house.settings.queue.priority_per_ordinary)
        if choice is None:
            break
        lane, turn = choice
        order.append(lanes[lane].pop(0)["id"])
        calls += 1
    return as_staff_see(house, transaction, *order)


def _with(
    house: House, transaction: Transaction, day: date, clinic_id: str, status: TicketStatus
) -> tuple[ConsoleTicket, ...]:
    query = _query(day, tickets.c.clinic_id == clinic_id, tickets.c.status == status.value)
    return _read(house, transaction, query.order_by(tickets.c.changed_at).limit(MOST))


def _unprinted(day: date, clinic_id: str) -> Select[*tuple[Any, ...]]:
    alive = [TicketStatus.WAITING.value, TicketStatus.UNPAID.value, TicketStatus.CALLED.value]
    query = _query(
        day, tickets.c.clinic_id == clinic_id, tickets.c.status.in_(alive), check_ins.c.slip_printed.is_(False)
    )
    return query.order_by(tickets.c.issued_at).limit(MOST)


def _query(day: date, *which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    wanted = (
        tickets,
        check_ins.c.priority.label("reason"),
        check_ins.c.priority_proven,
        check_ins.c.insurance_pending,
        check_ins.c.verified_level,
        check_ins.c.holder,
        check_ins.c.slip_printed,
        bills.c.status.label("bill_status"),
        bills.c.amount,
        lost_time_column().label("time_lost"),
    )
    joined = tickets.outerjoin(check_ins, tickets.c.check_in_id == check_ins.c.id).outerjoin(
        bills, bills.c.check_in_id == check_ins.c.id
    )
    return select(*wanted).select_from(joined).where(tickets.c.day == day, *which)


def _read(house: House, transaction: Transaction, query: Select[*tuple[Any, ...]]) -> tuple[ConsoleTicket, ...]:
    return tuple(_ticket(house, row) for row in transaction.all(query))


def _ticket(house: House, row: RowMapping) -> ConsoleTicket:
    home: str | None = row["home_clinic_id"]
    counter = house.settings.all_counters.get(row["counter_id"] or "")
    return ConsoleTicket(
        id=row["id"],
        number=printed(row["number"]),
        clinic=_name(house, row["clinic_id"]),
        from_clinic=None if home is None or home == row["clinic_id"] else _name(house, home),
        status=row["status"],
        lane=row["lane"],
        issued_at=row["issued_at"],
        called_at=row["called_at"],
        times_called=row["times_called"],
        counter=_counter_name(counter),
        priority=row["priority"],
        priority_reason=row["reason"] or Priority.NONE.value,
        priority_proven=bool(row["priority_proven"]),
        insurance_pending=bool(row["insurance_pending"]),
        level=row["verified_level"] or EvidenceLevel.NONE.value,
        holder=row["holder"] or "",
        owed=row["amount"] if row["bill_status"] == "open" else 0,
        slip_printed=row["slip_printed"],
        time_lost=row["time_lost"] or "",
        check_in_id=row["check_in_id"],
    )


def _clinic(house: House, clinic_id: str, row: RowMapping | None) -> ConsoleClinic:
    waiting = Waiting() if row is None else as_waiting(row)
    return ConsoleClinic(
        id=clinic_id,
        name=_name(house, clinic_id),
        waiting=waiting.total,
        priority=waiting.priority,
        ordinary=waiting.ordinary,
        returning=waiting.returning,
        closed=waiting.closed,
    )


def _name(house: House, clinic_id: str) -> str:
    clinic = house.clinics.get(clinic_id)
    return clinic_id if clinic is None else clinic.name


def _counter_name(counter: CounterSettings | None) -> str | None:
    return None if counter is None else counter.name
