"""Prepared statements and SQLAlchemy's own say the same, in one transaction, on either database."""

from __future__ import annotations

from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from gateway.store.bus import Bus
from gateway.store.database import Store
from gateway.store.migrate import migrate
from gateway.store.prepared import Prepared
from gateway.store.tables import nonces
from tests.gateway.conftest import POSTGRES

NOW = datetime(2026, 3, 2, 8, 30, 15, 250000, UTC)

_ADD = Prepared(insert(nonces))
_ENTER = Prepared(lambda insert: insert(nonces).on_conflict_do_nothing().returning(nonces.c.id))
_ONE = Prepared(select(nonces).where(nonces.c.id == bindparam("nonce")))
_SOME = Prepared(
    select(nonces.c.id).where(nonces.c.kiosk_id == bindparam("kiosk"), nonces.c.value.in_(["a", "b"])).order_by("id")
)
_USE = Prepared(
    update(nonces)
    .where(nonces.c.id == bindparam("nonce"), nonces.c.expires_at >= bindparam("now"))
    .values(used_at=bindparam("now"))
    .returning(nonces.c.used_at)
)


@pytest.fixture
def store(tmp_path: Path) -> Generator[Store]:
    store = Store(POSTGRES or f"sqlite:///{tmp_path}/prepared.db", Bus())
    migrate(store)
    with store.write() as transaction:
        transaction.execute(nonces.delete())
    yield store
    store.close()


def _row(id: str, value: str = "a") -> dict[str, object]:
    return {"id": id, "kiosk_id": "k", "value": value, "expires_at": NOW + timedelta(minutes=10)}


def test_a_row_reads_the_same_prepared_and_not(store: Store) -> None:
    with store.write() as transaction:
        transaction.later(_ADD, _row("1"))
        plain = transaction.one(select(nonces).where(nonces.c.id == "1"))
        prepared = transaction.one(_ONE, {"nonce": "1"})
    assert plain is not None and prepared is not None
    assert dict(plain) == dict(prepared)
    assert prepared["expires_at"] == NOW + timedelta(minutes=10) and prepared["used_at"] is None


def test_what_is_not_there_is_none_and_a_wrong_name_is_told(store: Store) -> None:
    with store.write() as transaction:
        assert transaction.one(_ONE, {"nonce": "2"}) is None
        assert transaction.added(_ENTER, _row("2"))
        assert not transaction.added(_ENTER, _row("2"))
        row = transaction.one(_ONE, {"nonce": "2"})
        assert row is not None
        with pytest.raises(KeyError):
            row["of_another_table"]
        with pytest.raises(KeyError):
            transaction.one(_ONE, {"other": "2"})


def test_a_list_is_written_out_and_a_name_may_stand_twice(store: Store) -> None:
    with store.write() as transaction:
        for id, value in (("3", "a"), ("4", "b"), ("5", "c")):
            transaction.later(_ADD, _row(id, value))
        assert [row["id"] for row in transaction.all(_SOME, {"kiosk": "k"})] == ["3", "4"]
        used = transaction.one(_USE, {"nonce": "4", "now": NOW})
        assert used is not None and used["used_at"] == NOW
        assert transaction.one(_USE, {"nonce": "4", "now": NOW + timedelta(hours=1)}) is None


def test_an_error_is_sqlalchemys_and_undoes_everything(store: Store) -> None:
    with store.write() as transaction:
        transaction.later(_ADD, _row("6"))
    with pytest.raises(IntegrityError) as told, store.write() as transaction:
        transaction.later(_ADD, _row("7", "nobody's"))
        transaction.later(_ADD, _row("6", "nobody's"))
        transaction.one(_ONE, {"nonce": "6"})
    assert "nobody's" not in str(told.value)
    with store.read() as transaction:
        assert transaction.one(_ONE, {"nonce": "7"}) is None
        assert transaction.one(_ONE, {"nonce": "6"}) is not None


def test_a_statement_prepared_in_a_transaction_that_failed_serves_in_the_next(store: Store) -> None:
    fresh = Prepared(select(nonces.c.value).where(nonces.c.id == bindparam("nonce")))
    with pytest.raises(IntegrityError), store.write() as transaction:
        transaction.later(_ADD, _row("8"))
        transaction.later(_ADD, _row("8"))
        transaction.one(fresh, {"nonce": "8"})
    with store.write() as transaction:
        transaction.later(_ADD, _row("8", "b"))
        row = transaction.one(fresh, {"nonce": "8"})
    assert row is not None and row["value"] == "b"
