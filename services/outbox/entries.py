"""The outbox: writes that will reach the gateway once, whatever happens to network, gateway and power.

An entry's body is sealed to the gateway's key before it comes here: this room can keep and resend it, not read it.
Key, operation, path, attempts and state are clear. Entries of one registration (a `chain`) keep their order; chains
do not wait for each other.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum

from services.contract.routes import Write
from services.outbox.database import Database

MAX_AGE = timedelta(days=30)
"""Older entries are never sent again: the gateway keeps answers 35 days, past that a resend could be a second one."""
TOO_OLD = "GW-207"
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(seconds=60)


class EntryState(Enum):
    """What becomes of an entry; a delivered one is deleted."""

    WAITING = "waiting"
    DEAD = "dead"
    """The gateway refused it for good: kept, with its code, until a technician looks."""
    RECONCILE = "reconcile"
    """Too old to be sent: reconciled by hand."""


@dataclass(frozen=True)
class Draft:
    """A new entry. `chain` is the registration's key; `key` the entry's own idempotency key."""

    chain: str
    key: str
    write: Write
    path: str
    sealed: bytes


@dataclass(frozen=True)
class Entry:
    """An entry as it is kept. Times are UTC."""

    id: int
    chain: str
    key: str
    write: Write
    path: str
    sealed: bytes
    created_at: datetime
    attempts: int
    next_at: datetime
    state: EntryState
    status: int | None
    code: str | None


@dataclass(frozen=True)
class Counts:
    """What doctor, heartbeat and technician's screen show. `oldest` is the creation of the oldest waiting entry."""

    waiting: int
    dead: int
    reconcile: int
    oldest: datetime | None


class Outbox:
    """The entries of one database. Every method is one transaction and blocks for a disk write."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, *drafts: Draft, now: datetime) -> None:
        """Keep new entries; when this returns they are on the disk."""
        with self._database.transaction() as connection:
            self.add_in(connection, drafts, now)

    @staticmethod
    def add_in(connection: sqlite3.Connection, drafts: Iterable[Draft], now: datetime) -> None:
        """The same within somebody's transaction."""
        connection.executemany(
            "INSERT INTO entries (chain, key, operation, path, sealed, created_at) VALUES (?, ?, ?, ?, ?, ?)",
            [(each.chain, each.key, each.write.value, each.path, each.sealed, now.timestamp()) for each in drafts],
        )

    def due(self, now: datetime, *, skip: Collection[str] = ()) -> Entry | None:
        """The next entry to send: oldest first, never before another one of its chain. Ages out what is too old.

        Chains in `skip` are left alone.
        """
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE entries SET state = 'reconcile', code = ? WHERE state = 'waiting' AND created_at < ?",
                (TOO_OLD, (now - MAX_AGE).timestamp()),
            )
            rows = connection.execute(
                # A pause longer than the longest one means that the clock was set back.
                "SELECT * FROM entries WHERE state = 'waiting' AND (next_at <= ? OR next_at > ?) AND id IN"
                " (SELECT MIN(id) FROM entries WHERE state = 'waiting' GROUP BY chain) ORDER BY id",
                (now.timestamp(), (now + LONGEST_PAUSE).timestamp()),
            )
            row = next((row for row in rows if row["chain"] not in skip), None)
        return None if row is None else _entry(row)

    def next_at(self) -> datetime | None:
        """When something may be due again; None when nothing waits."""
        (row,) = self._database.rows("SELECT MIN(next_at) AS at FROM entries WHERE state = 'waiting'")
        return None if row["at"] is None else _time(row["at"])

    def delivered(self, key: str) -> None:
        """The gateway has it: forget it."""
        with self._database.transaction() as connection:
            self.delivered_in(connection, key)

    @staticmethod
    def delivered_in(connection: sqlite3.Connection, key: str) -> None:
        """The same within somebody's transaction."""
        connection.execute("DELETE FROM entries WHERE key = ?", (key,))

    def failed(self, key: str, now: datetime, *, status: int | None = None) -> datetime:
        """No answer, or none that is final: when it is tried again (2 s, doubled up to 60 s)."""
        with self._database.transaction() as connection:
            row = connection.execute("SELECT attempts FROM entries WHERE key = ?", (key,)).fetchone()
            attempts = 0 if row is None else int(row["attempts"])
            again = now + min(FIRST_PAUSE * 2 ** min(attempts, 10), LONGEST_PAUSE)
            connection.execute(
                "UPDATE entries SET attempts = attempts + 1, next_at = ?, status = ? WHERE key = ?",
                (again.timestamp(), status, key),
            )
        return again

    def refused(self, key: str, status: int, code: str) -> None:
        """The gateway will never take it: set it aside with the failure code."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE entries SET state = 'dead', attempts = attempts + 1, status = ?, code = ? WHERE key = ?",
                (status, code, key),
            )

    def retry(self, key: str, now: datetime) -> bool:
        """A technician found the cause: send a dead entry again. False when there is none, or it is too old."""
        with self._database.transaction() as connection:
            done = connection.execute(
                "UPDATE entries SET state = 'waiting', next_at = ?, status = NULL, code = NULL"
                " WHERE key = ? AND state = 'dead' AND created_at >= ?",
                (now.timestamp(), key, (now - MAX_AGE).timestamp()),
            )
        return done.rowcount == 1

    def settle(self, key: str) -> bool:
        """It was reconciled by hand: forget an entry that was set aside. False when there is none."""
        with self._database.transaction() as connection:
            done = connection.execute("DELETE FROM entries WHERE key = ? AND state <> 'waiting'", (key,))
        return done.rowcount == 1

    def hurry(self, now: datetime) -> None:
        """The gateway answers again: everything that waits is due now."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE entries SET next_at = ? WHERE state = 'waiting' AND next_at > ?",
                (now.timestamp(), now.timestamp()),
            )

    def counts(self) -> Counts:
        """How many wait, are dead, or are to be reconciled."""
        rows = self._database.rows("SELECT state, COUNT(*) AS n, MIN(created_at) AS oldest FROM entries GROUP BY state")
        by_state = {row["state"]: row for row in rows}
        waiting = by_state.get("waiting")
        return Counts(
            waiting=waiting["n"] if waiting else 0,
            dead=by_state["dead"]["n"] if "dead" in by_state else 0,
            reconcile=by_state["reconcile"]["n"] if "reconcile" in by_state else 0,
            oldest=_time(waiting["oldest"]) if waiting else None,
        )

    def listed(self, *states: EntryState) -> list[Entry]:
        """The entries in these states, oldest first (for doctor and the technician)."""
        wanted = {state.value for state in states}
        return [
            _entry(row) for row in self._database.rows("SELECT * FROM entries ORDER BY id") if row["state"] in wanted
        ]


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _entry(row: sqlite3.Row) -> Entry:
    return Entry(
        id=row["id"],
        chain=row["chain"],
        key=row["key"],
        write=Write(row["operation"]),
        path=row["path"],
        sealed=row["sealed"],
        created_at=_time(row["created_at"]),
        attempts=row["attempts"],
        next_at=_time(row["next_at"]),
        state=EntryState(row["state"]),
        status=row["status"],
        code=row["code"],
    )
