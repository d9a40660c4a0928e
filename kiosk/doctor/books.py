"""Check of the outbox: whole, and what waits in it. Read only, beside a running kiosk."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from kiosk.doctor.findings import Finding, fault, good, warning
from kiosk.settings import Settings
from services.outbox.database import FILE

LONG_SECONDS = 3600
SHOWN = 10
"""How many set-aside entries are listed one by one."""


def outbox(settings: Settings) -> Sequence[Finding]:
    """Whether SQLite finds the file whole; how much waits, since when; what was set aside, by its key."""
    path = settings.state_directory / FILE
    broken = [warning(f"{old.name} was set aside as broken: keep it for the developers") for old in _set_aside(path)]
    if not path.exists():
        return [good("nothing was ever kept"), *broken]
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=0.5)) as connection:
            connection.row_factory = sqlite3.Row
            return [*_entries(connection), *broken]
    except sqlite3.DatabaseError as error:
        return [fault(f"{path}: {error}"), *broken]


def _set_aside(path: Path) -> list[Path]:
    return sorted(path.parent.glob(f"{path.name}.broken-*"))


def _entries(connection: sqlite3.Connection) -> list[Finding]:
    if connection.execute("PRAGMA quick_check").fetchone()[0] != "ok":
        return [fault("the file is damaged")]
    (waiting, oldest) = connection.execute(
        "SELECT COUNT(*), MIN(created_at) FROM entries WHERE state = 'waiting'"
    ).fetchone()
    aside = connection.execute("SELECT * FROM entries WHERE state <> 'waiting' ORDER BY id").fetchall()
    age = 0 if oldest is None else int(time.time() - float(oldest))
    found: list[Finding] = []
    if waiting and age > LONG_SECONDS:
        found.append(warning(f"{waiting} entries wait, the oldest for {age // 3600} h", waiting=waiting, oldest=age))
    else:
        found.append(good(f"{waiting} entries wait" if waiting else "empty", waiting=waiting, oldest=age))
    for row in aside[:SHOWN]:
        text = f"{row['operation']} {row['key']} was set aside ({row['state']}, status {row['status']})"
        found.append(warning(text, row["code"], key=row["key"]))
    if len(aside) > SHOWN:
        found.append(warning(f"{len(aside) - SHOWN} more were set aside"))
    return found
