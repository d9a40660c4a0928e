"""What the staff desk shows: open calls, today's numbers, slips that did not come out, identities to confirm.

No names: who stands there is seen from the number, and from the papers they bring.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import RowMapping, Select, select, update

from gateway.clock import day_of
from gateway.hospital.questions import lost_time_column
from gateway.house import House
from gateway.queue.numbers import printed
from gateway.queue.tickets import LIVE
from gateway.settings import ClinicSettings
from gateway.staff.calls import STAFF_TOPIC, open_calls
from gateway.staff.reasons import why
from gateway.staff.times import DeskTask, open_tasks
from gateway.store.database import Transaction
from gateway.store.tables import check_ins, kiosks, tickets
from services.contract.models import EvidenceLevel, TicketStatus

NEWEST = 100
"""How many of today's numbers the page lists; the two lists of work to do are never cut below this either."""


class DeskModel(BaseModel):
    """Frozen, JSON for the page."""

    model_config = ConfigDict(frozen=True)


class DeskCall(DeskModel):
    """An open staff call."""

    id: str
    kiosk: str
    status: str
    step: str
    called_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None


class DeskTicket(DeskModel):
    """One of today's numbers. Fields are codes; the page has the words."""

    check_in_id: str
    number: str
    """As it stands on the slip."""
    found_by: str
    """The same, headed by the code of the clinic that gave it where another one calls it: two slips may look alike."""
    clinic: str
    clinic_id: str
    kiosk: str
    issued_at: datetime
    status: str
    uninsured: bool
    """No card was shown yet: it can be shown at the desk now."""
    priority: str
    priority_proven: bool
    insurance_pending: bool
    level: str
    why: str
    """Why it is trusted no further: the last part of a message id (`gateway.staff.reasons`)."""
    holder: str
    slip_printed: bool | None
    slip_code: str | None
    time_lost: str
    """The time on its slip ("13:30") that has no place at the hospital any more; empty while all is well."""


class Desk(DeskModel):
    """The whole page."""

    now: datetime
    calls: tuple[DeskCall, ...]
    tasks: tuple[DeskTask, ...]
    """What the hospital's system asks for."""
    today: tuple[DeskTicket, ...]
    unprinted: tuple[DeskTicket, ...]
    unverified: tuple[DeskTicket, ...]


def desk(house: House, transaction: Transaction) -> Desk:
    """The desk now."""
    names = {row["id"]: row["name"] for row in transaction.all(select(kiosks.c.id, kiosks.c.name))}
    today = _today(house)
    alive = tickets.c.status.in_([TicketStatus.WAITING.value, TicketStatus.UNPAID.value, TicketStatus.CALLED.value])
    unverified = check_ins.c.verified_level != EvidenceLevel.CHIP_GENUINE.value

    def read(query: Select[*tuple[Any, ...]]) -> tuple[DeskTicket, ...]:
        newest = query.order_by(tickets.c.issued_at.desc()).limit(NEWEST)
        return tuple(_ticket(house, names, row) for row in transaction.all(newest))

    return Desk(
        now=house.now(),
        calls=tuple(_call(names, row) for row in open_calls(transaction)),
        tasks=open_tasks(house, transaction),
        today=read(today.where(tickets.c.status != TicketStatus.VOIDED.value)),
        unprinted=read(today.where(alive, check_ins.c.slip_printed.is_(False))),
        unverified=read(today.where(alive, unverified)),
    )


def desk_tickets(house: House, transaction: Transaction, check_ins_found: Sequence[str]) -> tuple[DeskTicket, ...]:
    """Today's numbers of these check-ins, as the desk sees them, in their order."""
    names = {row["id"]: row["name"] for row in transaction.all(select(kiosks.c.id, kiosks.c.name))}
    these = check_ins.c.id.in_(check_ins_found), tickets.c.status != TicketStatus.VOIDED.value
    found = [_ticket(house, names, row) for row in transaction.all(_today(house).where(*these))]
    return tuple(sorted(found, key=lambda one: check_ins_found.index(one.check_in_id)))


def slip_given(house: House, transaction: Transaction, check_in_id: str) -> None:
    """Somebody at the desk printed or wrote the slip and handed it over."""
    transaction.execute(
        update(check_ins).where(check_ins.c.id == check_in_id).values(slip_printed=True, slip_at=house.now())
    )
    transaction.announce(STAFF_TOPIC)


def _today(house: House) -> Select[*tuple[Any, ...]]:
    wanted = (
        tickets.c.number,
        tickets.c.clinic_id,
        tickets.c.status,
        tickets.c.issued_at,
        check_ins.c.id,
        check_ins.c.kiosk_id,
        check_ins.c.priority,
        check_ins.c.priority_proven,
        check_ins.c.use_insurance,
        check_ins.c.insurance_pending,
        check_ins.c.verified_level,
        check_ins.c.evidence_reason,
        check_ins.c.holder,
        check_ins.c.slip_printed,
        check_ins.c.slip_code,
        lost_time_column().label("time_lost"),
    )
    joined = tickets.join(check_ins, tickets.c.check_in_id == check_ins.c.id)
    return select(*wanted).select_from(joined).where(tickets.c.day == day_of(house.now()))


def _is_examined(clinic: ClinicSettings | None) -> bool:
    return clinic is not None and not clinic.guide_desk and clinic.group is None


def _call(names: dict[str, str], row: RowMapping) -> DeskCall:
    return DeskCall(
        id=row["id"],
        kiosk=names.get(row["kiosk_id"], ""),
        status=row["status"],
        step=row["step"],
        called_at=row["called_at"],
        acknowledged_at=row["acknowledged_at"],
        acknowledged_by=row["acknowledged_by"],
    )


def _ticket(house: House, names: dict[str, str], row: RowMapping) -> DeskTicket:
    clinic = house.clinics.get(row["clinic_id"])
    return DeskTicket(
        check_in_id=row["id"],
        number=printed(row["number"]),
        found_by=row["number"],
        clinic=row["clinic_id"] if clinic is None else clinic.name,
        clinic_id=row["clinic_id"],
        kiosk=names.get(row["kiosk_id"], ""),
        issued_at=row["issued_at"],
        status=row["status"],
        uninsured=not row["use_insurance"] and row["status"] in LIVE and _is_examined(clinic),
        priority=row["priority"],
        priority_proven=row["priority_proven"],
        insurance_pending=row["insurance_pending"],
        level=row["verified_level"],
        why=why(row["evidence_reason"]),
        holder=row["holder"] or "",
        slip_printed=row["slip_printed"],
        slip_code=row["slip_code"],
        time_lost=row["time_lost"] or "",
    )
