"""Money that came: each movement counted once, found by its transfer text, never dropped."""

from __future__ import annotations

import logging

from sqlalchemy import RowMapping, bindparam, select

from gateway.house import House
from gateway.payments.bills import (
    OPEN_BILL,
    end,
    intents_of,
    kept_by_account,
    locked_bill,
    overtaken,
    set_status,
    settle,
)
from gateway.payments.intents import locked_intent
from gateway.payments.lines import MAIN, parts_of
from gateway.payments.provider import Money
from gateway.payments.states import CLOSED_UNPAID, OPEN, PAID
from gateway.payments.tasks import TaskKind, open_task, settle_by_itself
from gateway.store.database import Transaction
from gateway.store.prepared import Prepared
from gateway.store.tables import bank_transactions, payment_intents
from services.codes.purpose import find_purposes
from services.contract.models import EndReason, PaymentStatus

log = logging.getLogger(__name__)


_COUNT = Prepared(
    lambda insert: insert(bank_transactions).on_conflict_do_nothing().returning(bank_transactions.c.provider_id)
)
_OF_ORDER = Prepared(
    select(payment_intents).where(
        payment_intents.c.order_code == bindparam("order"), payment_intents.c.account_id == bindparam("account")
    )
)
_OF_PURPOSE = Prepared(select(payment_intents).where(payment_intents.c.purpose == bindparam("words")))


def take(house: House, transaction: Transaction, money: Money, seen_by: str, account_id: str = MAIN) -> bool:
    """Count a movement; False when it was known, went out, or is another account's."""
    account = house.settings.account(account_id)
    if account is None or not money.incoming or money.account != account.account or money.amount <= 0:
        return False
    intent = _intent_of(transaction, money, account_id)
    row = {
        "provider": money.provider,
        "provider_id": money.id,
        "account_id": account_id,
        "amount": money.amount,
        "at": money.at,
        "received_at": house.now(),
        "seen_by": seen_by,
        "reference": money.reference,
        "intent_id": None if intent is None else intent["id"],
        "sealed_content": house.vault.seal(money.content.encode()),
    }
    if not transaction.added(_COUNT, row):
        return False
    if intent is None:
        log.warning("money without a bill: %s transaction %s", money.provider, money.id)
        open_task(transaction, TaskKind.ORPHAN, None, (money.provider, money.id), money.amount, house.now())
        return True
    bill = locked_bill(transaction, intent["bill_id"])
    if bill is None:
        raise LookupError("an intent without a bill")
    # The bill is the lock: read the intent again behind it.
    fresh = locked_intent(transaction, intent["id"])
    if fresh is not None:
        attach(house, transaction, fresh, bill, money)
    return True


def unknown(transaction: Transaction, movements: list[Money]) -> list[Money]:
    """Those that were never counted: a list is mostly known, and a write for each known one would hold others up."""
    known: set[tuple[str, str]] = set()
    ids = [money.id for money in movements]
    for start in range(0, len(ids), 500):
        some = select(bank_transactions.c.provider, bank_transactions.c.provider_id).where(
            bank_transactions.c.provider_id.in_(ids[start : start + 500])
        )
        known.update((row["provider"], row["provider_id"]) for row in transaction.all(some))
    return [money for money in movements if (money.provider, money.id) not in known]


def _intent_of(transaction: Transaction, money: Money, account_id: str) -> RowMapping | None:
    """The one intent it was paid for: by the provider's order, else by the text in the transfer.

    Two different ones, and one of another account, are for a person to decide.
    """
    if money.order is not None:
        found = transaction.one(_OF_ORDER, {"order": money.order, "account": account_id})
        if found is not None:
            return found
    rows = [
        row
        for purpose in find_purposes(money.content)
        if (row := transaction.one(_OF_PURPOSE, {"words": purpose})) is not None
    ]
    return rows[0] if len(rows) == 1 and rows[0]["account_id"] == account_id else None


def attach(house: House, transaction: Transaction, intent: RowMapping, bill: RowMapping, money: Money) -> None:
    """Count a movement for an intent whose bill is locked: the sum decides, nothing is near enough."""
    now = house.now()
    named = money.provider, money.id
    status = PaymentStatus(intent["status"])
    paid = intent["amount_paid"] + money.amount
    settle_by_itself(transaction, intent["id"], now, TaskKind.CLAIMED, TaskKind.CARD)
    if bill["status"] != OPEN_BILL:
        after = PaymentStatus.OVERPAID if status in PAID else status
        set_status(transaction, intent, after, amount_paid=paid)
        open_task(transaction, TaskKind.REFUND, intent["id"], named, money.amount, now)
        return
    intents = intents_of(transaction, bill["id"])
    due = {part.account_id: part.amount for part in parts_of(bill)}.get(intent["account_id"], 0)
    before = kept_by_account(transaction, intents).get(intent["account_id"], 0)
    if before + money.amount < due:
        if status in OPEN:
            set_status(transaction, intent, PaymentStatus.UNDERPAID, amount_paid=paid)
        else:
            set_status(transaction, intent, status, amount_paid=paid)
            open_task(transaction, TaskKind.UNDERPAID, intent["id"], named, money.amount, now)
        return
    surplus = min(money.amount, before + money.amount - due)
    after = _after(status, surplus, money.amount)
    paid_at = money.at if after in PAID else intent["paid_at"]
    set_status(transaction, intent, after, amount_paid=paid, paid_at=paid_at, next_query_at=None)
    for other in intents:
        if other["live"] and other["id"] != intent["id"] and other["account_id"] == intent["account_id"]:
            end(house, transaction, other, overtaken(transaction, other), EndReason.PAID)
    if surplus:
        open_task(transaction, TaskKind.REFUND, intent["id"], named, surplus, now)
    settle(house, transaction, bill["id"], money.at)


def _after(status: PaymentStatus, surplus: int, amount: int) -> PaymentStatus:
    if status in OPEN:
        return PaymentStatus.OVERPAID if surplus else PaymentStatus.PAID
    if status in CLOSED_UNPAID:
        return status if surplus == amount else PaymentStatus.PAID_LATE
    return PaymentStatus.OVERPAID if status in PAID else status
