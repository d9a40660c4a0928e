"""A kiosk that is killed at any moment has kept all of a registration or nothing of it."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from services.contract.models import Lease
from services.contract.routes import Write
from services.outbox import Database, Draft, Numbers, Outbox
from services.outbox import database as database_module

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
PEOPLE = ("r0", "r1")


def two_people(path: Path, say: Callable[[str], None]) -> None:
    """What a kiosk without network does for two people."""
    database = Database(path)
    outbox, numbers = Outbox(database), Numbers(database)
    numbers.hold([Lease(id="l", clinic_id="ent", day=TODAY, numbers=("B01", "B02", "B03"))], TODAY)
    for key in PEOPLE:
        with database.transaction() as connection:
            numbers.reserve_in(connection, "ent", TODAY, key)
            outbox.add_in(connection, [Draft(key, key, Write.CHECK_IN, "/v1/check-ins", b"x")], NOW)
        say(f"kept {key}")
        with database.transaction() as connection:
            numbers.use_in(connection, key)
            outbox.add_in(connection, [Draft(key, key + "f", Write.FALLBACK, "/v1/check-ins/fallback", b"y")], NOW)
        say(f"used {key}")
    database.close()


def in_child(path: Path, kill_at: int) -> tuple[int, list[str]]:
    """Run two_people in a process that kills itself before SQL statement `kill_at` (0: never)."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            kill_before(kill_at)
            two_people(path, lambda word: os.write(writing, f"{word}\n".encode()) and None)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as said:
        words = said.read().splitlines()
    _, status = os.waitpid(child, 0)
    return status, words


def kill_before(statement: int) -> None:
    real = sqlite3.connect
    count = 0

    def step(_sql: str) -> None:
        nonlocal count
        count += 1
        if count == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    def connect(*args: object, **kwargs: object) -> sqlite3.Connection:
        connection = real(*args, **kwargs)  # type: ignore[arg-type,call-overload]
        connection.set_trace_callback(step)
        return connection

    database_module.sqlite3.connect = connect  # type: ignore[assignment]


def test_killed_before_any_statement_nothing_is_half_kept(tmp_path: Path) -> None:
    kill_at, killed = 0, True
    while killed:
        kill_at += 1
        path = tmp_path / f"{kill_at}.db"
        status, said = in_child(path, kill_at)
        killed = os.WIFSIGNALED(status)
        database = Database(path)
        assert database.sound()
        entries = {row["key"] for row in database.rows("SELECT key FROM entries")}
        numbers = {row["chain"]: row["state"] for row in database.rows("SELECT * FROM numbers WHERE chain IS NOT NULL")}
        database.close()
        for key in PEOPLE:
            assert f"kept {key}" not in said or key in entries, "what was promised is lost"
            assert f"used {key}" not in said or f"{key}f" in entries
            assert (key in entries) == (key in numbers)
            assert (f"{key}f" in entries) == (numbers.get(key) == "used")
    assert kill_at > 20, "the sweep reached the end of the work"


def test_what_was_kept_is_due_after_a_restart(tmp_path: Path) -> None:
    status, _ = in_child(tmp_path / "o.db", 0)
    assert status == 0
    database = Database(tmp_path / "o.db")
    outbox = Outbox(database)
    sent: list[str] = []
    while entry := outbox.due(NOW):
        sent.append(entry.key)
        outbox.delivered(entry.key)
    database.close()
    assert sent == ["r0", "r0f", "r1", "r1f"]


@pytest.mark.parametrize("torn", [b"", b"SQLite format 3\x00 and then rubbish" * 40])
def test_a_destroyed_file_is_an_error_that_doctor_can_name(tmp_path: Path, torn: bytes) -> None:
    path = tmp_path / "o.db"
    path.write_bytes(torn)
    if not torn:
        Database(path).close()
        return
    with pytest.raises(sqlite3.DatabaseError):
        Database(path)
