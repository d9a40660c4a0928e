"""Tickets: what becomes of a number after it was given, and how a kiosk sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import RowMapping, bindparam, select, update

from gateway.hospital import outbox
from gateway.hospital.questions import lost_time
from gateway.house import House
from gateway.insurance.amounts import Payer
from gateway.queue.clinics import clinic_now
from gateway.queue.fairness import Lane
from gateway.queue.numbers import Waiting, join, leave, printed
from gateway.settings import ClinicSettings
from gateway.store.database import Transaction
from gateway.store.prepared import Prepared
from gateway.store.tables import bills, check_ins, queue_days, registrations, tickets
from gateway.visits.slots import slot_of
from services.contract.models import Amounts, EvidenceLevel, Priority, Ticket, TicketStatus

QUEUED = (TicketStatus.WAITING.value, TicketStatus.UNPAID.value)
"""Statuses of people who are counted as waiting."""

LIVE = (*QUEUED, TicketStatus.CALLED.value, TicketStatus.AWAY.value, TicketStatus.MISSED.value)
"""Statuses of a number that still means something."""

STAFF_TOPIC = "staff"

OPEN_BILL = "open"

Row = RowMapping | dict[str, Any]
"""A row that was read, or one that was just stored."""

_VOID_LAST = (tickets.c.status == TicketStatus.VOIDED.value, tickets.c.changed_at.desc())
"""The newest first; a void number stands for a check-in only where it has no other, however new."""

_TICKETS_AND_BILL = Prepared(
    select(tickets, bills.c.id.label("bill_id"), bills.c.amount, bills.c.status.label("bill_status"))
    .outerjoin(bills, bills.c.check_in_id == tickets.c.check_in_id)
    .where(tickets.c.check_in_id == bindparam("check_in"))
    .order_by(*_VOID_LAST)
)
_PAID = Prepared(
    update(tickets)
    .where(tickets.c.check_in_id == bindparam("check_in"), tickets.c.status == TicketStatus.UNPAID.value)
    .values(status=TicketStatus.WAITING.value)
    .returning(tickets.c.clinic_id)
)
_REGISTRATION = Prepared(
    select(registrations).where(
        registrations.c.kiosk_id == bindparam("kiosk"), registrations.c.registration_key == bindparam("key")
    )
)


def topic(clinic_id: str) -> str:
    """What consoles and boards of a clinic wait for."""
    return f"queue:{clinic_id}"


def announce(transaction: Transaction, *clinic_ids: str) -> None:
    """Tell the staff's pages, and the consoles and boards of these clinics, to look again."""
    transaction.announce(STAFF_TOPIC)
    for clinic_id in clinic_ids:
        transaction.announce(topic(clinic_id))


@dataclass(frozen=True)
class SlipCodes:
    """What a slip carries: the token of its QR code and the code people type."""

    token: str
    reprint: str


def live_ticket(transaction: Transaction, check_in_id: str) -> RowMapping | None:
    """The check-in's ticket that counts: the live one, else the last that is not void."""
    rows = transaction.all(select(tickets).where(tickets.c.check_in_id == check_in_id).order_by(*_VOID_LAST))
    return next((row for row in rows if row["status"] in LIVE), rows[0] if rows else None)


def hold(transaction: Transaction, day: date, *clinic_ids: str) -> dict[str, RowMapping]:
    """Lock the lines of clinics until this ends, always in the same order: every change of a waiting ticket does."""
    wanted = sorted(set(clinic_ids))
    rows = transaction.all(
        select(queue_days)
        .where(queue_days.c.day == day, queue_days.c.clinic_id.in_(wanted))
        .order_by(queue_days.c.clinic_id)
        .with_for_update()
    )
    return {row["clinic_id"]: row for row in rows}


def held_ticket(transaction: Transaction, check_in_id: str) -> RowMapping | None:
    """The check-in's ticket, with its line locked."""
    row = live_ticket(transaction, check_in_id)
    if row is None:
        return None
    hold(transaction, row["day"], row["clinic_id"])
    return live_ticket(transaction, check_in_id)


def is_priority(check_in: Row) -> bool:
    """Whether the check-in has priority, proven or declared."""
    return check_in["priority"] != Priority.NONE.value


def is_unverified(check_in: Row) -> bool:
    """Whether the desk must confirm who it is."""
    return check_in["verified_level"] != EvidenceLevel.CHIP_GENUINE.value


