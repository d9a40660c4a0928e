"""Errands about money that must be run until they succeed: opened in the transaction that makes them necessary.

An errand holds no facts, only what it is about: they are read when it is run. Its id is the key under which the other
side knows it, always the same. `gateway.payments.running` runs them.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from sqlalchemy import select

from gateway.house import new_id
from gateway.store.database import Transaction
from gateway.store.tables import payment_errands


class ErrandKind(Enum):
    """What is to be done."""

    HAND_OVER = "hand-over"
    """Tell whose books they are that a bill was paid. Target: the bill."""
    INVOICE = "invoice"
    """Have an e-invoice issued, or ask for the one that others issue. Target: the bill."""
    CLOSE_ORDER = "close-order"
    """A provider's order that nobody may pay any more. Target: the intent."""
    RELEASE = "release"
    """A bill that was held and is not paid here. Target: the bill."""


class ErrandState(Enum):
    """How an errand stands."""

    DUE = "due"
    DONE = "done"
    REFUSED = "refused"
    """The other side does not take it: a person must look. It is tried again at the longest step.
    A hand-over is a question for the cashier."""


def open_errand(transaction: Transaction, kind: ErrandKind, target: str, now: datetime) -> None:
    """To be run now; one that was run before is run again under the same key."""
    row = transaction.insert(payment_errands).values(
        id=new_id(), kind=kind.value, target=target, opened_at=now, next_at=now, state=ErrandState.DUE.value
    )
    again = {"next_at": now, "state": ErrandState.DUE.value, "done_at": None}
    transaction.execute(row.on_conflict_do_update(index_elements=["kind", "target"], set_=again))


def is_pending(transaction: Transaction, kind: ErrandKind, target: str) -> bool:
    """Whether such an errand was opened and is not done."""
    mine = payment_errands.c.kind == kind.value, payment_errands.c.target == target
    return (
        transaction.one(
            select(payment_errands.c.id).where(*mine, payment_errands.c.state != ErrandState.DONE.value).limit(1)
        )
        is not None
    )
