"""Dossiers, their progress, their files and the day's numbers in SQLite, in memory or in a file of its own."""

from __future__ import annotations

import json
import sqlite3
import threading
from typing import Any

Row = dict[str, Any]

_TABLES = """
CREATE TABLE IF NOT EXISTS numbers (agency TEXT, day TEXT, last INTEGER, PRIMARY KEY (agency, day));
CREATE TABLE IF NOT EXISTS files (id TEXT PRIMARY KEY, digest TEXT, kind TEXT, content BLOB);
CREATE TABLE IF NOT EXISTS dossiers (number TEXT PRIMARY KEY, status TEXT, due TEXT, finished TEXT, handed TEXT,
    sent TEXT, body TEXT);
CREATE TABLE IF NOT EXISTS progress (id INTEGER PRIMARY KEY, key TEXT UNIQUE, number TEXT, body TEXT);
CREATE TABLE IF NOT EXISTS payments (key TEXT PRIMARY KEY, number TEXT, sent TEXT, voucher TEXT);
CREATE TABLE IF NOT EXISTS taken (number TEXT PRIMARY KEY);
"""


class Store:
    """One lock: a call is carried out whole or not at all, and never beside another."""

    def __init__(self, path: str = ":memory:") -> None:
        self.lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.executescript(_TABLES)

    def one(self, query: str, *values: object) -> Row | None:
        """The first row."""
        row = self._db.execute(query, values).fetchone()
        return None if row is None else dict(row)

    def all(self, query: str, *values: object) -> list[Row]:
        """Every row."""
        return [dict(row) for row in self._db.execute(query, values)]

    def put(self, query: str, *values: object) -> int:
        """Write; how many rows changed."""
        return self._db.execute(query, values).rowcount

    def close(self) -> None:
        """Close the database."""
        self._db.close()


def text(value: object) -> str:
    """JSON that is equal for equal content."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
