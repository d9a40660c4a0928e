"""Numbers a kiosk may print without the gateway: per clinic and day, with the kiosk's letter, held days ahead."""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from datetime import date, datetime, timedelta

from sqlalchemy import RowMapping, func, insert, select

from gateway.clock import day_of
from gateway.fleet.kiosks import Kiosk
from gateway.house import House, new_id
from gateway.queue import numbers, tickets
from gateway.queue.fairness import Lane
from gateway.store.database import Transaction
from gateway.store.tables import check_ins, lease_uses, leases, registrations, ticket_events
from gateway.store.tables import tickets as ticket_table
from services.contract.models import FallbackUse, Lease, Leases, TicketStatus

log = logging.getLogger(__name__)

_OVER_UNHEARD = {TicketStatus.MISSED, TicketStatus.DONE}
_UNCALLED: dict[str, object] = {
    "due": 0, "counter_id": None, "called_at": None, "first_called_at": None, "times_called": 0, "finished_at": None,
}  # fmt: skip
_OF_THE_PERSON = ("issued_at", "turn_at", "arrival", "priority", "waiting_ahead", "expected_at", "slot")
"""What a number that was called from its paper gets from the registration when that arrives."""

CALLED_BEFORE = timedelta(minutes=15)
"""A number that a counter called longer than this before the person came was read wrongly from another slip."""


def top_up(house: House, transaction: Transaction, kiosk: Kiosk) -> Leases:
    """Everything the kiosk holds from today on, topped up to the configured size."""
    today = day_of(house.now())
    days = [today + timedelta(days=ahead) for ahead in range(house.settings.queue.lease_days + 1)]
    transaction.lock(f"lease:{kiosk.letter}")
    held = transaction.all(select(leases).where(leases.c.kiosk_id == kiosk.id, leases.c.day.in_(days)))
    known = {(row["day"], row["clinic_id"]) for row in held}
    missing = [(day, clinic) for day in days for clinic in house.clinics if (day, clinic) not in known]
    if missing:
        after = {
            (row["day"], row["clinic_id"]): row["last"]
            for row in transaction.all(
                select(leases.c.day, leases.c.clinic_id, func.max(leases.c.first + leases.c.size).label("last"))
                .where(leases.c.letter == kiosk.letter, leases.c.day.in_(days))
                .group_by(leases.c.day, leases.c.clinic_id)
            )
        }
        new = [
            {
                "id": new_id(),
                "kiosk_id": kiosk.id,
                "clinic_id": clinic,
                "day": day,
                "letter": kiosk.letter,
                "first": after.get((day, clinic), 1),
                "size": house.settings.queue.lease_size,
            }
            for day, clinic in missing
        ]
        transaction.execute(insert(leases), new)
        held = transaction.all(select(leases).where(leases.c.kiosk_id == kiosk.id, leases.c.day.in_(days)))
    used = _used(transaction, [row["id"] for row in held])
    return Leases(leases=tuple(_topped_up(house, transaction, row, used[row["id"]]) for row in held))


def take_fallback(house: House, transaction: Transaction, kiosk: Kiosk, check_in: RowMapping, use: FallbackUse) -> None:
    """Make the printed number the check-in's ticket and void the one it had; the place in the queue stays.

    When a counter has called the printed number before this came, that call stands for the ticket.
    """
    now = house.now()
    old = tickets.held_ticket(transaction, check_in["id"])
    if old is None or old["number"] == use.fallback.number:
        return
    _note_use(transaction, kiosk, check_in, use)
    called = _called_from_paper(transaction, old, use.fallback.number)
    status = TicketStatus(old["status"])
    again: dict[str, object] = {}
    if status in {TicketStatus.ABANDONED, TicketStatus.VOIDED}:
        status = TicketStatus.WAITING
    elif status in _OVER_UNHEARD and old["day"] == day_of(now) and _nobody_held(transaction, old, check_in, use):
        # It was called by a number that stands on no paper: whoever holds this one was not called yet.
        status = TicketStatus.WAITING
        again = _UNCALLED | {"lane": (Lane.PRIORITY if old["priority"] else Lane.ORDINARY).value}
    tickets.change(transaction, old, TicketStatus.VOIDED, now)
    if called is not None:
        kept = {name: old[name] for name in _OF_THE_PERSON}
        transaction.execute(
            ticket_table.update()
            .where(ticket_table.c.id == called["id"])
            .values(check_in_id=check_in["id"], changed_at=now, **kept)
        )
        return
    lane = Lane(str(again.get("lane", old["lane"])))
    if status.value in tickets.QUEUED:
        numbers.join(transaction, old["clinic_id"], old["day"], lane)
    new = dict(old) | again | {
        "id": new_id(),
        "number": _free(transaction, old, use.fallback.number),
        "series": kiosk.letter,
        "status": status.value,
        "changed_at": now,
    }  # fmt: skip
    transaction.execute(insert(ticket_table).values(new))


