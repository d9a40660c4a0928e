"""The gateway's own books, looked at from outside: what became of a check-in. Nothing is written, no seal is opened."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_CHECK_INS = """
SELECT t.number, t.status, t.slot, t.priority AS first, c.clinic_id AS clinic, c.priority, c.priority_proven,
       c.use_insurance, c.insurance_pending, c.insurance_failure, c.verified_level, c.slip_printed, r.slip_token
FROM check_ins c JOIN registrations r ON r.check_in_id = c.id JOIN tickets t ON t.check_in_id = c.id
WHERE t.status NOT IN ('voided', 'abandoned') AND r.first ORDER BY c.rowid
"""


@dataclass(frozen=True)
class CheckIn:
    """One check-in and its number, as columns of the gateway's tables name them."""

    number: str
    status: str
    slot: str | None
    first: int
    """Whether it is called before ordinary numbers."""
    clinic: str
    priority: str
    priority_proven: int
    use_insurance: int
    insurance_pending: int
    insurance_failure: str | None
    verified_level: str
    slip_printed: int | None
    slip_token: str


class Books:
    """The SQLite files of a run folder."""

    def __init__(self, run: Path) -> None:
        self._gateway = run / "gateway.sqlite"
        self._outbox = run / "state" / "outbox.db"

    def check_ins(self) -> list[CheckIn]:
        """Every check-in whose number can be called or was, oldest first."""
        return [CheckIn(*row) for row in _rows(self._gateway, _CHECK_INS)]

    def waiting_entries(self) -> int:
        """How much the kiosk still has to deliver."""
        return _rows(self._outbox, "SELECT count(*) FROM entries WHERE state = 'waiting'")[0][0]

    def leased_numbers(self, clinic: str) -> int:
        """Numbers of today for a clinic that the kiosk may give while nothing answers."""
        question = "SELECT count(*) FROM numbers WHERE clinic_id = ? AND day = date('now', '+7 hours')"
        return _rows(self._outbox, question, clinic)[0][0]


def _rows(file: Path, question: str, *values: Any) -> list[Any]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)) as books:
        return list(books.execute(question, values))
