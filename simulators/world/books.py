"""The gateway's own books, looked at from outside: what became of a check-in. Nothing is written, no seal is opened."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_CHECK_INS = """
SELECT t.number, t.status, t.slot, t.priority AS first, c.clinic_id AS clinic, c.priority, c.priority_proven,
       c.use_insurance, c.insurance_pending, c.insurance_failure, c.verified_level, c.holder,
       c.slip_printed, r.slip_token
FROM check_ins c JOIN registrations r ON r.check_in_id = c.id JOIN tickets t ON t.check_in_id = c.id
WHERE t.status NOT IN ('voided', 'abandoned') AND r.first ORDER BY c.rowid
"""

_DOSSIERS = """
SELECT d.sending_code, d.status, d.token, p.number
FROM one_stop_dossiers d JOIN one_stop_parts p ON p.dossier_id = d.id WHERE d.state = 'filed'
ORDER BY d.filed_at, p.position
"""


@dataclass(frozen=True)
class Dossier:
    """A part of a dossier (most have one), as the gateway keeps it; `number` is the authority's own."""

    sending_code: str
    status: int
    token: str
    number: str


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
    holder: str | None
    """How it was seen that the card is the patient's own."""
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

    def dossiers(self) -> list[Dossier]:
        """What was filed, oldest first."""
        return [Dossier(*row) for row in _rows(self._gateway, _DOSSIERS)]

    def open_bill(self, number: str) -> int:
        """What is still to be paid of the bill with this number; 0 when there is none."""
        rows = _rows(self._gateway, "SELECT amount FROM bills WHERE number = ? AND status = 'open'", number)
        return rows[0][0] if rows else 0

    def ratings(self) -> dict[tuple[str, str], int]:
        """How often each level and reason was counted."""
        rows = _rows(self._gateway, "SELECT kind, value, sum(count) FROM one_stop_ratings GROUP BY kind, value")
        return {(kind, value): count for kind, value, count in rows}

    def waiting_entries(self) -> int:
        """How much the kiosk still has to deliver."""
        return _rows(self._outbox, "SELECT count(*) FROM entries WHERE state = 'waiting'")[0][0]

    def finger_templates(self) -> int:
        """Fingers that are kept."""
        return _rows(self._gateway, "SELECT count(*) FROM finger_templates")[0][0]

    def leased_numbers(self, clinic: str) -> int:
        """Numbers of today for a clinic that the kiosk may give while nothing answers."""
        question = "SELECT count(*) FROM numbers WHERE clinic_id = ? AND day = date('now', '+7 hours')"
        return _rows(self._outbox, question, clinic)[0][0]


def _rows(file: Path, question: str, *values: Any) -> list[Any]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)) as books:
        return list(books.execute(question, values))