def change(transaction: Transaction, ticket: RowMapping, status: TicketStatus, now: datetime, **values: object) -> None:
    """Give a ticket whose line is locked another status (and other values); the people who wait are counted."""
    values |= {"status": status.value, "changed_at": now}
    transaction.execute(update(tickets).where(tickets.c.id == ticket["id"]).values(**values))
    clinic_id, lane = str(values.get("clinic_id", ticket["clinic_id"])), str(values.get("lane", ticket["lane"]))
    before = ticket["clinic_id"], ticket["lane"], ticket["status"] in QUEUED
    after = clinic_id, lane, status.value in QUEUED
    if before != after:
        if before[2]:
            leave(transaction, ticket["clinic_id"], ticket["day"], Lane(ticket["lane"]))
        if after[2]:
            join(transaction, clinic_id, ticket["day"], Lane(lane))
    if ticket["check_in_id"] is not None:
        outbox.changed(transaction, ticket["check_in_id"], now)
    announce(transaction, ticket["clinic_id"], clinic_id)


def paid(transaction: Transaction, check_in_id: str, now: datetime) -> None:
    """The bill is paid: the ticket is like any other waiting one."""
    row = transaction.one(_PAID, {"check_in": check_in_id, "changed_at": now})
    outbox.changed(transaction, check_in_id, now)
    announce(transaction, *([] if row is None else [str(row["clinic_id"])]))


def as_answer(
    house: House,
    transaction: Transaction,
    check_in: RowMapping,
    amounts: Amounts | None = None,
    codes: SlipCodes | None = None,
    *,
    held: bool = False,
) -> Ticket:
    """The ticket as the kiosk gets it. `codes`: those of its slip where they are known, else the first slip's; `held`:
    the person had it before."""
    rows = transaction.all(_TICKETS_AND_BILL, {"check_in": check_in["id"]})
    if not rows:
        raise LookupError("a check-in without a ticket")
    ticket = next((row for row in rows if row["status"] in LIVE), rows[0])
    codes = codes or _first_codes(transaction, check_in["id"])
    owed = (ticket["bill_id"], ticket["amount"]) if ticket["bill_status"] == OPEN_BILL else None
    found = answer(house, check_in, ticket, owed, codes, amounts, held=held)
    if ticket["slot"] is None or not lost_time(transaction, check_in["id"]):
        return found
    return found.model_copy(update={"slot_lost": True})


def answer(
    house: House,
    check_in: Row,
    ticket: Row,
    owed: tuple[str, int] | None,
    codes: SlipCodes,
    amounts: Amounts | None = None,
    *,
    held: bool = False,
) -> Ticket:
    """The same from rows at hand; `owed`: its open bill's id and amount."""
    ahead, expected = ticket["waiting_ahead"], ticket["expected_at"]
    settings = _clinic(house, ticket["clinic_id"])
    clinic = clinic_now(house, settings, Waiting(ordinary=ahead or 0), Payer.OPEN)
    return Ticket(
        check_in_id=check_in["id"],
        number=printed(ticket["number"]),
        clinic=clinic.model_copy(update={"amounts": amounts}),
        status=TicketStatus(ticket["status"]),
        waiting=ahead,
        expected_at=None if expected is None else expected.astimezone(UTC),
        issued_at=ticket["issued_at"].astimezone(UTC),
        priority=ticket["priority"],
        insurance_pending=check_in["insurance_pending"],
        unverified=is_unverified(check_in),
        held=held,
        slot=slot_of(settings, ticket["day"], ticket["slot"]),
        code=codes.token,
        reprint_code=codes.reprint,
        bill_id=None if owed is None else owed[0],
        amount_due=None if owed is None else owed[1],
    )


def find_registration(transaction: Transaction, kiosk_id: str, key: str) -> RowMapping | None:
    """The registration with that key."""
    return transaction.one(_REGISTRATION, {"kiosk": kiosk_id, "key": key})


def check_in_of(transaction: Transaction, check_in_id: str) -> RowMapping:
    """The check-in of that id, locked."""
    row = transaction.one(select(check_ins).where(check_ins.c.id == check_in_id).with_for_update())
    if row is None:
        raise LookupError("a registration without a check-in")
    return row


def _first_codes(transaction: Transaction, check_in_id: str) -> SlipCodes:
    row = transaction.one(
        select(registrations).where(registrations.c.check_in_id == check_in_id, registrations.c.first)
    )
    if row is None:
        raise LookupError("a check-in without a registration")
    return SlipCodes(row["slip_token"], row["reprint_code"])


def _clinic(house: House, clinic_id: str) -> ClinicSettings:
    known = house.clinic(clinic_id)
    if known is not None:
        return known
    # The clinic was taken out of the settings after the number was given: the number still stands.
    return ClinicSettings(
        id=clinic_id,
        name=clinic_id,
        name_en=clinic_id,
        icon="stethoscope",
        room="",
        room_en="",
        way="",
        way_en="",
        insured_price=0,
        price=0,
    )
