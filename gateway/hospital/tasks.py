"""What the hospital's system answered that a person must see to: opened with the answer, shown at the staff desk.

Each question is asked once about a check-in: what staff saw to is not asked again, however often the visit is told.
What answered itself, or was over with another time, is asked anew when it comes back.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from gateway.hospital.failures import HospitalFault
from gateway.hospital.questions import TaskKind
from gateway.hospital.system import Outcome, Place, Told, Visit, VisitState
from gateway.house import new_id
from gateway.queue import tickets
from gateway.store.database import Transaction
from gateway.store.tables import check_ins, hospital_tasks

SETTLED, MOVED, SEEN = "settled", "moved", "seen"
"""Decisions: it answered itself; the number is for another time now; the person was told or somebody saw to it."""


def note_answer(transaction: Transaction, visit: Visit, told: Told, now: datetime, newest: bool) -> None:
    """Open what an answer asks for, and close what it answered by itself. `newest`: nothing changed since it was told;
    a place is asked about only then, for another time may have been given meanwhile."""
    start = visit.ticket.slot_start
    if told.place is Place.LOST and start is not None and newest:
        open_task(transaction, TaskKind.TIME_FULL, visit.id, f"{start:%H:%M}", now)
    elif told.place is Place.HELD:
        settle(transaction, TaskKind.TIME_FULL, visit.id, now)
    if told.differs:
        open_task(transaction, TaskKind.DIFFERS, visit.id, ",".join(told.differs), now)
    if told.outcome is Outcome.KEPT:
        open_task(transaction, TaskKind.KEPT, visit.id, "", now)
    undone = visit.state is VisitState.ARRIVED and told.outcome is Outcome.CANCELLED
    if undone and visit.ticket.status in tickets.LIVE:
        open_task(transaction, TaskKind.UNDONE, visit.id, "", now)


def note_taken(transaction: Transaction, visit: Visit, now: datetime) -> None:
    """What was refused, or did not get through, has been taken."""
    settle(transaction, TaskKind.REFUSED, visit.id, now)


def note_refusal(transaction: Transaction, visit: Visit, fault: HospitalFault, now: datetime) -> None:
    """The hospital's system will not take it before somebody looked."""
    open_task(transaction, TaskKind.REFUSED, visit.id, fault.value, now)


def open_task(transaction: Transaction, kind: TaskKind, check_in_id: str, about: str, now: datetime) -> None:
    """Something that a person must see to; what somebody saw to is not asked again."""
    row = transaction.insert(hospital_tasks).values(
        id=new_id(), kind=kind.value, check_in_id=check_in_id, about=about, opened_at=now
    )
    asked_anew = row.on_conflict_do_update(
        index_elements=["check_in_id", "kind", "about"],
        set_={"opened_at": now, "closed_at": None, "closed_by": None, "decision": None},
        where=hospital_tasks.c.decision.in_((SETTLED, MOVED)),
    ).returning(hospital_tasks.c.id)
    if transaction.execute(asked_anew).first() is not None:
        _announce(transaction, check_in_id)


def settle(transaction: Transaction, kind: TaskKind, check_in_id: str, now: datetime) -> None:
    """The question answered itself."""
    _close(transaction, *_of(kind, check_in_id), decision=SETTLED, who="", now=now)


def close_task(transaction: Transaction, task_id: str, decision: str, who: str, now: datetime) -> bool:
    """A person saw to it; False when it is not open any more."""
    return _close(transaction, hospital_tasks.c.id == task_id, decision=decision, who=who, now=now)


def close_refused(transaction: Transaction, check_in_id: str, decision: str, who: str, now: datetime) -> bool:
    """A person saw to a refused visit, for whatever faults; False when nothing of it is open any more."""
    return _close(transaction, *_of(TaskKind.REFUSED, check_in_id), decision=decision, who=who, now=now)


def _of(kind: TaskKind, check_in_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return hospital_tasks.c.check_in_id == check_in_id, hospital_tasks.c.kind == kind.value


def _close(transaction: Transaction, *which: ColumnElement[bool], decision: str, who: str, now: datetime) -> bool:
    closed = transaction.execute(
        update(hospital_tasks)
        .where(hospital_tasks.c.closed_at.is_(None), *which)
        .values(closed_at=now, closed_by=who, decision=decision)
        .returning(hospital_tasks.c.check_in_id)
    ).all()
    for row in closed:
        _announce(transaction, str(row[0]))
    return bool(closed)


def _announce(transaction: Transaction, check_in_id: str) -> None:
    """Desk, counters and boards look again."""
    known = transaction.one(select(check_ins.c.clinic_id).where(check_ins.c.id == check_in_id))
    ticket = tickets.live_ticket(transaction, check_in_id)
    tickets.announce(transaction, *sorted({str(row["clinic_id"]) for row in (known, ticket) if row is not None}))
