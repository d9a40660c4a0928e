"""Transactions on SQLite or PostgreSQL by the same code.

A write takes the lock at its first statement (BEGIN IMMEDIATE on SQLite, row locks on PostgreSQL) and is on disk when
it returns. What changed is announced on the bus only after the commit.

Prepared statements run past SQLAlchemy's execution (`gateway.store.wire`). On PostgreSQL they are a pipeline: BEGIN,
COMMIT and whatever is given to `later` wait for nothing, they travel with the next statement whose rows are read.
Waiting is what a transaction costs: threads change at each. Other statements run by SQLAlchemy, between them.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
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

from gateway.store.bus import CHANNEL, NOTIFY, Bus
from gateway.store.prepared import Insert, Prepared
from gateway.store.wire import PostgresWire, SqliteWire, Wire

_WRITE = "tram_write"
_WIRE = "tram_wire"
_USED_AT = "tram_used_at"
_RESTED_SECONDS = 2.0

THREADS = 20
"""How many requests a process works on at a time; more threads only wait for each other."""

_LOCK = Prepared(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"))


class Transaction:
    """One transaction: statements, and the topics to announce after its commit."""

    def __init__(self, connection: Connection, wire: Wire) -> None:
        self.dialect = connection.dialect.name
        self.topics: list[str] = []
        self._connection = connection
        self._wire = wire

    @property
    def connection(self) -> Connection:
        """For what only SQLAlchemy's connection can do."""
        self._wire.settle()
        return self._connection

    def execute(self, statement: Executable, values: Any = None) -> Result[Any]:
        """Run one statement by SQLAlchemy."""
        return self.connection.execute(statement, values)

    def later(self, statement: Prepared, values: Any = None) -> None:
        """Run a statement whose result nobody reads, together with the next one; its error is told then."""
        plan = statement.plan(self.dialect, values)
        self._wire.queue(plan, plan.arguments(values))

    def added(self, insert: Insert | Prepared, values: Any = None) -> bool:
        """Insert a row unless one with its key is there: whether it is new.

        A prepared one says ON CONFLICT itself, and returns something.
        """
        if isinstance(insert, Prepared):
            return self.one(insert, values) is not None
        marked = insert.on_conflict_do_nothing().returning(literal_column("1", Integer))
        return self.execute(cast(Executable, marked), values).first() is not None

    def one(self, statement: Executable | Prepared, values: Any = None) -> RowMapping | None:
        """The first row as a mapping, or None."""
        if isinstance(statement, Prepared):
            rows = self.all(statement, values)
            return rows[0] if rows else None
        return self.execute(statement, values).mappings().first()

    def all(self, statement: Executable | Prepared, values: Any = None) -> list[RowMapping]:
        """Every row as a mapping."""
        if isinstance(statement, Prepared):
            plan = statement.plan(self.dialect, values)
            return plan.rows(self._wire.ask(plan, plan.arguments(values)))
        return list(self.execute(statement, values).mappings())

    def insert(self, table: Table) -> Insert:
        """An insert that knows ON CONFLICT, for this database."""
        return sqlite.insert(table) if self.dialect == "sqlite" else postgresql.insert(table)

    def lock(self, name: str) -> None:
        """Hold others with the same name back until this ends (SQLite's writers already wait for each other)."""
        if self.dialect != "sqlite":
            self.later(_LOCK, {"name": name})

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
        # One process writes to SQLite: its own lock is fair and does not sleep, the file's lock polls.
        self._lock: AbstractContextManager[Any] = threading.Lock() if self._sqlite else nullcontext()

    @property
    def alone(self) -> bool:
        """Whether this process is the only one that serves this database (SQLite): it may migrate by itself."""
        return self._sqlite

    @contextmanager
    def write(self) -> Generator[Transaction]:
        """A transaction that changes something."""
        with self._begin_sqlite() if self._sqlite else self._begin_postgres() as transaction:
            yield transaction
        if topics := list(dict.fromkeys(transaction.topics)):
            self.bus.announce(topics)
            if not (self._sqlite or self.bus.carried):
                self._notify(topics)

    def add(self, insert: Prepared, values: Any) -> bool:
        """A write of one row: on PostgreSQL a transaction by itself. Whether the row is new."""
        if self._sqlite:
            with self.write() as transaction:
                return transaction.added(insert, values)
        with self.read() as transaction:
            return transaction.added(insert, values)

    @contextmanager
    def migrating(self) -> Generator[Transaction]:
        """A transaction as SQLAlchemy makes it (Alembic's)."""
        options = {} if self._sqlite else {"isolation_level": "READ COMMITTED"}
        with self._lock, self._writing.execution_options(**options).begin() as connection:
            yield Transaction(connection, _wire(connection))

    @contextmanager
    def _begin_sqlite(self) -> Generator[Transaction]:
        with self._lock, self._writing.begin() as connection:
            yield Transaction(connection, _wire(connection))

    @contextmanager
    def _begin_postgres(self) -> Generator[Transaction]:
        with self.engine.connect() as connection:
            wire = cast(PostgresWire, _wire(connection))
            try:
                wire.begin()
                yield Transaction(connection, wire)
                wire.commit()
            except BaseException:
                if not wire.undo():
                    connection.invalidate()
                raise

    @contextmanager
    def read(self) -> Generator[Transaction]:
        """Reading only. On SQLite all statements see one moment; on PostgreSQL each sees its own."""
        with self._read_sqlite() if self._sqlite else self._read_postgres() as transaction:
            yield transaction

    @contextmanager
    def _read_sqlite(self) -> Generator[Transaction]:
        with self.engine.begin() as connection:
            yield Transaction(connection, _wire(connection))

    @contextmanager
    def _read_postgres(self) -> Generator[Transaction]:
        with self.engine.connect() as connection:
            wire = cast(PostgresWire, _wire(connection))
            try:
                yield Transaction(connection, wire)
                wire.settle()
            except BaseException:
                if not wire.undo():
                    connection.invalidate()
                raise

    def _notify(self, topics: list[str]) -> None:
        """From a process that serves nothing (a command) to those that do."""
        with self.engine.connect() as connection:
            connection.exec_driver_sql(NOTIFY, (CHANNEL, [f"- {topic}" for topic in topics]))

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        # Last in, first out: few connections are busy, and what they have prepared serves again.
        # Each statement sees what is committed, in a transaction or not: reads save BEGIN and COMMIT.
        engine = create_engine(
            parsed,
            pool_size=THREADS,
            max_overflow=THREADS,
            pool_use_lifo=True,
            isolation_level="AUTOCOMMIT",
            pool_reset_on_return=None,
        )
        event.listen(engine, "checkin", _note_use)
        event.listen(engine, "checkout", _look_whether_alive)
        return engine
    engine = create_engine(
        parsed, pool_size=20, max_overflow=30, connect_args={"timeout": 15, "cached_statements": 512}
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _wire(connection: Connection) -> Wire:
    """What runs prepared statements on a connection; made once for each that the pool holds."""
    info = connection.info
    wire: Wire | None = info.get(_WIRE)
    if wire is None:
        driver: Any = connection.connection.driver_connection
        wire = info[_WIRE] = SqliteWire(driver) if connection.dialect.name == "sqlite" else PostgresWire(driver)
    return wire


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
