"""The access log: who of the staff opened which record, and why. Only ever added to; the reason is sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import insert, select

from gateway.house import House, new_id
from gateway.problems import Refused
from gateway.store.database import Transaction
from gateway.store.tables import access_log

SHORTEST_REASON = 8
"""A reason says something."""
LONGEST_REASON = 200


class Action(Enum):
    """What was done with a record."""

    OPENED = "opened"
    EXPORTED = "exported"
    ERASED = "erased"
    CONSENT_WITHDRAWN = "withdrawn"
    REQUEST = "request"
    INCIDENT = "incident"


@dataclass(frozen=True)
class Entry:
    """One line of the log."""

    at: datetime
    who: str
    action: Action
    kind: str
    record: str
    reason: str


class NoReason(Refused):
    """Nobody opens a record without saying why."""

    def __init__(self) -> None:
        super().__init__(422, "A reason is needed")


def note(house: House, transaction: Transaction, who: str, action: Action, kind: str, record: str, reason: str) -> None:
    """Write it down before anything is shown: in the same transaction, or before. Raises NoReason."""
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST_REASON or len(set(reason.casefold())) < 4:
        raise NoReason
    transaction.execute(
        insert(access_log).values(
            id=new_id(),
            at=house.now(),
            who=who,
            action=action.value,
            kind=kind,
            record=record,
            sealed_reason=house.vault.seal(reason[:LONGEST_REASON].encode()),
        )
    )


def entries(house: House, transaction: Transaction, *, record: str | None = None, limit: int = 200) -> list[Entry]:
    """The newest lines, of one record or of all."""
    wanted = select(access_log).order_by(access_log.c.at.desc(), access_log.c.id).limit(limit)
    if record is not None:
        wanted = wanted.where(access_log.c.record == record)
    return [
        Entry(
            row["at"],
            row["who"],
            Action(row["action"]),
            row["kind"],
            row["record"],
            house.vault.open(row["sealed_reason"]).decode(),
        )
        for row in transaction.all(wanted)
    ]
