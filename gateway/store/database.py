"""Transactions on SQLite or PostgreSQL by the same code.

A write takes the lock at its first statement (BEGIN IMMEDIATE on SQLite, row locks on PostgreSQL) and is on disk when
it returns. What changed is announced on the bus only after the commit.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import (
    Connection,
    Engine,
    Executable,
    Integer,
    Result,
    RowMapping,
    Table,
    create_engine,
    event,
    literal_column,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from gateway.store.bus import Bus

_WRITE = "tram_write"
_USED_AT = "tram_used_at"
_RESTED_SECONDS = 2.0

THREADS = 20
"""How many requests a process works on at a time; more threads only wait for each other."""

_NOTIFY = text("SELECT pg_notify('tram', topic) FROM unnest(CAST(:topics AS text[])) AS topic")


@dataclass
class Transaction:
    """One transaction: statements, and the topics to announce after its commit."""

    connection: Connection
    dialect: str
    topics: list[str] = field(default_factory=list[str])

    def execute(self, statement: Executable, values: Any = None) -> Result[Any]:
        """Run one statement."""
        return self.connection.execute(statement, values)

    def added(self, insert: sqlite.Insert | postgresql.Insert) -> bool:
        """Insert a row unless one with its key is there: whether it is new."""
        marked = insert.on_conflict_do_nothing().returning(literal_column("1", Integer))
        return self.connection.execute(cast(Executable, marked)).first() is not None

    def one(self, statement: Executable) -> RowMapping | None:
        """The first row as a mapping, or None."""
        return self.connection.execute(statement).mappings().first()

    def all(self, statement: Executable) -> list[RowMapping]:
        """Every row as a mapping."""
        return list(self.connection.execute(statement).mappings())

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An insert that knows ON CONFLICT, for this database."""
        return sqlite.insert(table) if self.dialect == "sqlite" else postgresql.insert(table)

    def lock(self, name: str) -> None:
        """Hold others with the same name back until this ends (SQLite's writers already wait for each other)."""
        if self.dialect != "sqlite":
            self.connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})

    def announce(self, topic: str) -> None:
        """Tell everybody who waits for `topic`, once this is committed."""
        self.topics.append(topic)


class Store:
    """The database of one gateway."""

    def __init__(self, url: str, bus: Bus) -> None:
        self.url = url
        self.bus = bus
        self.engine = _engine(url)
        self._writing = self.engine.execution_options(**{_WRITE: True})
        self._sqlite = self.engine.dialect.name == "sqlite"
        # On PostgreSQL each statement sees what is committed, in a transaction or not: reads save BEGIN and COMMIT.
        self._reading = self.engine if self._sqlite else self.engine.execution_options(isolation_level="AUTOCOMMIT")
        # One process writes to SQLite: its own lock is fair and does not sleep, the file's lock polls.
        self._lock: AbstractContextManager[Any] = threading.Lock() if self._sqlite else nullcontext()

    @property
    def alone(self) -> bool:
        """Whether this process is the only one that serves this database (SQLite): it may migrate by itself."""
        return self._sqlite

    @contextmanager
    def write(self) -> Generator[Transaction]:
        """A transaction that changes something."""
        with self._lock, self._writing.begin() as connection:
            transaction = Transaction(connection, self.engine.dialect.name)
            yield transaction
            topics = list(dict.fromkeys(transaction.topics))
            if topics and not self._sqlite:
                connection.execute(_NOTIFY, {"topics": topics})
        for topic in topics:
            self.bus.publish(topic)

    @contextmanager
    def read(self) -> Generator[Transaction]:
        """Reading only. On SQLite all statements see one moment; on PostgreSQL each sees its own."""
        with self._reading.begin() as connection:
            yield Transaction(connection, self.engine.dialect.name)

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        # Last in, first out: few connections are busy, and what they have prepared serves again.
        engine = create_engine(parsed, pool_size=THREADS, max_overflow=THREADS, pool_use_lifo=True)
        event.listen(engine, "checkin", _note_use)
        event.listen(engine, "checkout", _look_whether_alive)
        return engine
    engine = create_engine(parsed, pool_size=20, max_overflow=30, connect_args={"timeout": 15})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _note_use(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info[_USED_AT] = time.monotonic()


def _look_whether_alive(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
    """A connection that rested may be dead (a restarted database): the pool then takes another one."""
    if time.monotonic() - record.info.get(_USED_AT, time.monotonic()) < _RESTED_SECONDS:
        return
    cursor = connection.cursor()
    try:
        cursor.execute("SELECT 1")
        connection.rollback()
    except Exception as error:
        raise DisconnectionError from error
    finally:
        cursor.close()


def _prepare_sqlite(connection: object, _record: object) -> None:
    sqlite_connection = cast(sqlite3.Connection, connection)
    sqlite_connection.isolation_level = None  # SQLAlchemy's own BEGIN below, not the driver's late one
    cursor = sqlite_connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
