"""Patients, registrations and appointments in SQLite, in memory or in a file of the stand-in's own."""

from __future__ import annotations

import json
import sqlite3
import threading
from typing import Any

Row = dict[str, Any]

_TABLES = """
CREATE TABLE IF NOT EXISTS patients (id INTEGER PRIMARY KEY, paper TEXT UNIQUE, told TEXT UNIQUE, body TEXT);
CREATE TABLE IF NOT EXISTS registrations (id INTEGER PRIMARY KEY, asked TEXT UNIQUE, patient INTEGER, room TEXT,
    number INTEGER, state TEXT, version INTEGER, body TEXT);
CREATE TABLE IF NOT EXISTS bills (id INTEGER PRIMARY KEY, patient INTEGER, state INTEGER, version INTEGER,
    holder TEXT, held_until TEXT, body TEXT);
CREATE TABLE IF NOT EXISTS payments (id INTEGER PRIMARY KEY, asked TEXT UNIQUE, target TEXT, invoice TEXT, body TEXT);
CREATE TABLE IF NOT EXISTS bookings (id INTEGER PRIMARY KEY, patient INTEGER, day TEXT, body TEXT, used TEXT);
CREATE TABLE IF NOT EXISTS places (id INTEGER PRIMARY KEY, slot TEXT, day TEXT);
"""


class Store:
    """One lock: a call is carried out whole or not at all, and never beside another."""

    def __init__(self, path: str = ":memory:") -> None:
        self.lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.executescript(_TABLES)

    def one(self, query: str, *values: object) -> Row | None:
        """The first row, its `body` spread into it."""
        row = self._db.execute(query, values).fetchone()
        return None if row is None else _spread(row)

    def all(self, query: str, *values: object) -> list[Row]:
        """Every row."""
        return [_spread(row) for row in self._db.execute(query, values)]

    def put(self, query: str, *values: object) -> int:
        """Write; the id of a new row."""
        return self._db.execute(query, values).lastrowid or 0

    def close(self) -> None:
        """Close the database."""
        self._db.close()


def _spread(row: sqlite3.Row) -> Row:
    fields = dict(row)
    body = fields.pop("body", None)
    return {**(json.loads(body) if body else {}), **fields}
