"""Money that came: each movement counted once, found by its transfer text, never dropped."""

from __future__ import annotations

import logging

from sqlalchemy import RowMapping, select, update

from gateway.house import House
from gateway.payments.bills import OPEN_BILL, PAID_BILL, locked_bill, open_task, set_status
from gateway.payments.provider import Money
from gateway.payments.states import CLOSED_UNPAID, OPEN
from gateway.queue import tickets
from gateway.store.database import Transaction
from gateway.store.tables import bank_transactions, bills, payment_intents
from services.codes.purpose import find_purposes
from services.contract.models import PaymentStatus

log = logging.getLogger(__name__)

CANCELLED_BY_PAYMENT = PaymentStatus.CANCELLED


def take(house: House, transaction: Transaction, money: Money, seen_by: str) -> bool:
    """Count a movement; False when it was known, went out, or is another account's."""
    if not money.incoming or money.account != house.settings.bank.account or money.amount <= 0:
        return False
    intent = _intent_of(transaction, money)
    row = transaction.insert(bank_transactions).values(
        provider=money.provider,
        provider_id=money.id,
        amount=money.amount,
        at=money.at,
        received_at=house.now(),
        seen_by=seen_by,
        reference=money.reference,
        intent_id=None if intent is None else intent["id"],
        sealed_content=house.vault.seal(money.content.encode()),
    )
    if not transaction.added(row):
        return False
    if intent is None:
        log.warning("money without a bill: %s transaction %s", money.provider, money.id)
        open_task(transaction, "orphan", None, money.id, money.amount, house.now())
        return True
    bill = locked_bill(transaction, intent["bill_id"])
    if bill is None:
        raise LookupError("an intent without a bill")
    # The bill is the lock: read the intent again behind it.
    fresh = transaction.one(select(payment_intents).where(payment_intents.c.id == intent["id"]).with_for_update())
    if fresh is not None:
        _attach(house, transaction, fresh, bill, money)
    return True


def unknown(transaction: Transaction, movements: list[Money]) -> list[Money]:
    """Those that were never counted: a list is mostly known, and a write for each known one would hold others up."""
    known: set[str] = set()
    ids = [money.id for money in movements]
    for start in range(0, len(ids), 500):
        some = select(bank_transactions.c.provider_id).where(
            bank_transactions.c.provider_id.in_(ids[start : start + 500])
        )
        known.update(row["provider_id"] for row in transaction.all(some))
    return [money for money in movements if money.id not in known]


def _intent_of(transaction: Transaction, money: Money) -> RowMapping | None:
    """The one intent whose text stands in the transfer; two different ones are for a person to decide."""
    purposes = find_purposes(money.content)
    if not purposes:
        return None
    found = transaction.all(select(payment_intents).where(payment_intents.c.purpose.in_(purposes)))
    return found[0] if len(found) == 1 else None


def _attach(house: House, transaction: Transaction, intent: RowMapping, bill: RowMapping, money: Money) -> None:
    now = house.now()
    paid = intent["amount_paid"] + money.amount
    status = PaymentStatus(intent["status"])
    if bill["status"] != OPEN_BILL:
        after = PaymentStatus.OVERPAID if status in {PaymentStatus.PAID, PaymentStatus.PAID_LATE} else status
        set_status(transaction, intent, after, amount_paid=paid)
        open_task(transaction, "refund", intent["id"], money.id, money.amount, now)
        return
    others = transaction.all(
        select(payment_intents).where(payment_intents.c.bill_id == bill["id"], payment_intents.c.id != intent["id"])
    )
    total = paid + sum(other["amount_paid"] for other in others)
    if total < bill["amount"]:
        if status in OPEN:
            set_status(transaction, intent, PaymentStatus.UNDERPAID, amount_paid=paid)
        else:
            set_status(transaction, intent, status, amount_paid=paid)
            open_task(transaction, "underpaid", intent["id"], money.id, money.amount, now)
        return
    if status in CLOSED_UNPAID:
        after = PaymentStatus.PAID_LATE
    else:
        after = PaymentStatus.OVERPAID if total > bill["amount"] else PaymentStatus.PAID
    set_status(transaction, intent, after, amount_paid=paid, paid_at=money.at, next_query_at=None)
    for other in others:
        if other["live"]:
            set_status(transaction, other, CANCELLED_BY_PAYMENT, next_query_at=None)
    transaction.execute(update(bills).where(bills.c.id == bill["id"]).values(status=PAID_BILL, paid_at=money.at))
    tickets.paid(transaction, bill["check_in_id"], now)
    if total > bill["amount"]:
        open_task(transaction, "refund", intent["id"], money.id, total - bill["amount"], now)
