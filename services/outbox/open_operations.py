"""Asked-again operations that may still live at the gateway (a payment code): kept so that a restart can close them.

Keys and ids only: nothing personal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.contract.routes import Write
from services.outbox.database import Database


@dataclass(frozen=True)
class OpenOperation:
    """A write whose effect nobody closed yet; `target` is the id it made, or "" before an answer."""

    key: str
    write: Write
    target: str


class OpenOperations:
    """The open operations of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, key: str, write: Write, now: datetime) -> None:
        """Before the first send."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO open_operations (key, operation, target, created_at) VALUES (?, ?, '', ?)",
                (key, write.value, now.timestamp()),
            )

    def answered(self, key: str, target: str) -> None:
        """The gateway made `target`."""
        with self._database.transaction() as connection:
            connection.execute("UPDATE open_operations SET target = ? WHERE key = ?", (target, key))

    def end(self, *, key: str | None = None, target: str | None = None) -> None:
        """It is closed (paid, cancelled, expired, or it never was)."""
        with self._database.transaction() as connection:
            connection.execute(
                "DELETE FROM open_operations WHERE key = ? OR (target = ? AND target <> '')", (key or "", target or "")
            )

    def all(self) -> list[OpenOperation]:
        """What is open, oldest first."""
        rows = self._database.rows("SELECT * FROM open_operations ORDER BY created_at")
        return [OpenOperation(row["key"], Write(row["operation"]), row["target"]) for row in rows]
