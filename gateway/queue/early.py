"""Writes about a registration, in whatever order they arrive: the fallback number, the slip, leaving.

A write that comes before its registration is kept and applied when that arrives.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, RowMapping, bindparam, delete, select, update

from gateway.clock import bounded
from gateway.fleet.kiosks import Kiosk
from gateway.house import House
from gateway.payments.bills import cancel_bill
from gateway.queue import tickets
from gateway.queue.leases import take_fallback
from gateway.store.database import Transaction
from gateway.store.prepared import Prepared
from gateway.store.tables import check_ins, early_writes, registrations
from gateway.visits import appointments, slots
from services.contract.models import Abandon, FallbackUse, SlipReport, Ticket, TicketStatus, Wire
from services.contract.routes import Write

_OF_CHECK_IN = Prepared(
    select(registrations)
    .where(registrations.c.check_in_id == bindparam("check_in"), registrations.c.kiosk_id == bindparam("kiosk"))
    .order_by(registrations.c.first.desc())
    .limit(1)
)
_REPORT = Prepared(update(check_ins).where(check_ins.c.id == bindparam("check_in")).returning(check_ins))
WAITING_FOR = (
    select(early_writes.c.operation)
    .where(
        early_writes.c.kiosk_id == bindparam("kiosk_id"),
        early_writes.c.registration_key == bindparam("registration_key"),
    )
    .exists()
    .label("more")
)
"""Whether something was kept for the registration that is stored by the same statement."""
_ORDER = (Write.FALLBACK, Write.SLIP, Write.ABANDON)


def use_fallback(
    house: House, transaction: Transaction, kiosk: Kiosk, use: FallbackUse, registration: RowMapping
) -> None:
    """The kiosk printed the leased number: it is the ticket now, any number given to that key is void."""
    check_in = tickets.check_in_of(transaction, registration["check_in_id"])
    take_fallback(house, transaction, kiosk, check_in, use)


def report_slip(house: House, transaction: Transaction, report: SlipReport, registration: RowMapping) -> RowMapping:
    """Whether the slip came out; "not printed" stands at the counter. The check-in as it is then."""
    check_in = transaction.one(
        _REPORT,
        {
            "check_in": registration["check_in_id"],
            "slip_printed": report.printed,
            "slip_code": report.failure_code,
            "slip_at": bounded(report.at, house.now()),
        },
    )
    if check_in is None:
        raise LookupError("a registration without a check-in")
    tickets.announce(transaction, check_in["clinic_id"])
    return check_in


def slip_of(house: House, transaction: Transaction, kiosk: Kiosk, id: str, report: SlipReport) -> Ticket | None:
    """The report about a check-in of this kiosk, by the check-in's id or its registration's key."""
    registration = transaction.one(_OF_CHECK_IN, {"check_in": id, "kiosk": kiosk.id})
    if registration is None:
        return perform(house, transaction, kiosk, Write.SLIP, id[:64], report)
    check_in = report_slip(house, transaction, report, registration)
    own = tickets.SlipCodes(registration["slip_token"], registration["reprint_code"])
    return tickets.as_answer(house, transaction, check_in, codes=own if registration["first"] else None)


def abandon(house: House, transaction: Transaction, registration: RowMapping) -> None:
    """Undo what was begun and not finished. A paid bill, a called number, an earlier ticket of the same person stay."""
    if not registration["first"]:
        return
    check_in = tickets.check_in_of(transaction, registration["check_in_id"])
    ticket = tickets.held_ticket(transaction, check_in["id"])
    if ticket is None or ticket["status"] not in tickets.QUEUED:
        return
    if not cancel_bill(house, transaction, check_in["id"]):
        return
    tickets.change(transaction, ticket, TicketStatus.ABANDONED, house.now())
    slots.give_back(transaction, check_in["clinic_id"], ticket["day"], ticket["slot"])
    appointments.give_back(transaction, check_in["id"])


def perform(house: House, transaction: Transaction, kiosk: Kiosk, write: Write, key: str, body: Wire) -> Ticket | None:
    """Apply a write to the registration `key`, or keep it until that arrives (then None)."""
    registration = tickets.find_registration(transaction, kiosk.id, key)
    if registration is None:
        # Unless it is being registered at this moment: each sees the other behind the lock.
        hold(transaction, kiosk, key)
        registration = tickets.find_registration(transaction, kiosk.id, key)
    if registration is None:
        row = transaction.insert(early_writes).values(
            kiosk_id=kiosk.id,
            registration_key=key,
            operation=write.value,
            body=body.model_dump_json(),
            received_at=house.now(),
        )
        transaction.execute(row.on_conflict_do_nothing())
        return None
    _apply(house, transaction, kiosk, body, registration)
    check_in = tickets.check_in_of(transaction, registration["check_in_id"])
    return tickets.as_answer(house, transaction, check_in)


def hold(transaction: Transaction, kiosk: Kiosk, key: str) -> None:
    """Let a registration and the writes about it that overtake it wait for each other."""
    transaction.lock(f"registration:{kiosk.id}:{key}")


def apply(house: House, transaction: Transaction, kiosk: Kiosk, key: str) -> None:
    """Apply what was kept for the registration that has just arrived."""
    mine = _mine(kiosk, key)
    kept = {row["operation"]: row["body"] for row in transaction.all(select(early_writes).where(*mine))}
    if not kept:
        return
    registration = tickets.find_registration(transaction, kiosk.id, key)
    if registration is None:
        return
    models: dict[Write, type[Wire]] = {
        Write.FALLBACK: FallbackUse,
        Write.SLIP: SlipReport,
        Write.ABANDON: Abandon,
    }
    for write in _ORDER:
        if write.value in kept:
            body = models[write].model_validate_json(kept[write.value])
            _apply(house, transaction, kiosk, body, registration)
    transaction.execute(delete(early_writes).where(*mine))


def _mine(kiosk: Kiosk, key: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return early_writes.c.kiosk_id == kiosk.id, early_writes.c.registration_key == key


def _apply(house: House, transaction: Transaction, kiosk: Kiosk, body: Wire, registration: RowMapping) -> None:
    match body:
        case FallbackUse():
            use_fallback(house, transaction, kiosk, body, registration)
        case SlipReport():
            report_slip(house, transaction, body, registration)
        case Abandon():
            abandon(house, transaction, registration)
        case _:
            raise TypeError(type(body).__name__)
