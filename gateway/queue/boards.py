"""Screens in waiting rooms: a screen shows a code, a supervisor types it, and the screen stays connected."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import RowMapping, delete, func, select, update

from gateway.house import House
from gateway.problems import Refused
from gateway.store.database import Transaction
from gateway.store.tables import boards

CODE_LIVES = timedelta(minutes=15)
MOST_WAITING = 50
"""Screens that show a code at the same time; an older code goes first."""
BOARDS_TOPIC = "boards"


@dataclass(frozen=True)
class Screen:
    """A connected screen; `clinics` empty means every clinic."""

    id: str
    name: str
    clinics: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """A screen that is not connected yet: its secret, and the code it shows (6 digits)."""

    token: str
    code: str


def ask(house: House, transaction: Transaction) -> Asked:
    """A new screen asks to be connected."""
    now = house.now()
    waiting = boards.c.approved_at.is_(None)
    transaction.execute(delete(boards).where(waiting, boards.c.created_at < now - CODE_LIVES))
    count = transaction.one(select(func.count().label("count")).select_from(boards).where(waiting))
    if count is not None and count["count"] >= MOST_WAITING:
        oldest = select(boards.c.token_hash).where(waiting).order_by(boards.c.created_at).limit(1)
        transaction.execute(delete(boards).where(boards.c.token_hash.in_(oldest.scalar_subquery())))
    token = secrets.token_urlsafe(32)
    while True:
        code = f"{secrets.randbelow(1_000_000):06}"
        values = {"token_hash": _hash(token), "code": code, "name": "", "clinics": "[]", "created_at": now}
        if transaction.added(transaction.insert(boards).values(values)):
            return Asked(token, code)


def connect(house: House, transaction: Transaction, code: str, name: str, clinics: tuple[str, ...], actor: str) -> None:
    """A supervisor connects the screen that shows `code`. Raises Refused."""
    for clinic in clinics:
        if clinic not in house.clinics:
            raise Refused(404, "There is no such clinic")
    now = house.now()
    done = transaction.execute(
        update(boards)
        .where(boards.c.code == code, boards.c.approved_at.is_(None), boards.c.created_at >= now - CODE_LIVES)
        .values(code=None, name=name, clinics=json.dumps(clinics), approved_at=now, approved_by=actor)
        .returning(boards.c.name)
    )
    if done.first() is None:
        raise Refused(404, "No screen shows that code")
    transaction.announce(BOARDS_TOPIC)


def disconnect(transaction: Transaction, board_id: str) -> None:
    """The screen is no board any more."""
    transaction.execute(delete(boards).where(boards.c.token_hash == board_id))
    transaction.announce(BOARDS_TOPIC)


def screen(transaction: Transaction, token: str | None) -> Screen | None:
    """The connected screen behind a token."""
    row = _row(transaction, token)
    if row is None or row["approved_at"] is None:
        return None
    return _screen(row)


def code_shown(house: House, transaction: Transaction, token: str | None) -> str | None:
    """The code a screen still shows; None when it is unknown, connected, or its time is over."""
    row = _row(transaction, token)
    if row is None or row["approved_at"] is not None or row["created_at"] < house.now() - CODE_LIVES:
        return None
    return str(row["code"])


def connected(transaction: Transaction) -> list[Screen]:
    """Every connected screen."""
    rows = transaction.all(select(boards).where(boards.c.approved_at.is_not(None)).order_by(boards.c.name))
    return [_screen(row) for row in rows]


def _screen(row: RowMapping) -> Screen:
    return Screen(row["token_hash"], row["name"], tuple(json.loads(row["clinics"])))


def _row(transaction: Transaction, token: str | None) -> RowMapping | None:
    if not token:
        return None
    return transaction.one(select(boards).where(boards.c.token_hash == _hash(token)))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
