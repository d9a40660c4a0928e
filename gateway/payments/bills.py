"""Bills: what is owed for a check-in, opened with the number, paid once or cancelled."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import RowMapping, insert, select, update

from gateway.house import House, new_id
from gateway.payments.states import OPEN, may_become
from gateway.store.database import Transaction
from gateway.store.tables import bills, cashier_tasks, counters, payment_intents
from services.contract.models import PaymentStatus

OPEN_BILL = "open"
PAID_BILL = "paid"
CANCELLED_BILL = "cancelled"


def open_bill(transaction: Transaction, check_in_id: str, amount: int, now: datetime) -> None:
    """A new bill with the next number (VT-0358)."""
    counter = transaction.insert(counters).values(name="bill", value=1)
    counted = counter.on_conflict_do_update(index_elements=["name"], set_={"value": counters.c.value + 1})
    number = transaction.execute(counted.returning(counters.c.value)).scalar_one()
    transaction.execute(
        insert(bills).values(
            id=new_id(),
            number=f"VT-{number:04}",
            check_in_id=check_in_id,
            amount=amount,
            status=OPEN_BILL,
            created_at=now,
        )
    )


def locked_bill(transaction: Transaction, bill_id: str) -> RowMapping | None:
    """The bill, held until the transaction ends."""
    return transaction.one(select(bills).where(bills.c.id == bill_id).with_for_update())


def cancel_bill(house: House, transaction: Transaction, check_in_id: str) -> bool:
    """Cancel an unfinished check-in's bill with its live code; False when it is paid: paid is never cancelled."""
    bill = transaction.one(select(bills).where(bills.c.check_in_id == check_in_id).with_for_update())
    if bill is None:
        return True
    if bill["status"] == PAID_BILL:
        return False
    transaction.execute(update(bills).where(bills.c.id == bill["id"]).values(status=CANCELLED_BILL))
    for intent in transaction.all(select(payment_intents).where(payment_intents.c.bill_id == bill["id"])):
        if intent["live"]:
            set_status(transaction, intent, closing_status(intent), live=False)
        if intent["amount_paid"]:
            open_task(transaction, "refund", intent["id"], None, intent["amount_paid"], house.now())
    return True


def pay_at_desk(house: House, transaction: Transaction, bill_id: str) -> RowMapping | None:
    """The cashier took the money: the bill is paid and its code dies. None when it is not open any more.

    What had come in part by code is opened as a task for the cashier; so is what still comes later.
    """
    bill = locked_bill(transaction, bill_id)
    if bill is None or bill["status"] != OPEN_BILL:
        return None
    now = house.now()
    transaction.execute(update(bills).where(bills.c.id == bill_id).values(status=PAID_BILL, paid_at=now))
    for intent in transaction.all(select(payment_intents).where(payment_intents.c.bill_id == bill_id)):
        if intent["live"]:
            set_status(transaction, intent, closing_status(intent), live=False)
        if intent["amount_paid"]:
            open_task(transaction, "refund", intent["id"], None, intent["amount_paid"], now)
    return bill


def closing_status(intent: RowMapping) -> PaymentStatus:
    """How an intent without full payment is closed: somebody who says they paid leaves an open question."""
    return PaymentStatus.UNKNOWN if intent["claimed_at"] is not None else PaymentStatus.CANCELLED


def set_status(transaction: Transaction, intent: RowMapping, status: PaymentStatus, **values: object) -> None:
    """Change an intent; its version grows and whoever watches is told. ValueError for a way that does not exist."""
    before = PaymentStatus(intent["status"])
    if status is not before and not may_become(before, status):
        raise ValueError(f"a payment never goes from {before.value} to {status.value}")
    values.setdefault("live", status in OPEN)
    transaction.execute(
        update(payment_intents)
        .where(payment_intents.c.id == intent["id"])
        .values(status=status.value, version=payment_intents.c.version + 1, **values)
    )
    transaction.announce(payment_topic(intent["id"]))


def payment_topic(intent_id: str) -> str:
    """What a stream of this intent waits for."""
    return f"payment:{intent_id}"


def open_task(
    transaction: Transaction, kind: str, intent_id: str | None, transaction_id: str | None, amount: int, now: datetime
) -> None:
    """Something about money that a person at the cashier must decide."""
    transaction.execute(
        insert(cashier_tasks).values(
            id=new_id(), kind=kind, intent_id=intent_id, transaction_id=transaction_id, amount=amount, opened_at=now
        )
    )
