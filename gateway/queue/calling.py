"""What a counter does with numbers. Each function is one change in a transaction whose lines are locked.

Two counters never get the same ticket: the line of the clinic and day is locked before its first ticket is chosen
(BEGIN IMMEDIATE on SQLite, a row lock on PostgreSQL), and a unique index lets a counter hold one ticket only.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import RowMapping, insert, select, update

from gateway.clock import day_of
from gateway.house import House, new_id
from gateway.problems import Refused
from gateway.queue import numbers, tickets
from gateway.queue.counters import Seat
from gateway.queue.fairness import Heads, Lane, Turn, choose
from gateway.queue.leases import leased_today
from gateway.store.database import Transaction
from gateway.store.tables import queue_days, ticket_events
from gateway.store.tables import tickets as table
from services.contract.models import TicketStatus

WAITING = TicketStatus.WAITING.value
CALLABLE = {WAITING, TicketStatus.MISSED.value, TicketStatus.AWAY.value, TicketStatus.DONE.value}
"""Statuses of a number that a counter may call by itself, outside the line (typed from a slip, or scanned)."""


def call_next(house: House, transaction: Transaction, seat: Seat, clinic_id: str, after: str | None) -> str | None:
    """Finish the ticket `after` (the one the clerk saw) and call the next by the fairness rule; the id of that one.

    Raises Refused 409 when another ticket than `after` stands at the counter, 403 for a clinic of other counters.
    """
    if clinic_id not in seat.counter.clinics:
        raise Refused(403, "This counter does not call numbers of that clinic")
    day = day_of(house.now())
    current, lines = _hold_with_current(transaction, seat, day, clinic_id)
    if (None if current is None else current["id"]) != after:
        raise Refused(409, "Another number stands at the counter")
    if current is not None:
        _finish(house, transaction, seat, current)
    row = lines.get(clinic_id)
    if row is None:
        return None
    first = {lane: head(transaction, day, clinic_id, lane) for lane in Lane}
    returning = first[Lane.RETURNING]
    heads = Heads(
        first[Lane.PRIORITY] is not None,
        first[Lane.ORDINARY] is not None,
        returning is not None,
        returning is not None and returning["due"] <= row["calls"],
    )
    turn = Turn(row["overtaken"], row["returned"])
    choice = choose(heads, turn, house.settings.queue.priority_per_ordinary)
    if choice is None:
        return None
    lane, turn = choice
    chosen = first[lane]
    if chosen is None:
        raise LookupError("the rule chose an empty lane")
    _remember(transaction, day, clinic_id, calls=row["calls"] + 1, overtaken=turn.overtaken, returned=turn.returned)
    _call(house, transaction, seat, chosen, "next")
    return str(chosen["id"])


def call_this(house: House, transaction: Transaction, seat: Seat, ticket_id: str, after: str | None) -> None:
    """Call a number out of turn (typed from a slip or scanned). The fairness of the line is not touched by it."""
    ticket, current = _with_current(house, transaction, seat, ticket_id, after)
    if current is not None and current["id"] == ticket_id:
        return
    if ticket["status"] not in CALLABLE:
        raise Refused(409, "The number cannot be called", detail=ticket["status"])
    _belongs_here(seat, ticket)
    if current is not None:
        _finish(house, transaction, seat, current)
    _count_call(transaction, ticket)
    _call(house, transaction, seat, ticket, "typed")


def call_slip(
    house: House, transaction: Transaction, seat: Seat, clinic_id: str, number: str, after: str | None
) -> str:
    """Call a leased number whose registration has not arrived yet (printed offline); the id of its ticket."""
    if clinic_id not in seat.counter.clinics:
        raise Refused(403, "This counter does not call numbers of that clinic")
    day = day_of(house.now())
    if not leased_today(transaction, clinic_id, day, number):
        raise Refused(404, "No kiosk may have printed that number today")
    now = house.now()
    ticket_id = new_id()
    numbers.have_a_line(transaction, clinic_id, day)
    tickets.hold(transaction, day, clinic_id)
    row = transaction.insert(table).values(
        id=ticket_id, clinic_id=clinic_id, day=day, number=number, series=number.rstrip("0123456789"),
        status=TicketStatus.MISSED.value, issued_at=now, turn_at=now, changed_at=now,
    )  # fmt: skip
    if not transaction.added(row):
        raise Refused(409, "The number is known")
    call_this(house, transaction, seat, ticket_id, after)
    return ticket_id


def recall(house: House, transaction: Transaction, seat: Seat, ticket_id: str) -> None:
    """Call the ticket at the counter once more: the board shows and says it again."""
    ticket = _at_this_counter(house, transaction, seat, ticket_id)
    _call(house, transaction, seat, ticket, "recall")


def finish(house: House, transaction: Transaction, seat: Seat, ticket_id: str) -> None:
    """The person was served."""
    _finish(house, transaction, seat, _at_this_counter(house, transaction, seat, ticket_id))


def skip(house: House, transaction: Transaction, seat: Seat, ticket_id: str) -> None:
    """Nobody came: the number waits among the absent until somebody takes it in again."""
    _put(house, transaction, seat, _at_this_counter(house, transaction, seat, ticket_id), TicketStatus.MISSED, "skip")


def send_away(house: House, transaction: Transaction, seat: Seat, ticket_id: str) -> None:
    """The person goes for tests and comes back with results."""
    _put(house, transaction, seat, _at_this_counter(house, transaction, seat, ticket_id), TicketStatus.AWAY, "away")


def take_in(house: House, transaction: Transaction, seat: Seat, ticket_id: str, after_calls: int | None) -> None:
    """Back in the line, due after so many further calls: somebody absent, back with results, or called by mistake.

    None: what the site's settings say for one who was absent, or for one with results.
    """
    ticket = locked(house, transaction, ticket_id)
    status = ticket["status"]
    if status == TicketStatus.CALLED.value:
        if ticket["counter_id"] != seat.counter.id:
            raise Refused(409, "The number stands at another counter")
    elif status not in CALLABLE - {WAITING}:
        raise Refused(409, "The number cannot come back", detail=status)
    queue = house.settings.queue
    if after_calls is None:
        after_calls = queue.results_after if status == TicketStatus.AWAY.value else queue.back_after
    line = tickets.hold(transaction, ticket["day"], ticket["clinic_id"])[ticket["clinic_id"]]
    _put(
        house, transaction, seat, ticket, TicketStatus.WAITING, "back",
        lane=Lane.RETURNING.value, due=line["calls"] + after_calls, finished_at=None,
    )  # fmt: skip


def set_priority(house: House, transaction: Transaction, seat: Seat, ticket_id: str, priority: bool) -> None:
    """The counter looked at the papers: the person has priority, or has none. The place by time of issue stays."""
    ticket = locked(house, transaction, ticket_id)
    if ticket["status"] not in tickets.LIVE:
        raise Refused(409, "The number is over", detail=ticket["status"])
    lane = ticket["lane"]
    if lane != Lane.RETURNING.value:
        lane = (Lane.PRIORITY if priority else Lane.ORDINARY).value
    status = TicketStatus(ticket["status"])
    if priority and status is TicketStatus.UNPAID:
        status = TicketStatus.WAITING
    kind = "priority" if priority else "ordinary"
    tickets.change(transaction, ticket, status, house.now(), lane=lane, priority=priority)
    note(house, transaction, ticket, kind, seat.clerk.name, seat.counter.id)


def at_counter(transaction: Transaction, counter_id: str, day: date) -> RowMapping | None:
    """The ticket that stands at a counter."""
    here = table.c.counter_id == counter_id, table.c.day == day, table.c.status == TicketStatus.CALLED.value
    return transaction.one(select(table).where(*here))


def head(transaction: Transaction, day: date, clinic_id: str, lane: Lane) -> RowMapping | None:
    """The first of a lane."""
    return next(iter(line(transaction, day, clinic_id, lane, 1)), None)


def line(transaction: Transaction, day: date, clinic_id: str, lane: Lane, limit: int) -> list[RowMapping]:
    """The first of a lane in the order of their calls."""
    return transaction.all(
        select(table)
        .where(
            table.c.day == day, table.c.clinic_id == clinic_id, table.c.status == WAITING, table.c.lane == lane.value
        )
        .order_by(table.c.due, table.c.turn_at, table.c.arrival, table.c.id)
        .limit(limit)
    )


def note(
    house: House, transaction: Transaction, ticket: RowMapping, kind: str, actor: str, counter_id: str | None
) -> None:
    """Keep who did what with a ticket."""
    event = {
        "id": new_id(),
        "ticket_id": ticket["id"],
        "at": house.now(),
        "kind": kind,
        "actor": actor,
        "counter_id": counter_id,
        "clinic_id": ticket["clinic_id"],
    }
    transaction.execute(insert(ticket_events).values(event))


def locked(house: House, transaction: Transaction, ticket_id: str, *more_clinics: str) -> RowMapping:
    """One of today's tickets with its line locked. Raises Refused 404, 409 when it was moved meanwhile."""
    for_id = select(table).where(table.c.id == ticket_id, table.c.day == day_of(house.now()))
    seen = transaction.one(for_id)
    if seen is None:
        raise Refused(404, "There is no such number today")
    tickets.hold(transaction, seen["day"], seen["clinic_id"], *more_clinics)
    row = transaction.one(for_id)
    if row is None or row["clinic_id"] != seen["clinic_id"]:
        raise Refused(409, "The number was moved meanwhile")
    return row


