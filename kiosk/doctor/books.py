"""Checks of the books: the outbox, whole, and what waits in it; the last failures. Read only, a kiosk may run."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kiosk.doctor.findings import Fact, Finding, Level, fault, good, warning
from kiosk.settings import Settings
from services.device_health.history import FILE as FAILURES
from services.device_health.history import History
from services.outbox.database import FILE

LONG_SECONDS = 3600
RECENT = timedelta(days=7)
"""As far back as the technician's board looks."""
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


def failures(settings: Settings) -> Sequence[Finding]:
    """What failed in the last days, device by device, with the code of the newest: past, so nothing is wrong by it."""
    file = settings.state_directory / FAILURES
    if file.exists() and not os.access(file, os.R_OK):
        return [warning(f"{file} may not be read by this user")]
    history, now = History(file), datetime.now(UTC)
    found: list[Finding] = []
    for device in history.devices:
        recent = [each for each in history.of(device).failures if now - each.at <= RECENT]
        if recent:
            last = recent[0].at.astimezone()
            times = "once" if len(recent) == 1 else f"{len(recent)} times"
            text = f"{device}: {times} in {RECENT.days} days, last {last:%Y-%m-%d %H:%M}"
            facts: dict[str, Fact] = {"device": device, "count": len(recent), "last": last.isoformat()}
            found.append(Finding(Level.GOOD, text, recent[0].code, facts))
    return found or [good(f"none in {RECENT.days} days")]


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
