"""Writes that may be sent again: the key's row and the change it stands for commit together.

Same key, same body: the kept answer. Same key, another body: 422. A second send while the first is at work waits for
it (one transaction), or gets 409 where the work reaches outside (`begin` and `finish`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from fastapi import Response
from sqlalchemy import ColumnElement, RowMapping, bindparam, delete, select, update

from gateway.api.deps import Sent
from gateway.fleet.kiosks import Kiosk
from gateway.house import House
from gateway.problems import Refused
from gateway.store.database import Transaction
from gateway.store.prepared import Prepared
from gateway.store.tables import operations
from services.contract.models import Operation, OperationState, Wire
from services.contract.routes import Write

KEPT = timedelta(days=35)
"""Answers are kept longer than the longest time a kiosk may be offline."""

_ENTER = Prepared(lambda insert: insert(operations).on_conflict_do_nothing().returning(operations.c.key))
_DONE = Prepared(
    update(operations).where(
        operations.c.kiosk_id == bindparam("kiosk"),
        operations.c.operation == bindparam("write"),
        operations.c.key == bindparam("sent"),
    )
)

_STUCK = timedelta(seconds=60)
"""An outside work whose process died is taken over after this."""


def once(house: House, kiosk: Kiosk, write: Write, sent: Sent, work: Callable[[Transaction], Wire | None]) -> Response:
    """Do `work` in one transaction with the key's row; its answer is a model, or None for an empty 202."""
    with house.store.write() as transaction:
        kept = _enter(house, transaction, kiosk, write, sent)
        if kept is not None:
            return _again(house, kept, sent)
        answer = work(transaction)
        return _keep(house, transaction, kiosk, write, sent, answer)


def begin(house: House, kiosk: Kiosk, write: Write, sent: Sent) -> Response | None:
    """Enter a key whose work reaches outside; the kept answer when it was done before. Raises Refused 409."""
    if house.store.add(_ENTER, _entry(house, kiosk, write, sent)):
        return None
    with house.store.write() as transaction:
        kept = _enter(house, transaction, kiosk, write, sent)
        if kept is None:
            return None
        stuck = kept["status"] is None and house.now() - kept["began_at"] > _STUCK
        if stuck and kept["body_hash"] == sent.body_hash:
            transaction.execute(update(operations).where(*_row(kiosk, write, sent)).values(began_at=house.now()))
            return None
        return _again(house, kept, sent)


def finish(
    house: House, kiosk: Kiosk, write: Write, sent: Sent, work: Callable[[Transaction], Wire | None]
) -> Response:
    """Do the last part of an outside work together with keeping its answer."""
    with house.store.write() as transaction:
        answer = work(transaction)
        return _keep(house, transaction, kiosk, write, sent, answer)


def forget(
    house: House, kiosk: Kiosk, write: Write, sent: Sent, work: Callable[[Transaction], None] | None = None
) -> None:
    """The outside work failed: nothing was done under this key, it may be tried again."""
    with house.store.write() as transaction:
        transaction.execute(delete(operations).where(*_row(kiosk, write, sent), operations.c.status.is_(None)))
        if work is not None:
            work(transaction)


def leave(house: House, kiosk: Kiosk, write: Write, sent: Sent) -> None:
    """Nobody knows how the outside work ended: the key stays at work, and the next send of it goes on at once."""
    with house.store.write() as transaction:
        stuck = house.now() - _STUCK - timedelta(seconds=1)
        transaction.execute(update(operations).where(*_row(kiosk, write, sent)).values(began_at=stuck))


def read(house: House, kiosk: Kiosk, write: Write, key: str) -> Operation:
    """What became of a key."""
    with house.store.read() as transaction:
        row = transaction.one(select(operations).where(*_row(kiosk, write, Sent(key, ""))))
    if row is None:
        return Operation(state=OperationState.UNKNOWN)
    if row["status"] is None:
        return Operation(state=OperationState.IN_PROGRESS)
    body = house.vault.open(row["sealed_answer"])
    return Operation.model_validate_json(b'{"state":"done","status":%d,"body":%s}' % (row["status"], body or b"null"))


def _enter(house: House, transaction: Transaction, kiosk: Kiosk, write: Write, sent: Sent) -> RowMapping | None:
    """None when this is the key's first time; else its row."""
    if transaction.added(_ENTER, _entry(house, kiosk, write, sent)):
        return None
    return transaction.one(select(operations).where(*_row(kiosk, write, sent)))


def _entry(house: House, kiosk: Kiosk, write: Write, sent: Sent) -> dict[str, object]:
    return {
        "kiosk_id": kiosk.id,
        "operation": write.value,
        "key": sent.key,
        "body_hash": sent.body_hash,
        "began_at": house.now(),
    }


def _again(house: House, kept: RowMapping, sent: Sent) -> Response:
    if kept["body_hash"] != sent.body_hash:
        raise Refused(422, "This idempotency key was used for another body")
    if kept["status"] is None:
        raise Refused(409, "The first send of this key is still at work")
    return _response(kept["status"], house.vault.open(kept["sealed_answer"]))


def _keep(
    house: House, transaction: Transaction, kiosk: Kiosk, write: Write, sent: Sent, answer: Wire | None
) -> Response:
    status = 202 if answer is None else 200
    body = b"" if answer is None else answer.model_dump_json().encode()
    transaction.later(
        _DONE,
        {"kiosk": kiosk.id, "write": write.value, "sent": sent.key, "status": status,
         "sealed_answer": house.vault.seal(body)},
    )  # fmt: skip
    return _response(status, body)


def _response(status: int, body: bytes) -> Response:
    return Response(body, status, media_type="application/json" if body else None)


def _row(kiosk: Kiosk, write: Write, sent: Sent) -> tuple[ColumnElement[bool], ...]:
    return (
        operations.c.kiosk_id == kiosk.id,
        operations.c.operation == write.value,
        operations.c.key == sent.key,
    )