def _with_current(
    house: House, transaction: Transaction, seat: Seat, ticket_id: str, after: str | None
) -> tuple[RowMapping, RowMapping | None]:
    day = day_of(house.now())
    before = at_counter(transaction, seat.counter.id, day)
    ticket = locked(house, transaction, ticket_id, *([] if before is None else [before["clinic_id"]]))
    current = at_counter(transaction, seat.counter.id, day)
    if (None if current is None else current["id"]) not in {after, ticket_id}:
        raise Refused(409, "Another number stands at the counter")
    return ticket, current


def _hold_with_current(
    transaction: Transaction, seat: Seat, day: date, clinic_id: str
) -> tuple[RowMapping | None, dict[str, RowMapping]]:
    """Lock the clinic's line and that of the ticket at the counter, then read that ticket behind the locks."""
    before = at_counter(transaction, seat.counter.id, day)
    lines = tickets.hold(transaction, day, clinic_id, *([] if before is None else [before["clinic_id"]]))
    return at_counter(transaction, seat.counter.id, day), lines


def _at_this_counter(house: House, transaction: Transaction, seat: Seat, ticket_id: str) -> RowMapping:
    ticket = locked(house, transaction, ticket_id)
    if ticket["status"] != TicketStatus.CALLED.value or ticket["counter_id"] != seat.counter.id:
        raise Refused(409, "The number does not stand at this counter", detail=ticket["status"])
    return ticket


