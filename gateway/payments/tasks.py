"""Questions about money that wait for a person at the cashier: opened with the change that raised them."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from sqlalchemy import RowMapping, bindparam, insert, select, update

from gateway.house import new_id
from gateway.store.database import Transaction
from gateway.store.prepared import Prepared
from gateway.store.tables import cashier_tasks

MONEY_TOPIC = "money"
"""Announced whenever the cashier's lists change."""
REFUND_DECISION = "refund"
"""The decision of a task whose money goes back to the payer."""


_OPEN = Prepared(
    select(cashier_tasks).where(cashier_tasks.c.intent_id == bindparam("intent"), cashier_tasks.c.closed_at.is_(None))
)


class TaskKind(Enum):
    """What the question is."""

    ORPHAN = "orphan"
    """Money that names no bill of ours, or two."""
    REFUND = "refund"
    """More came than was owed, or for a bill that was paid or cancelled."""
    UNDERPAID = "underpaid"
    """Too little came, and its code is closed; the rest is paid at the counter, or this goes back."""
    CLAIMED = "claimed"
    """Somebody says they paid, and nothing has come."""
    CARD = "card"
    """Nobody knows whether the card terminal charged."""
    MISSING = "missing"
    """Counted here, and the provider's list does not have it."""
    DIFFERENT = "different"
    """The provider's list has another amount."""
    HAND_OVER = "hand-over"
    """A bill that was paid here, and whose own system does not take that (`gateway.payments.books`)."""


def open_task(
    transaction: Transaction,
    kind: TaskKind,
    intent_id: str | None,
    money: tuple[str, str] | None,
    amount: int,
    now: datetime,
) -> None:
    """Something that a person must decide. `money`: the provider and its transaction."""
    provider, transaction_id = money or (None, None)
    transaction.execute(
        insert(cashier_tasks).values(
            id=new_id(),
            kind=kind.value,
            intent_id=intent_id,
            provider=provider,
            transaction_id=transaction_id,
            amount=amount,
            opened_at=now,
        )
    )
    transaction.announce(MONEY_TOPIC)


def open_of(transaction: Transaction, intent_id: str, *kinds: TaskKind) -> list[RowMapping]:
    """Open tasks of an intent, of these kinds or of any."""
    wanted = {kind.value for kind in kinds or TaskKind}
    return [row for row in transaction.all(_OPEN, {"intent": intent_id}) if row["kind"] in wanted]


def close_task(transaction: Transaction, task_id: str, decision: str, who: str, now: datetime) -> bool:
    """Close an open task; False when somebody else did."""
    closed = transaction.execute(
        update(cashier_tasks)
        .where(cashier_tasks.c.id == task_id, cashier_tasks.c.closed_at.is_(None))
        .values(closed_at=now, closed_by=who, decision=decision)
        .returning(cashier_tasks.c.id)
    )
    transaction.announce(MONEY_TOPIC)
    return closed.first() is not None


def settle_by_itself(transaction: Transaction, intent_id: str, now: datetime, *kinds: TaskKind) -> None:
    """What was asked has answered itself: the money came. What goes back to the payer goes back all the same."""
    for task in open_of(transaction, intent_id, *kinds):
        if task["decision"] is None:
            close_task(transaction, task["id"], "settled", "-", now)
