"""Bringing a database to the newest shape, and telling whether it has it."""

from __future__ import annotations

import logging
import re
from pathlib import Path

from sqlalchemy import inspect, text

from gateway.store.database import Store

MIGRATIONS = Path(__file__).with_name("migrations")


def migrate(store: Store) -> None:
    """Run every migration that is missing; does nothing on a current database."""
    if is_current(store):
        return
    from alembic import command
    from alembic.config import Config

    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with store.migrating() as transaction:
        config.attributes["connection"] = transaction.connection
        command.upgrade(config, "head")


def is_current(store: Store) -> bool:
    """Whether the database has the newest shape. Loads no Alembic: this runs at every start."""
    with store.read() as transaction:
        if not inspect(transaction.connection).has_table("alembic_version"):
            return False
        row = transaction.one(text("SELECT version_num FROM alembic_version"))
    return row is not None and row["version_num"] == newest()


def chain() -> dict[str, str | None]:
    """Each migration with the one before it. Numbers are names: rooms take theirs from ranges of their own."""
    found: dict[str, str | None] = {}
    for path in sorted((MIGRATIONS / "versions").glob("[0-9]*.py")):
        text_of_it = path.read_text(encoding="utf-8")
        revision = re.search(r'^revision = "(\d{4})"$', text_of_it, re.M)
        before = re.search(r'^down_revision = "(\d{4})"$', text_of_it, re.M)
        if revision is None:
            raise ValueError(f"{path.name}: no revision of four digits")
        found[revision[1]] = None if before is None else before[1]
    return found


def newest() -> str:
    """The migration that nothing follows."""
    links = chain()
    (last,) = links.keys() - links.values()
    return last
