"""What was kept is sent in order, again and again, and never lost, doubled or readable."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from services.contract.models import Lease
from services.contract.routes import Write
from services.outbox import Database, Draft, EntryState, NewerDatabase, Numbers, OpenOperations, Outbox

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "books" / "outbox.db")
    yield opened
    opened.close()


@pytest.fixture
def outbox(database: Database) -> Outbox:
    return Outbox(database)


def draft(key: str, chain: str | None = None, write: Write = Write.CHECK_IN) -> Draft:
    return Draft(chain or key, key, write, "/v1/check-ins", b"sealed " + key.encode())


def test_entries_come_in_the_order_they_were_kept(outbox: Outbox) -> None:
    outbox.add(draft("a"), draft("b"), now=NOW)
    sent: list[str] = []
    while entry := outbox.due(NOW):
        sent.append(entry.key)
        outbox.delivered(entry.key)
    assert sent == ["a", "b"]


def test_an_entry_waits_for_the_one_before_it_of_its_own_chain_only(outbox: Outbox) -> None:
    outbox.add(draft("a1", "a"), draft("a2", "a", Write.FALLBACK), draft("b1", "b"), now=NOW)
    outbox.failed("a1", NOW)
    entry = outbox.due(NOW)
    assert entry is not None and entry.key == "b1"
    outbox.delivered("b1")
    assert outbox.due(NOW) is None
    later = outbox.due(NOW + timedelta(seconds=3))
    assert later is not None and later.key == "a1"


def test_a_chain_in_hand_is_left_alone(outbox: Outbox) -> None:
    outbox.add(draft("a"), draft("b"), now=NOW)
    entry = outbox.due(NOW, skip={"a"})
    assert entry is not None and entry.key == "b"


def test_pauses_double_up_to_a_minute(outbox: Outbox) -> None:
    outbox.add(draft("a"), now=NOW)
    pauses = [(outbox.failed("a", NOW) - NOW).total_seconds() for _ in range(8)]
    assert pauses == [2, 4, 8, 16, 32, 60, 60, 60]


def test_when_the_gateway_is_back_everything_is_due_now(outbox: Outbox) -> None:
    outbox.add(draft("a"), now=NOW)
    for _ in range(5):
        outbox.failed("a", NOW)
    assert outbox.due(NOW + timedelta(seconds=1)) is None
    outbox.hurry(NOW + timedelta(seconds=1))
    assert outbox.due(NOW + timedelta(seconds=1)) is not None


def test_a_clock_that_was_set_back_does_not_hold_up_an_entry(outbox: Outbox) -> None:
    outbox.add(draft("a"), now=NOW)
    outbox.failed("a", NOW)
    assert outbox.due(NOW - timedelta(hours=5)) is not None


def test_a_refused_entry_is_set_aside_with_its_code_and_the_next_goes_on(outbox: Outbox) -> None:
    outbox.add(draft("a"), draft("b"), now=NOW)
    outbox.refused("a", 422, "GW-206")
    entry = outbox.due(NOW)
    assert entry is not None and entry.key == "b"
    (dead,) = outbox.listed(EntryState.DEAD)
    assert (dead.key, dead.status, dead.code) == ("a", 422, "GW-206")


def test_an_entry_older_than_thirty_days_is_reconciled_never_sent(outbox: Outbox) -> None:
    outbox.add(draft("a"), now=NOW)
    assert outbox.due(NOW + timedelta(days=30)) is not None
    assert outbox.due(NOW + timedelta(days=30, seconds=1)) is None
    (old,) = outbox.listed(EntryState.RECONCILE)
    assert (old.key, old.code) == ("a", "GW-207")
    assert outbox.counts().reconcile == 1


def test_counts_tell_what_waits_and_since_when(outbox: Outbox) -> None:
    assert outbox.counts().oldest is None
    outbox.add(draft("a"), now=NOW)
    outbox.add(draft("b"), now=NOW + timedelta(minutes=1))
    counts = outbox.counts()
    assert (counts.waiting, counts.dead, counts.oldest) == (2, 0, NOW)


def test_a_key_is_kept_once(outbox: Outbox) -> None:
    outbox.add(draft("a"), now=NOW)
    with pytest.raises(Exception, match="UNIQUE"):
        outbox.add(draft("a"), now=NOW)


def test_an_open_file_is_private_and_a_newer_one_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    database = Database(path)
    assert path.stat().st_mode & 0o077 == 0
    with database.transaction() as connection:
        connection.execute("PRAGMA user_version=99")
    database.close()
    with pytest.raises(NewerDatabase):
        Database(path)


def test_a_transaction_that_raises_leaves_nothing(database: Database, outbox: Outbox) -> None:
    with pytest.raises(RuntimeError), database.transaction() as connection:
        outbox.add_in(connection, [draft("a")], NOW)
        raise RuntimeError
    assert outbox.counts().waiting == 0 and database.sound()


# --- leased numbers


def lease(*numbers: str, clinic: str = "ent", day: date = TODAY, id: str = "l1") -> Lease:
    return Lease(id=id, clinic_id=clinic, day=day, numbers=numbers)


def reserve(database: Database, chain: str, clinic: str = "ent", day: date = TODAY) -> str | None:
    with database.transaction() as connection:
        number = Numbers.reserve_in(connection, clinic, day, chain)
    return None if number is None else number.number


def test_numbers_are_taken_in_order_and_only_of_the_clinic_and_the_day(database: Database) -> None:
    numbers = Numbers(database)
    numbers.hold([lease("B01", "B02"), lease("B90", day=TODAY + timedelta(days=1), id="l2")], TODAY)
    assert reserve(database, "r1") == "B01"
    assert reserve(database, "r2", clinic="eye") is None
    assert reserve(database, "r3", day=TODAY + timedelta(days=1)) == "B90"
    assert numbers.free(TODAY) == {"ent": 1}


def test_a_reserved_number_is_free_again_a_used_one_never(database: Database) -> None:
    numbers = Numbers(database)
    numbers.hold([lease("B01", "B02")], TODAY)
    assert reserve(database, "r1") == "B01"
    with database.transaction() as connection:
        numbers.release_in(connection, "r1")
    assert reserve(database, "r2") == "B01"
    with database.transaction() as connection:
        numbers.use_in(connection, "r2")
        numbers.release_in(connection, "r2")
    numbers.hold([lease("B01", "B02")], TODAY)
    assert reserve(database, "r3") == "B02"
    assert reserve(database, "r4") is None


def test_free_numbers_taken_back_by_the_gateway_are_gone(database: Database) -> None:
    numbers = Numbers(database)
    numbers.hold([lease("B01", "B02")], TODAY)
    numbers.hold([lease("B05", id="l3")], TODAY)
    assert reserve(database, "r1") == "B05"
    assert reserve(database, "r2") is None


def test_yesterdays_numbers_are_gone(database: Database) -> None:
    numbers = Numbers(database)
    numbers.hold([lease("B01")], TODAY)
    numbers.hold([], TODAY + timedelta(days=1))
    assert numbers.free(TODAY) == {}


# --- open operations


def test_an_open_operation_is_there_until_it_is_closed(database: Database) -> None:
    operations = OpenOperations(database)
    operations.begin("k1", Write.PAYMENT_INTENT, NOW)
    operations.begin("k2", Write.PAYMENT_INTENT, NOW + timedelta(seconds=1))
    operations.answered("k1", "intent-1")
    assert [(each.key, each.target) for each in operations.all()] == [("k1", "intent-1"), ("k2", "")]
    operations.end(target="intent-1")
    operations.end(key="k2")
    assert operations.all() == []
