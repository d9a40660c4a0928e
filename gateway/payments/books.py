"""A bill that was paid here and is not taken into the books it belongs to: it was changed or paid there meanwhile.

A person at the cashier looks: it was entered there by hand, or the money goes back to who paid it. Until then it is
told again now and then; when it is taken after all, the question has answered itself.
"""

from __future__ import annotations

from sqlalchemy import RowMapping, select, update

from gateway.house import House
from gateway.payments.bills import (
    CANCELLED_BILL,
    HERE,
    PAID_BILL,
    intents_of,
    kept_of,
    locked_bill,
    tell_again,
)
from gateway.payments.errands import ErrandKind, ErrandState, open_errand
from gateway.payments.tasks import TaskKind, close_task, open_of, open_task, settle_by_itself
from gateway.problems import Refused
from gateway.store.database import Transaction
from gateway.store.tables import bills as bill_table
from gateway.store.tables import payment_errands, payment_intents

BY_HAND, TO_PAYER = "by-hand", "to-payer"
"""What the cashier decided."""


def not_taken(house: House, transaction: Transaction, bill_id: str) -> None:
    """Its hand-over was refused: one question, however often it is."""
    bill = locked_bill(transaction, bill_id)
    if bill is None or bill["status"] != PAID_BILL or bill["paid_where"] != HERE:
        return
    intents = intents_of(transaction, bill_id)
    if any(open_of(transaction, intent["id"], TaskKind.HAND_OVER) for intent in intents):
        return
    kept = kept_of(transaction, intents)
    payers = [intent["id"] for intent in intents if kept[intent["id"]]]
    if payers:
        open_task(transaction, TaskKind.HAND_OVER, payers[-1], None, sum(kept.values()), house.now())
        tell_again(transaction, bill_id)


def taken(house: House, transaction: Transaction, bill_id: str) -> None:
    """It was taken after all."""
    for intent in intents_of(transaction, bill_id):
        settle_by_itself(transaction, intent["id"], house.now(), TaskKind.HAND_OVER)


def entered_by_hand(house: House, transaction: Transaction, task: RowMapping, who: str) -> None:
    """A person entered the payment there: nothing more is told, its e-invoice is asked for. Raises Refused."""
    bill = _bill_of(transaction, task)
    _tell_no_more(house, transaction, bill)
    close_task(transaction, task["id"], BY_HAND, who, house.now())
    if house.settings.payments.invoice_kind != "none":
        open_errand(transaction, ErrandKind.INVOICE, bill["id"], house.now())
    tell_again(transaction, bill["id"])


def back_to_payer(house: House, transaction: Transaction, task: RowMapping, who: str) -> None:
    """The bill is not paid by this money, which becomes refunds to be decided. Raises Refused.

    What the bill is now its system says when it is found again. A visit's own bill is asked for by nobody any more: the
    hospital has its money, or struck the visit; the number stays as it is, for the people at the counter.
    """
    bill = _bill_of(transaction, task)
    _tell_no_more(house, transaction, bill)
    intents = intents_of(transaction, bill["id"])
    kept = kept_of(transaction, intents)
    ended = {"status": CANCELLED_BILL, "paid_at": None, "paid_where": None}
    transaction.execute(update(bill_table).where(bill_table.c.id == bill["id"]).values(**ended))
    close_task(transaction, task["id"], TO_PAYER, who, house.now())
    for intent in intents:
        if kept[intent["id"]]:
            open_task(transaction, TaskKind.REFUND, intent["id"], None, kept[intent["id"]], house.now())
    tell_again(transaction, bill["id"])


def _bill_of(transaction: Transaction, task: RowMapping) -> RowMapping:
    mine = select(payment_intents.c.bill_id).where(payment_intents.c.id == task["intent_id"])
    intent = transaction.one(mine)
    bill = None if intent is None else locked_bill(transaction, intent["bill_id"])
    if bill is None or bill["status"] != PAID_BILL:
        raise Refused(409, "The bill is not paid here any more")
    return bill


def _tell_no_more(house: House, transaction: Transaction, bill: RowMapping) -> None:
    mine = payment_errands.c.kind == ErrandKind.HAND_OVER.value, payment_errands.c.target == bill["id"]
    errand = transaction.one(select(payment_errands).where(*mine).with_for_update())
    if errand is None or errand["state"] != ErrandState.REFUSED.value:
        raise Refused(409, "The bill was taken meanwhile")
    if errand["claimed_until"] is not None and errand["claimed_until"] > house.now():
        raise Refused(409, "The bill is being told just now")
    done = {"state": ErrandState.DONE.value, "next_at": None, "failing_since": None, "done_at": house.now()}
    transaction.execute(update(payment_errands).where(*mine).values(**done))
