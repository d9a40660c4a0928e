"""The kiosk's one small database: what must survive a power cut, none of it readable personal data.

SQLite with `synchronous=FULL`: a commit that a power cut can undo is not a commit. One connection, used by one thread
at a time; every change is one transaction.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

log = logging.getLogger(__name__)

FILE = "outbox.db"
"""Its name in the state directory."""

VERSION = 1

SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chain TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    operation TEXT NOT NULL,
    path TEXT NOT NULL,
    sealed BLOB NOT NULL,
    created_at REAL NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at REAL NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'waiting',
    status INTEGER,
    code TEXT
);
CREATE INDEX IF NOT EXISTS entries_by_state ON entries (state, id);
CREATE TABLE IF NOT EXISTS numbers (
    lease_id TEXT NOT NULL,
    clinic_id TEXT NOT NULL,
    day TEXT NOT NULL,
    number TEXT NOT NULL,
    place INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'free',
    chain TEXT,
    PRIMARY KEY (lease_id, number)
);
CREATE TABLE IF NOT EXISTS open_operations (
    key TEXT PRIMARY KEY,
    operation TEXT NOT NULL,
    target TEXT NOT NULL,
    created_at REAL NOT NULL
);
"""


class NewerDatabase(RuntimeError):
    """The file was written by a newer program; starting an older one would lose what it cannot read."""


def open_or_set_aside(path: Path, now: datetime) -> Database:
    """Open the file; one that SQLite cannot read is kept under another name, so that the kiosk starts all the same.

    Doctor tells of it. What it held was sealed: only its keys and the gateway's books can tell what is missing.
    """
    try:
        database = Database(path)
        if database.sound():
            return database
        database.close()
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            # Locked, no permission, a full disk: not the file's fault, and it must not be moved away.
            raise
    aside = path.with_name(f"{path.name}.broken-{now:%Y%m%d-%H%M%S}")
    path.rename(aside)
    for suffix in ("-wal", "-shm"):
        beside = path.with_name(path.name + suffix)
        if beside.exists():
            beside.rename(aside.with_name(aside.name + suffix))
    log.error("%s is broken and was set aside as %s", path, aside.name)
    return Database(path)


class Database:
    """Opens or makes the file; `transaction()` is all or nothing."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5.0)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute("PRAGMA secure_delete=ON")
        self._migrate(path)
        path.chmod(0o600)

    def _migrate(self, path: Path) -> None:
        found = int(self._connection.execute("PRAGMA user_version").fetchone()[0])
        if found > VERSION:
            self._connection.close()
            raise NewerDatabase(f"{path}: version {found}, this program knows {VERSION}")
        with self.transaction() as connection:
            for statement in SCHEMA.split(";"):
                if statement.strip():
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version={VERSION}")

    @contextmanager
    def transaction(self) -> Generator[sqlite3.Connection]:
        """A write: committed and on the disk when the block ends, undone when it raises."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def rows(self, query: str, *args: object) -> list[sqlite3.Row]:
        """A read."""
        with self._lock:
            return self._connection.execute(query, args).fetchall()

    def sound(self) -> bool:
        """Whether SQLite finds the file whole."""
        with self._lock:
            return self._connection.execute("PRAGMA quick_check").fetchone()[0] == "ok"

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()
