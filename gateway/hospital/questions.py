"""Questions that the hospital's system raises for a person at the desk, as everybody may read them."""

from __future__ import annotations

from enum import Enum

from sqlalchemy import ScalarSelect, bindparam, select

from gateway.store.database import Transaction
from gateway.store.prepared import Prepared
from gateway.store.tables import check_ins, hospital_tasks


class TaskKind(Enum):
    """What the question is."""

    TIME_FULL = "time-full"
    """The time on the slip has no place at the hospital, and its person does not know; `about`: the time."""
    REFUSED = "refused"
    """The hospital's system does not take the check-in; `about`: its fault."""
    DIFFERS = "differs"
    """Its record of a proven person is not what the chip says; `about`: the fields."""
    UNDONE = "undone"
    """The hospital undid the visit, and its number still waits here."""
    KEPT = "kept"
    """Its person left the kiosk, but paid at the hospital or was taken in there: the number here is void."""


_OPEN = select(hospital_tasks.c.about).where(
    hospital_tasks.c.kind == TaskKind.TIME_FULL.value, hospital_tasks.c.closed_at.is_(None)
)
_OF_ONE = Prepared(_OPEN.where(hospital_tasks.c.check_in_id == bindparam("check_in")))


def lost_time(transaction: Transaction, check_in_id: str) -> bool:
    """Whether the time of its number has no place at the hospital, and nobody has seen to it."""
    return transaction.one(_OF_ONE, {"check_in": check_in_id}) is not None


def lost_time_column() -> ScalarSelect[str]:
    """The same in a query over check-ins: the time ("13:30"), or null."""
    return _OPEN.where(hospital_tasks.c.check_in_id == check_ins.c.id).limit(1).scalar_subquery()