def _belongs_here(seat: Seat, ticket: RowMapping) -> None:
    if ticket["clinic_id"] not in seat.counter.clinics:
        raise Refused(403, "The number waits for another clinic")


def _call(house: House, transaction: Transaction, seat: Seat, ticket: RowMapping, kind: str) -> None:
    now = house.now()
    tickets.change(
        transaction, ticket, TicketStatus.CALLED, now,
        counter_id=seat.counter.id, called_at=now, first_called_at=ticket["first_called_at"] or now,
        times_called=ticket["times_called"] + 1, finished_at=None,
    )  # fmt: skip
    note(house, transaction, ticket, kind, seat.clerk.name, seat.counter.id)


def _finish(house: House, transaction: Transaction, seat: Seat, ticket: RowMapping) -> None:
    _put(house, transaction, seat, ticket, TicketStatus.DONE, "finish", finished_at=house.now())


def _put(
    house: House,
    transaction: Transaction,
    seat: Seat,
    ticket: RowMapping,
    status: TicketStatus,
    kind: str,
    **values: object,
) -> None:
    tickets.change(transaction, ticket, status, house.now(), **values)
    note(house, transaction, ticket, kind, seat.clerk.name, seat.counter.id)


def _count_call(transaction: Transaction, ticket: RowMapping) -> None:
    where = queue_days.c.day == ticket["day"], queue_days.c.clinic_id == ticket["clinic_id"]
    transaction.execute(update(queue_days).where(*where).values(calls=queue_days.c.calls + 1))


def _remember(transaction: Transaction, day: date, clinic_id: str, **values: object) -> None:
    where = queue_days.c.day == day, queue_days.c.clinic_id == clinic_id
    transaction.execute(update(queue_days).where(*where).values(**values))


def is_leased_now(house: House, transaction: Transaction, clinic_id: str, number: str) -> bool:
    """Whether a slip with that number may have been printed offline today for the clinic."""
    return bool(number) and leased_today(transaction, clinic_id, day_of(house.now()), number)
