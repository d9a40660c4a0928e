"""What the insurance desk looks at: whose insurance is open today, what stands behind a slip, how the line does.

No names: who stands there is known by their number and their papers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import RowMapping, Select, func, select

from gateway.clock import PLACE, day_of
from gateway.house import House
from gateway.insurance.failures import InsurerFault
from gateway.insurance.look_up import KeptJudgement
from gateway.queue.numbers import printed
from gateway.store.database import Transaction
from gateway.store.tables import check_ins, later_look_ups, look_ups, tickets
from services.contract.models import Mismatch, TicketStatus
from services.contract.ticket_codes import clean_reprint_code

NEWEST = 200
_OVER = [TicketStatus.ABANDONED.value, TicketStatus.VOIDED.value, TicketStatus.DONE.value]


@dataclass(frozen=True)
class Case:
    """One patient whose insurance a person must look at. `result` empty: the insurer has not answered."""

    check_in_id: str
    number: str
    clinic: str
    issued_at: datetime
    presented_at: datetime | None
    """When the card was presented: the fund pays from then on."""
    result: str
    code: str
    remark: str
    mismatch: Mismatch | None
    failure: str
    again: bool
    """The gateway goes on asking by itself."""


@dataclass(frozen=True)
class LineDay:
    """How one kind of answer came today; `failure` or `code` says which."""

    code: str
    failure: str
    count: int
    last_at: datetime
    alarm: bool
    """Ours to repair: account, member of staff, or the form of the question."""


def open_cases(house: House, transaction: Transaction) -> list[Case]:
    """Today's, newest first."""
    rows = _query().where(
        check_ins.c.insurance_pending, tickets.c.day == day_of(house.now()), tickets.c.status.not_in(_OVER)
    )
    return [_case(house, row) for row in transaction.all(rows.order_by(tickets.c.issued_at.desc()).limit(NEWEST))]


def by_slip(house: House, transaction: Transaction, typed: str) -> Case | None:
    """The case of a mismatch slip, by the code on it, of any day."""
    code = clean_reprint_code(typed)
    if not code:
        return None
    void = tickets.c.status == TicketStatus.VOIDED.value
    row = transaction.one(_query().where(look_ups.c.mismatch_code == code).order_by(void, tickets.c.issued_at.desc()))
    return None if row is None else _case(house, row)


def line_today(house: House, transaction: Transaction) -> list[LineDay]:
    """What the insurer answered today, and how often it did not."""
    today = day_of(house.now())
    rows = transaction.all(
        select(
            look_ups.c.result_code,
            look_ups.c.failure_code,
            func.count().label("count"),
            func.max(look_ups.c.asked_at).label("last_at"),
        )
        .where(look_ups.c.asked_at >= datetime.combine(today, time(), PLACE))
        .group_by(look_ups.c.result_code, look_ups.c.failure_code)
        .order_by(func.count().desc(), look_ups.c.result_code)
    )
    return [
        LineDay(
            row["result_code"],
            row["failure_code"] or "",
            row["count"],
            row["last_at"],
            row["failure_code"] == InsurerFault.ACCOUNT_REFUSED.value
            or bool(row["result_code"] and house.rules.result_code(row["result_code"], today).alarm),
        )
        for row in rows
    ]


def _query() -> Select[*tuple[Any, ...]]:
    """A ticket with its check-in and the look-up that counts for it."""
    again = select(later_look_ups.c.check_in_id).where(later_look_ups.c.check_in_id == check_ins.c.id).exists()
    return (
        select(
            check_ins.c.id,
            tickets.c.clinic_id,
            check_ins.c.insurance_failure,
            check_ins.c.insurance_presented_at,
            tickets.c.number,
            tickets.c.issued_at,
            look_ups.c.sealed_judgement,
            again.label("again"),
        )
        .select_from(tickets.join(check_ins, tickets.c.check_in_id == check_ins.c.id))
        .outerjoin(look_ups, look_ups.c.id == check_ins.c.eligibility_id)
    )


def _case(house: House, row: RowMapping) -> Case:
    sealed = row["sealed_judgement"]
    kept = None if sealed is None else KeptJudgement.model_validate_json(house.vault.open(sealed))
    clinic = house.clinics.get(row["clinic_id"])
    return Case(
        check_in_id=row["id"],
        number=printed(row["number"]),
        clinic=row["clinic_id"] if clinic is None else clinic.name,
        issued_at=row["issued_at"],
        presented_at=row["insurance_presented_at"],
        result="" if kept is None else kept.eligibility.result.value,
        code="" if kept is None else kept.eligibility.result_code,
        remark="" if kept is None else kept.remark,
        mismatch=None if kept is None else kept.eligibility.mismatch,
        failure=row["insurance_failure"] or "",
        again=row["again"],
    )
