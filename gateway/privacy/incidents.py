"""The record of incidents with personal data, with the 72-hour clock (Law 91/2025 article 23)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from pydantic import BaseModel, ConfigDict
from sqlalchemy import RowMapping, insert, select, update

from gateway.house import House, new_id
from gateway.privacy.clocks import notify_due
from gateway.privacy.holding import DataClass
from gateway.privacy.numbering import next_number
from gateway.problems import Refused
from gateway.store.database import Transaction
from gateway.store.tables import incidents


class Decision(Enum):
    """Whether the authority is told; a person decides."""

    UNDECIDED = "undecided"
    NOTIFY = "notify"
    NOT_NEEDED = "not-needed"
    """No harm to security, order, life, health, honour or property is possible."""


class Facts(BaseModel):
    """What is written about it: sealed, for it may name people."""

    model_config = ConfigDict(frozen=True)

    what: str
    measures: str = ""
    reason: str = ""
    """Why it was decided so."""
    notice: str = ""
    """The text that was sent."""


@dataclass(frozen=True)
class Incident:
    """One incident with its clock."""

    id: str
    number: str
    detected_at: datetime
    notify_due: datetime
    recorded_at: datetime
    recorded_by: str
    classes: tuple[DataClass, ...]
    people: int | None
    decision: Decision
    notified_at: datetime | None
    closed_at: datetime | None
    facts: Facts

    @property
    def clock_runs(self) -> bool:
        """Whether the authority may still have to be told."""
        return self.notified_at is None and self.decision is not Decision.NOT_NEEDED

    def left(self, now: datetime) -> timedelta:
        """Time left to tell the authority; negative when it is over."""
        return self.notify_due - now

    def late(self, now: datetime) -> bool:
        """Whether it was or is told too late."""
        told = self.notified_at or (now if self.clock_runs else self.detected_at)
        return told > self.notify_due


def record(
    house: House,
    transaction: Transaction,
    by: str,
    *,
    detected_at: datetime,
    classes: tuple[DataClass, ...],
    people: int | None,
    facts: Facts,
) -> str:
    """Write an incident down; its number ("SC-0002"). The clock counts from its detection. Raises Refused."""
    if detected_at > house.now():
        raise Refused(422, "An incident cannot be detected in the future")
    if not facts.what.strip():
        raise Refused(422, "What happened must be told")
    number = next_number(transaction, "incident", "SC")
    transaction.execute(
        insert(incidents).values(
            id=new_id(),
            number=number,
            detected_at=detected_at,
            notify_due=notify_due(detected_at),
            recorded_at=house.now(),
            recorded_by=by,
            classes=" ".join(each.value for each in classes),
            people=people,
            decision=Decision.UNDECIDED.value,
            sealed_details=_seal(house, facts),
        )
    )
    return number


def decide(house: House, transaction: Transaction, id: str, decision: Decision, reason: str) -> Incident:
    """Whether the authority is told, with the reason. May be changed until it was told. Raises Refused."""
    incident = read(house, transaction, id)
    if incident.notified_at is not None or incident.closed_at is not None:
        raise Refused(409, "The incident was notified or closed")
    if decision is Decision.UNDECIDED or not reason.strip():
        raise Refused(422, "A decision has a reason")
    facts = incident.facts.model_copy(update={"reason": reason.strip()})
    _change(transaction, id, decision=decision.value, sealed_details=_seal(house, facts))
    return read(house, transaction, id)


def notified(house: House, transaction: Transaction, id: str, notice: str) -> Incident:
    """The authority was told, with this text: stops the clock. Raises Refused."""
    incident = read(house, transaction, id)
    if incident.decision is not Decision.NOTIFY or incident.notified_at is not None:
        raise Refused(409, "First it is decided that the authority is told; it is told once")
    if not notice.strip():
        raise Refused(422, "The text of the notice is kept")
    facts = incident.facts.model_copy(update={"notice": notice.strip()})
    _change(transaction, id, notified_at=house.now(), sealed_details=_seal(house, facts))
    return read(house, transaction, id)


def close(house: House, transaction: Transaction, id: str, measures: str) -> Incident:
    """What was done about it. Raises Refused while nothing is decided or the notice was not sent."""
    incident = read(house, transaction, id)
    if incident.closed_at is not None or incident.clock_runs:
        raise Refused(409, "First it is decided, and told where it must be")
    if not measures.strip():
        raise Refused(422, "The measures are kept")
    facts = incident.facts.model_copy(update={"measures": measures.strip()})
    _change(transaction, id, closed_at=house.now(), sealed_details=_seal(house, facts))
    return read(house, transaction, id)


def read(house: House, transaction: Transaction, id: str) -> Incident:
    """One incident. Raises Refused."""
    row = transaction.one(select(incidents).where(incidents.c.id == id).with_for_update())
    if row is None:
        raise Refused(404, "There is no such incident")
    return _read(house, row)


def listed(house: House, transaction: Transaction, limit: int = 100) -> list[Incident]:
    """Those whose clock runs first."""
    rows = transaction.all(select(incidents).order_by(incidents.c.detected_at.desc()).limit(limit))
    found = [_read(house, row) for row in rows]
    running = sorted((each for each in found if each.clock_runs), key=lambda each: each.notify_due)
    return running + [each for each in found if not each.clock_runs]


def _seal(house: House, facts: Facts) -> bytes:
    return house.vault.seal(facts.model_dump_json().encode())


def _change(transaction: Transaction, id: str, **values: object) -> None:
    transaction.execute(update(incidents).where(incidents.c.id == id).values(**values))


def _read(house: House, row: RowMapping) -> Incident:
    return Incident(
        row["id"],
        row["number"],
        row["detected_at"],
        row["notify_due"],
        row["recorded_at"],
        row["recorded_by"],
        tuple(DataClass(each) for each in row["classes"].split()),
        row["people"],
        Decision(row["decision"]),
        row["notified_at"],
        row["closed_at"],
        Facts.model_validate_json(house.vault.open(row["sealed_details"])),
    )
