"""Refunds: requests with a reason, decided by another person than who asked, done with evidence. None is automatic."""

from __future__ import annotations

from enum import Enum

from sqlalchemy import RowMapping, insert, select, update

from gateway.house import House, new_id
from gateway.payments.bills import OPEN_BILL, locked_bill, set_status, settle, tell_again
from gateway.payments.states import may_become
from gateway.payments.tasks import MONEY_TOPIC, REFUND_DECISION, TaskKind, close_task
from gateway.problems import Refused
from gateway.store.database import Transaction
from gateway.store.tables import cashier_tasks, counters, payment_intents, refunds
from services.contract.models import PaymentStatus

_GIVEN_BACK = {TaskKind.REFUND.value, TaskKind.ORPHAN.value, TaskKind.UNDERPAID.value}


class RefundStatus(Enum):
    """How a request stands."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"
    DONE = "done"


def request(house: House, transaction: Transaction, task_id: str, who: str, reason: str) -> str:
    """Ask that a task's money goes back; the request's number (HT-0007). Raises Refused."""
    task = _locked_task(transaction, task_id)
    if task["kind"] not in _GIVEN_BACK:
        raise Refused(422, "This task holds no money to give back")
    if not reason.strip():
        raise Refused(422, "A refund needs a reason")
    open_ones = refunds.c.task_id == task_id, refunds.c.status != RefundStatus.REFUSED.value
    if transaction.one(select(refunds.c.id).where(*open_ones)) is not None:
        raise Refused(409, "The refund is asked for already")
    number = _next_number(transaction)
    transaction.execute(
        insert(refunds).values(
            id=new_id(),
            number=number,
            task_id=task_id,
            intent_id=task["intent_id"],
            amount=task["amount"],
            status=RefundStatus.REQUESTED.value,
            sealed_reason=house.vault.seal(reason.strip().encode()),
            requested_by=who,
            requested_at=house.now(),
        )
    )
    decided = update(cashier_tasks).where(cashier_tasks.c.id == task_id).values(decision=REFUND_DECISION)
    transaction.execute(decided)
    _move(transaction, task["intent_id"], PaymentStatus.REFUND_REQUESTED)
    transaction.announce(MONEY_TOPIC)
    return number


def decide(house: House, transaction: Transaction, refund_id: str, who: str, *, approve: bool) -> None:
    """Approve or refuse: never the person who asked. Raises Refused."""
    refund = _locked(transaction, refund_id, RefundStatus.REQUESTED)
    if refund["requested_by"] == who:
        raise Refused(403, "Another person than who asked must decide")
    status = RefundStatus.APPROVED if approve else RefundStatus.REFUSED
    transaction.execute(
        update(refunds)
        .where(refunds.c.id == refund_id)
        .values(status=status.value, decided_by=who, decided_at=house.now())
    )
    if not approve:
        transaction.execute(update(cashier_tasks).where(cashier_tasks.c.id == refund["task_id"]).values(decision=None))
        _count_again(house, transaction, refund)
    transaction.announce(MONEY_TOPIC)


def _count_again(house: House, transaction: Transaction, refund: RowMapping) -> None:
    """What does not go back is its bill's again: that may be paid by it now, or was paid without it meanwhile."""
    intent = transaction.one(select(payment_intents.c.bill_id).where(payment_intents.c.id == refund["intent_id"]))
    bill = None if intent is None else locked_bill(transaction, intent["bill_id"])
    if bill is None:
        return
    if bill["status"] == OPEN_BILL:
        settle(house, transaction, bill["id"], house.now())
        return
    part = cashier_tasks.c.id == refund["task_id"], cashier_tasks.c.kind == TaskKind.UNDERPAID.value
    transaction.execute(update(cashier_tasks).where(*part).values(kind=TaskKind.REFUND.value))


def done(house: House, transaction: Transaction, refund_id: str, who: str, evidence: str) -> None:
    """The money is back. `evidence`: the bank's reference of the transfer, or the voucher's number. Raises Refused."""
    refund = _locked(transaction, refund_id, RefundStatus.APPROVED)
    if not evidence.strip():
        raise Refused(422, "A refund needs evidence")
    transaction.execute(
        update(refunds)
        .where(refunds.c.id == refund_id)
        .values(
            status=RefundStatus.DONE.value,
            done_by=who,
            done_at=house.now(),
            sealed_evidence=house.vault.seal(evidence.strip().encode()),
        )
    )
    close_task(transaction, refund["task_id"], REFUND_DECISION, who, house.now())
    if refund["intent_id"] is not None:
        waiting = cashier_tasks.c.intent_id == refund["intent_id"], cashier_tasks.c.closed_at.is_(None)
        if transaction.one(select(cashier_tasks.c.id).where(*waiting).limit(1)) is None:
            _move(transaction, refund["intent_id"], PaymentStatus.REFUNDED)


def _move(transaction: Transaction, intent_id: str | None, status: PaymentStatus) -> None:
    """The intent follows where it can; its bill, which has what it needs, does not change."""
    if intent_id is None:
        return
    intent = transaction.one(select(payment_intents).where(payment_intents.c.id == intent_id).with_for_update())
    if intent is None or intent["live"]:
        return
    if may_become(PaymentStatus(intent["status"]), status):
        set_status(transaction, intent, status)
    else:
        tell_again(transaction, intent["bill_id"])


def _locked_task(transaction: Transaction, task_id: str) -> RowMapping:
    task = transaction.one(select(cashier_tasks).where(cashier_tasks.c.id == task_id).with_for_update())
    if task is None:
        raise Refused(404, "There is no such task")
    if task["closed_at"] is not None:
        raise Refused(409, "The task is closed")
    return task


def _locked(transaction: Transaction, refund_id: str, status: RefundStatus) -> RowMapping:
    refund = transaction.one(select(refunds).where(refunds.c.id == refund_id).with_for_update())
    if refund is None:
        raise Refused(404, "There is no such refund")
    if refund["status"] != status.value:
        raise Refused(409, f"The refund is {refund['status']}")
    return refund


def _next_number(transaction: Transaction) -> str:
    counter = transaction.insert(counters).values(name="refund", value=1)
    counted = counter.on_conflict_do_update(index_elements=["name"], set_={"value": counters.c.value + 1})
    return f"HT-{transaction.execute(counted.returning(counters.c.value)).scalar_one():04}"
