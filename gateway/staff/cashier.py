"""The cashier's page: who waits to pay before the examination, and what the cashier does about it."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from gateway.clock import day_of
from gateway.house import House
from gateway.payments.bills import OPEN_BILL, pay_at_desk
from gateway.payments.lines import details_of
from gateway.problems import Refused
from gateway.queue import calling
from gateway.queue import tickets as queue_tickets
from gateway.queue.numbers import printed
from gateway.store.database import Transaction
from gateway.store.tables import bills, cashier_tasks, tickets
from services.contract.models import TicketStatus

MOST = 200
"""So many people of today are shown."""


class CashierModel(BaseModel):
    """Frozen, JSON for the page."""

    model_config = ConfigDict(frozen=True)


class OpenBill(CashierModel):
    """A bill of today that is not paid. `amount` in đồng."""

    bill_id: str
    bill_number: str
    ticket_id: str
    """Empty for a bill that is no visit's."""
    number: str
    clinic: str
    """Or what the bill is for."""
    amount: int
    issued_at: datetime
    held: bool
    """The number is not called before this is paid."""


class Cashier(CashierModel):
    """The whole page."""

    now: datetime
    bills: tuple[OpenBill, ...]
    others: tuple[OpenBill, ...]
    """Of systems that have no cashier of their own: fees of dossiers, all of them, of whatever day."""
    tasks: int
    """Questions about money that wait for a person."""


def cashier(house: House, transaction: Transaction) -> Cashier:
    """The page now; whoever is held back first."""
    rows = transaction.all(
        select(
            tickets.c.id,
            tickets.c.number,
            tickets.c.clinic_id,
            tickets.c.issued_at,
            tickets.c.status,
            bills.c.id.label("bill_id"),
            bills.c.number.label("bill_number"),
            bills.c.amount,
        )
        .join(bills, bills.c.check_in_id == tickets.c.check_in_id)
        .where(
            tickets.c.day == day_of(house.now()),
            tickets.c.status.in_(queue_tickets.LIVE),
            bills.c.status == OPEN_BILL,
        )
        .order_by((tickets.c.status != TicketStatus.UNPAID.value), tickets.c.issued_at)
        .limit(MOST)
    )
    tasks = transaction.all(select(cashier_tasks.c.id).where(cashier_tasks.c.closed_at.is_(None)))
    return Cashier(
        now=house.now(),
        bills=tuple(
            OpenBill(
                bill_id=row["bill_id"],
                bill_number=row["bill_number"],
                ticket_id=row["id"],
                number=printed(row["number"]),
                clinic=house.clinics[row["clinic_id"]].name if row["clinic_id"] in house.clinics else row["clinic_id"],
                amount=row["amount"],
                issued_at=row["issued_at"],
                held=row["status"] == TicketStatus.UNPAID.value,
            )
            for row in rows
        ),
        others=_others(house, transaction),
        tasks=len(tasks),
    )


def _others(house: House, transaction: Transaction) -> tuple[OpenBill, ...]:
    sources = [name for name, source in house.sources.items() if not source.keeps_check_ins]
    if not sources:
        return ()
    rows = transaction.all(
        select(bills)
        .where(bills.c.source.in_(sources), bills.c.status == OPEN_BILL, bills.c.amount > 0)
        .order_by(bills.c.created_at.desc())
    )
    return tuple(
        OpenBill(
            bill_id=row["id"],
            bill_number=row["number"],
            ticket_id="",
            number="",
            clinic=details_of(house, row).title,
            amount=row["amount"],
            issued_at=row["issued_at"] or row["created_at"],
            held=False,
        )
        for row in rows
    )


def release(house: House, transaction: Transaction, ticket_id: str, actor: str) -> None:
    """Let the number be called before it is paid; the bill stays open. Raises Refused 409 when it is not held."""
    ticket = calling.locked(house, transaction, ticket_id)
    if ticket["status"] != TicketStatus.UNPAID.value:
        raise Refused(409, "The number is not held back", detail=ticket["status"])
    queue_tickets.change(transaction, ticket, TicketStatus.WAITING, house.now())
    calling.note(house, transaction, ticket, "release", actor, None)


def take_money(house: House, transaction: Transaction, bill_id: str, actor: str) -> None:
    """The bill was paid at the cashier's. Raises Refused 409 when it was paid or cancelled meanwhile."""
    bill = pay_at_desk(house, transaction, bill_id)
    if bill is None:
        raise Refused(409, "The bill is not open any more")
    if bill["check_in_id"] is None:
        return
    queue_tickets.paid(transaction, bill["check_in_id"], house.now())
    ticket = queue_tickets.live_ticket(transaction, bill["check_in_id"])
    if ticket is not None:
        calling.note(house, transaction, ticket, "paid", actor, None)
