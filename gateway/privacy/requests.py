"""The register of people's requests about their data, with the 2-working-day and 15-day clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from pydantic import BaseModel, ConfigDict
from sqlalchemy import RowMapping, insert, select, update

from gateway.house import House, new_id
from gateway.privacy.clocks import act_due, answer_due
from gateway.privacy.numbering import next_number
from gateway.privacy.subjects import subject_hash
from gateway.problems import Refused
from gateway.store.database import Transaction
from gateway.store.tables import data_requests


class RequestKind(Enum):
    """What people may ask for (Law 91/2025, rights of the data subject)."""

    COPY = "copy"
    CORRECT = "correct"
    ERASE = "erase"
    WITHDRAW = "withdraw"
    RESTRICT = "restrict"
    OBJECT = "object"


class RequestStatus(Enum):
    """How far it is."""

    RECEIVED = "received"
    ANSWERED = "answered"
    """The person was told that it is taken on, and until when."""
    DONE = "done"
    REFUSED = "refused"
    """With a reason the person was told."""


class Details(BaseModel):
    """What only the data officer reads: sealed."""

    model_config = ConfigDict(frozen=True)

    name: str
    contact: str
    wish: str
    outcome: str = ""


@dataclass(frozen=True)
class DataRequest:
    """One request with its clocks."""

    id: str
    number: str
    kind: RequestKind
    status: RequestStatus
    received_at: datetime
    processors: bool
    answer_due: datetime
    act_due: datetime
    answered_at: datetime | None
    extended_at: datetime | None
    closed_at: datetime | None
    taken_by: str
    details: Details

    @property
    def open(self) -> bool:
        """Whether anything is still to be done."""
        return self.closed_at is None

    def answer_late(self, now: datetime) -> bool:
        """Whether the first clock ran out before the answer."""
        return (self.answered_at or self.closed_at or now) >= self.answer_due

    def act_late(self, now: datetime) -> bool:
        """Whether the second clock ran out before the end."""
        return (self.closed_at or now) >= self.act_due


def receive(
    house: House,
    transaction: Transaction,
    by: str,
    kind: RequestKind,
    details: Details,
    *,
    number: str = "",
    received_at: datetime | None = None,
    processors: bool = False,
) -> str:
    """Write a request down, and when it came; its number ("YC-0007"). `number`: the person's, kept as a keyed hash."""
    came = received_at or house.now()
    if came > house.now():
        raise Refused(422, "A request cannot come from the future")
    name = next_number(transaction, "request", "YC")
    transaction.execute(
        insert(data_requests).values(
            id=new_id(),
            number=name,
            kind=kind.value,
            status=RequestStatus.RECEIVED.value,
            received_at=came,
            processors=processors,
            answer_due=answer_due(came, house.settings.privacy.holidays),
            act_due=act_due(came, processors=processors),
            taken_by=by,
            subject=subject_hash(house, number) if number.strip() else None,
            sealed_details=house.vault.seal(details.model_dump_json().encode()),
        )
    )
    return name


def answer(house: House, transaction: Transaction, id: str) -> DataRequest:
    """The person was told that their request is taken on: stops the first clock."""
    request = read(house, transaction, id)
    if request.status is not RequestStatus.RECEIVED:
        raise Refused(409, "The request was answered before")
    _change(transaction, id, status=RequestStatus.ANSWERED.value, answered_at=house.now())
    return read(house, transaction, id)


def extend(house: House, transaction: Transaction, id: str) -> DataRequest:
    """Once, by 15 days, while it is open; the person is told why."""
    request = read(house, transaction, id)
    if not request.open or request.extended_at is not None:
        raise Refused(409, "A request is extended once, while it is open")
    due = act_due(request.received_at, processors=request.processors, extended=True)
    _change(transaction, id, extended_at=house.now(), act_due=due)
    return read(house, transaction, id)


def close(house: House, transaction: Transaction, id: str, status: RequestStatus, outcome: str) -> DataRequest:
    """Done, or refused with a reason. Closing without an answer before counts as the answer too."""
    request = read(house, transaction, id)
    if not request.open or status not in {RequestStatus.DONE, RequestStatus.REFUSED}:
        raise Refused(409, "The request is closed")
    if not outcome.strip():
        raise Refused(422, "The outcome must be told")
    details = request.details.model_copy(update={"outcome": outcome.strip()})
    now = house.now()
    _change(
        transaction,
        id,
        status=status.value,
        closed_at=now,
        answered_at=request.answered_at or now,
        sealed_details=house.vault.seal(details.model_dump_json().encode()),
    )
    return read(house, transaction, id)


def read(house: House, transaction: Transaction, id: str) -> DataRequest:
    """One request. Raises Refused."""
    row = transaction.one(select(data_requests).where(data_requests.c.id == id).with_for_update())
    if row is None:
        raise Refused(404, "There is no such request")
    return _read(house, row)


def listed(house: House, transaction: Transaction, limit: int = 200) -> list[DataRequest]:
    """Open ones first, the most urgent at the top; then the newest closed ones."""
    rows = transaction.all(select(data_requests).order_by(data_requests.c.received_at.desc()).limit(limit))
    requests = [_read(house, row) for row in rows]
    still_open = sorted((each for each in requests if each.open), key=_next_due)
    return still_open + [each for each in requests if not each.open]


def _next_due(request: DataRequest) -> datetime:
    return request.answer_due if request.answered_at is None else request.act_due


def _change(transaction: Transaction, id: str, **values: object) -> None:
    transaction.execute(update(data_requests).where(data_requests.c.id == id).values(**values))


def _read(house: House, row: RowMapping) -> DataRequest:
    return DataRequest(
        row["id"],
        row["number"],
        RequestKind(row["kind"]),
        RequestStatus(row["status"]),
        row["received_at"],
        row["processors"],
        row["answer_due"],
        row["act_due"],
        row["answered_at"],
        row["extended_at"],
        row["closed_at"],
        row["taken_by"],
        Details.model_validate_json(house.vault.open(row["sealed_details"])),
    )