def was_called(transaction: Transaction, check_in_id: str, number: str) -> bool:
    """Whether a counter called that number from a slip of this check-in's clinic and day before it was known."""
    mine = tickets.live_ticket(transaction, check_in_id)
    return mine is not None and _called_from_paper(transaction, mine, number) is not None


def leased_today(transaction: Transaction, clinic_id: str, day: date, number: str) -> bool:
    """Whether some kiosk may have printed that number for the clinic and day."""
    parts = re.fullmatch(r"([A-Z]+)([0-9]+)", number)
    if parts is None:
        return False
    rows = transaction.all(
        select(leases).where(leases.c.clinic_id == clinic_id, leases.c.day == day, leases.c.letter == parts[1])
    )
    return any(number in _numbers(row) for row in rows)


def _called_from_paper(transaction: Transaction, ticket: RowMapping, number: str) -> RowMapping | None:
    called = transaction.one(
        select(ticket_table).where(
            ticket_table.c.day == ticket["day"],
            ticket_table.c.clinic_id == ticket["clinic_id"],
            ticket_table.c.number == number,
            ticket_table.c.check_in_id.is_(None),
            ticket_table.c.first_called_at.is_not(None),
        )
    )
    if called is None:
        return None
    arrived = _earliest_arrival(transaction, ticket)
    return called if called["first_called_at"] >= arrived - CALLED_BEFORE else None


def _earliest_arrival(transaction: Transaction, ticket: RowMapping) -> datetime:
    """When its person may have come: before what a kiosk told whose clock was ahead, and was not corrected by that."""
    skew = select(check_ins.c.clock_skew_seconds).where(check_ins.c.id == ticket["check_in_id"])
    row = transaction.one(skew)
    ahead = 0 if row is None else row["clock_skew_seconds"] or 0
    return ticket["issued_at"] - timedelta(seconds=max(0, ahead))


def _nobody_held(transaction: Transaction, ticket: RowMapping, check_in: RowMapping, use: FallbackUse) -> bool:
    """Whether the number that is void now was never on paper: only this registration got it, its answer was lost, and
    no counter called it for somebody who stood there (typed or scanned)."""
    mine = registrations.c.check_in_id == check_in["id"]
    others = select(registrations.c.check_in_id).where(mine, registrations.c.registration_key != use.registration_key)
    stood_there = select(ticket_events.c.id).where(
        ticket_events.c.ticket_id == ticket["id"], ticket_events.c.kind == "typed"
    )
    return transaction.one(others.limit(1)) is None and transaction.one(stood_there.limit(1)) is None


def _note_use(transaction: Transaction, kiosk: Kiosk, check_in: RowMapping, use: FallbackUse) -> None:
    lease = transaction.one(
        select(leases).where(
            leases.c.id == use.fallback.lease_id,
            leases.c.kiosk_id == kiosk.id,
            leases.c.clinic_id == check_in["clinic_id"],
        )
    )
    if lease is None or use.fallback.number not in _numbers(lease):
        # Somebody holds this number on paper: it stands, and the counter sees that it was not leased.
        log.warning("kiosk %s: printed a number that was not leased to it", kiosk.letter)
        return
    row = transaction.insert(lease_uses).values(lease_id=lease["id"], number=use.fallback.number)
    transaction.execute(row.on_conflict_do_nothing())


def _free(transaction: Transaction, ticket: RowMapping, number: str) -> str:
    free = numbers.free_number(transaction, ticket["day"], ticket["clinic_id"], number)
    if free != number:
        log.error("two slips of one clinic and day bear the number %s", number)
    return free


def _topped_up(house: House, transaction: Transaction, row: RowMapping, used: set[str]) -> Lease:
    free = [number for number in _numbers(row) if number not in used]
    lacking = house.settings.queue.lease_size - len(free)
    if lacking > 0:
        size = row["size"] + lacking
        transaction.execute(leases.update().where(leases.c.id == row["id"]).values(size=size))
        free += [_number(row, place) for place in range(row["size"], size)]
    return Lease(id=row["id"], clinic_id=row["clinic_id"], day=row["day"], numbers=tuple(free))


def _numbers(row: RowMapping) -> list[str]:
    return [_number(row, place) for place in range(row["size"])]


def _number(row: RowMapping, place: int) -> str:
    return f"{row['letter']}{row['first'] + place:02}"


def _used(transaction: Transaction, lease_ids: list[str]) -> dict[str, set[str]]:
    used: dict[str, set[str]] = defaultdict(set)
    for row in transaction.all(select(lease_uses).where(lease_uses.c.lease_id.in_(lease_ids))):
        used[row["lease_id"]].add(row["number"])
    return used
