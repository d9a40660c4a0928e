"""Errands about money that must be run until they succeed: opened in the transaction that makes them necessary.

An errand holds no facts, only what it is about: they are read when it is run. Its id is the key under which the other
side knows it, always the same. `gateway.payments.running` runs them.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from sqlalchemy import bindparam, select

from gateway.house import new_id
from gateway.store.database import Transaction
from gateway.store.prepared import Prepared
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


_OPEN = Prepared(
    lambda insert: (row := insert(payment_errands)).on_conflict_do_update(
        index_elements=["kind", "target"],
        set_={"next_at": row.excluded.next_at, "state": ErrandState.DUE.value, "done_at": None},
    )
)
_PENDING = Prepared(
    select(payment_errands.c.id)
    .where(
        payment_errands.c.kind == bindparam("errand"),
        payment_errands.c.target == bindparam("about"),
        payment_errands.c.state != ErrandState.DONE.value,
    )
    .limit(1)
)


def open_errand(transaction: Transaction, kind: ErrandKind, target: str, now: datetime) -> None:
    """To be run now; one that was run before is run again under the same key."""
    values = {"id": new_id(), "kind": kind.value, "target": target, "opened_at": now, "next_at": now}
    transaction.later(_OPEN, {**values, "state": ErrandState.DUE.value})


def is_pending(transaction: Transaction, kind: ErrandKind, target: str) -> bool:
    """Whether such an errand was opened and is not done."""
    return transaction.one(_PENDING, {"errand": kind.value, "about": target}) is not None
