"""Bringing a database to the newest shape, and telling whether it has it."""

from __future__ import annotations

import logging
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
    with store.write() as transaction:
        config.attributes["connection"] = transaction.connection
        command.upgrade(config, "head")


def is_current(store: Store) -> bool:
    """Whether the database has the newest shape. Loads no Alembic: this runs at every start."""
    newest = max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    with store.read() as transaction:
        if not inspect(transaction.connection).has_table("alembic_version"):
            return False
        row = transaction.one(text("SELECT version_num FROM alembic_version"))
    return row is not None and row["version_num"] == newest
