"""Migrations are one chain: each follows one other, and exactly one is the newest (gateway.store.migrate)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, LargeBinary, MetaData, Table

from gateway.store.bus import Bus
from gateway.store.database import Store
from gateway.store.migrate import MIGRATIONS, chain, newest


def test_every_migration_is_named_by_its_number() -> None:
    files = sorted(path.name[:5] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    assert files == [f"{revision}_" for revision in sorted(chain())]


def test_every_migration_follows_another_and_none_is_left_aside() -> None:
    links = chain()
    walked: list[str] = []
    at: str | None = newest()
    while at is not None:
        assert at not in walked, f"a circle at {at}"
        walked.append(at)
        at = links[at]
    assert sorted(walked) == sorted(links), "two migrations follow the same one: link one of them to the other"
    assert walked[-1] == "0001"


def test_the_promised_day_of_a_dossier_that_was_extended_before_is_not_made_up(tmp_path: Path) -> None:
    told = datetime(2026, 11, 30)
    store = Store(f"sqlite:///{tmp_path}/gateway.db", Bus())
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with store.migrating() as transaction:
        config.attributes["connection"] = transaction.connection
        command.upgrade(config, "0059")
        for dossier, act in (("kept", "accept"), ("extended", "extend")):
            given = {"id": dossier, "due_at": told, "accepted_at": told}
            add(transaction.connection, "one_stop_dossiers", dossier, given)
            add(transaction.connection, "one_stop_acts", dossier, {"id": act, "dossier_id": dossier, "kind": act})
        command.upgrade(config, "0069")
        dossiers = Table("one_stop_dossiers", MetaData(), autoload_with=transaction.connection)
        rows = transaction.all(dossiers.select())
        assert {row["id"]: row["promised_at"] for row in rows} == {"kept": told, "extended": None}
    store.close()


def add(connection: Connection, name: str, text: str, given: dict[str, Any]) -> None:
    """A row with what is given, and anything that fits where something must stand."""
    table = Table(name, MetaData(), autoload_with=connection)
    usual: dict[type[Any], Any] = {str: text, int: 0, bool: False, datetime: given.get("due_at", datetime(2026, 11, 1))}
    needed = [one for one in table.columns if not one.nullable and one.server_default is None]
    filled = {one.name: b"x" if isinstance(one.type, LargeBinary) else usual[one.type.python_type] for one in needed}
    connection.execute(table.insert().values(filled | given))
