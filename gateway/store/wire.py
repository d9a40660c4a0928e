"""Prepared statements on one connection: on SQLite by its module, on PostgreSQL by libpq's pipeline.

A statement whose result nobody reads waits in the pipeline and travels with the next one that is read. What is prepared
on a connection stays so as long as that lives.
"""

from __future__ import annotations

import select
import sqlite3
from contextlib import suppress
from typing import Any, Protocol

import psycopg
from psycopg import pq
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import InFailedSqlTransaction, error_from_result, lookup
from sqlalchemy.exc import DBAPIError, StatementError

from gateway.store.prepared import Plan

Rows = list[tuple[Any, ...]]

_TEXT, _BINARY = PyFormat.TEXT, PyFormat.BINARY
_OTHER_COLUMNS = lookup("0A000")
"""A table was changed under a prepared statement: it has to be prepared anew."""


def _told(error: psycopg.Error) -> StatementError:
    """As SQLAlchemy tells it, without the values: a DBAPIError, which its signature does not say."""
    return DBAPIError.instance("", None, error, psycopg.Error, hide_parameters=True)


class Wire(Protocol):
    """What a transaction needs of a connection."""

    def ask(self, plan: Plan, arguments: list[Any]) -> Rows:
        """Run a statement, and those before it; its rows. Raises DBAPIError."""
        ...

    def queue(self, plan: Plan, arguments: list[Any]) -> None:
        """Run a statement with the next one that is asked, or at the end. Raises DBAPIError."""
        ...

    def settle(self) -> None:
        """Run what is queued; the connection is the driver's own again. Raises DBAPIError."""
        ...


class SqliteWire:
    """Nothing waits here: the database is in the process."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def ask(self, plan: Plan, arguments: list[Any]) -> Rows:
        """Run a statement."""
        try:
            return self._connection.execute(plan.sql, arguments).fetchall()
        except sqlite3.Error as error:
            raise DBAPIError.instance(plan.sql, None, error, sqlite3.Error, hide_parameters=True) from error

    def queue(self, plan: Plan, arguments: list[Any]) -> None:
        """Run a statement."""
        self.ask(plan, arguments)

    def settle(self) -> None:
        """Nothing is left."""


class PostgresWire:
    """libpq itself: psycopg's own pipeline costs four times as much for such short statements."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._pg = connection.pgconn
        self._values = Transformer(connection)
        self._prepared: dict[str, bytes] = {}
        self._new: list[str] = []
        self._named = 0
        self._open = False
        self._waiting = False
        self._ready = select.poll()
        self._ready.register(self._pg.socket, select.POLLIN)

    def begin(self) -> None:
        """A transaction begins with the next statement. Raises DBAPIError."""
        try:
            self._enter()
            self._pg.send_query_params(b"BEGIN", None)
        except psycopg.Error as error:
            raise _told(error) from error

    def commit(self) -> None:
        """What is queued, and COMMIT. Raises DBAPIError, also when nothing was stored."""
        try:
            self._enter()
            self._pg.send_query_params(b"COMMIT", None)
        except psycopg.Error as error:
            raise _told(error) from error
        last = self._sync()
        self.settle()
        # A transaction in which a statement failed answers COMMIT with ROLLBACK, and no error.
        if last is None or last.command_status != b"COMMIT":
            raise _told(InFailedSqlTransaction("the transaction was undone: a statement in it had failed"))

    def undo(self) -> bool:
        """Give up the transaction, whatever became of it. False when the connection is of no use any more."""
        try:
            with suppress(DBAPIError):
                self.settle()
            self.settle()
            if self._pg.transaction_status != pq.TransactionStatus.IDLE:
                self._pg.exec_(b"ROLLBACK")
        except (DBAPIError, psycopg.Error):
            return False
        return self._pg.transaction_status == pq.TransactionStatus.IDLE

    def ask(self, plan: Plan, arguments: list[Any]) -> Rows:
        """Run a statement, and those before it."""
        self.queue(plan, arguments)
        result = self._sync()
        if result is None or not result.ntuples:
            return []
        self._values.set_pgresult(result, set_loaders=True, format=pq.Format.TEXT)
        return self._values.load_rows(0, result.ntuples, tuple)

    def queue(self, plan: Plan, arguments: list[Any]) -> None:
        """Run a statement with the next one that is asked."""
        try:
            self._enter()
            name = self._prepared.get(plan.sql) or self._prepare(plan)
            formats = [_BINARY if slot.binary else _TEXT for slot in plan.slots]
            dumped = self._values.dump_sequence(arguments, formats)
            self._pg.send_query_prepared(name, dumped, self._values.formats)
        except psycopg.Error as error:
            raise _told(error) from error

    def settle(self) -> None:
        """Run what is queued, and leave the pipeline."""
        if self._waiting:
            self._sync()
        if self._open:
            try:
                self._pg.exit_pipeline_mode()
            except psycopg.Error as error:
                raise _told(error) from error
            self._open = False

    def _enter(self) -> None:
        if not self._open:
            self._pg.enter_pipeline_mode()
            self._open = True
        self._waiting = True

    def _prepare(self, plan: Plan) -> bytes:
        self._named += 1
        name = b"tram_%d" % self._named
        self._pg.send_prepare(name, plan.encoded)
        self._prepared[plan.sql] = name
        self._new.append(plan.sql)
        return name

    def _sync(self) -> pq.abc.PGresult | None:
        """Send everything and wait for it: the last result. Raises the first error among them."""
        self._waiting = False
        try:
            self._pg.pipeline_sync()
            last, failed = self._results()
        except psycopg.Error as error:
            raise _told(error) from error
        if failed is None:
            self._new.clear()
            return last
        error = error_from_result(failed)
        # What was to be prepared behind the fault never was.
        for sql in list(self._prepared) if isinstance(error, _OTHER_COLUMNS) else self._new:
            del self._prepared[sql]
        self._new.clear()
        raise _told(error) from error

    def _results(self) -> tuple[pq.abc.PGresult | None, pq.abc.PGresult | None]:
        pg = self._pg
        last, failed = None, None
        while pg.flush():
            self._ready.modify(pg.socket, select.POLLIN | select.POLLOUT)
            self._ready.poll()
            self._ready.modify(pg.socket, select.POLLIN)
            pg.consume_input()
        while True:
            while pg.is_busy():
                self._ready.poll()
                pg.consume_input()
            result = pg.get_result()
            if result is None:
                if pg.status != pq.ConnStatus.OK:
                    raise psycopg.OperationalError("the connection is lost")
                continue
            match result.status:
                case pq.ExecStatus.PIPELINE_SYNC:
                    return last, failed
                case pq.ExecStatus.FATAL_ERROR if failed is None:
                    failed = result
                case pq.ExecStatus.TUPLES_OK | pq.ExecStatus.COMMAND_OK:
                    last = result
                case _:
                    pass
