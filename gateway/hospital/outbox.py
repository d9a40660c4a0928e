"""What the hospital's system has still to be told: one row for each check-in, made with the number, in its transaction.

A row holds no facts: they are read when it is told, so the hospital always gets the newest. Every change of a check-in
raises its version; it is due until the told version is the newest.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from sqlalchemy import bindparam, insert, select, update

from gateway.store.database import Transaction
from gateway.store.prepared import Prepared
from gateway.store.tables import hospital_visits

_OPEN = Prepared(insert(hospital_visits))


class Standing(Enum):
    """What became of a row."""

    DUE = "due"
    ARRIVED = "arrived"
    CANCELLED = "cancelled"
    KEPT = "kept"
    """Left at the kiosk, but paid or begun at the hospital: it stays there."""
    DROPPED = "dropped"
    """Left before the hospital was told anything: nothing to tell."""
    REFUSED = "refused"
    """The hospital's system does not take it; a person must look. It is tried again at the longest step."""
    BY_HAND = "by-hand"
    """Refused, and entered in the hospital's system by a person: nothing of it is told any more."""


_CHANGED = Prepared(
    update(hospital_visits)
    .where(hospital_visits.c.check_in_id == bindparam("check_in"), hospital_visits.c.state != Standing.BY_HAND.value)
    .values(version=hospital_visits.c.version + 1)
)


def open_visit(transaction: Transaction, check_in_id: str, subject: str, now: datetime) -> None:
    """A new check-in is to be told. `subject`: keyed hash of the person; one person is told by one worker at a time."""
    transaction.later(
        _OPEN,
        {
            "check_in_id": check_in_id,
            "subject": subject,
            "version": 1,
            "told_version": 0,
            "begun": False,
            "tries": 0,
            "next_at": now,
            "state": Standing.DUE.value,
            "opened_at": now,
        },
    )


def changed(transaction: Transaction, check_in_id: str, now: datetime) -> None:
    """Something of a check-in is not as it was told. Does nothing where no hospital's system is connected, nor for a
    visit that was entered by hand."""
    transaction.later(_CHANGED, {"check_in": check_in_id, "next_at": now})


def stand_by_hand(transaction: Transaction, check_in_id: str, now: datetime) -> bool:
    """A visit is told no more: a person entered it. False while it is being told, which may get through."""
    rows = hospital_visits.c
    row = transaction.one(select(rows.claimed_until).where(rows.check_in_id == check_in_id).with_for_update())
    if row is not None and row["claimed_until"] is not None and row["claimed_until"] > now:
        return False
    stopped = {"state": Standing.BY_HAND.value, "next_at": None, "failure": None, "failing_since": None}
    transaction.execute(update(hospital_visits).where(rows.check_in_id == check_in_id).values(stopped))
    return True
