"""A migrated database, copied for each life: a file of SQLite's, or a template of a PostgreSQL server's."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path
from typing import Protocol

import psycopg
from sqlalchemy import make_url

from gateway.store.bus import Bus
from gateway.store.database import Store
from gateway.store.migrate import migrate


class Template(Protocol):
    """Where each life's database comes from."""

    def copy(self, folder: Path) -> str:
        """A fresh one; its URL."""
        ...

    def drop(self, url: str) -> None:
        """It is not needed any more."""
        ...


class SqliteTemplate:
    """A file to copy."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "template.db"
        store = Store(f"sqlite:///{self._file}", Bus())
        migrate(store)
        with store.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        store.close()

    def copy(self, folder: Path) -> str:
        shutil.copy(self._file, folder / "gateway.db")
        return f"sqlite:///{folder}/gateway.db"

    def drop(self, url: str) -> None:
        """It goes with its folder."""


class PostgresTemplate:
    """A server's template database; `url` names any database of the server, whose user may make others."""

    def __init__(self, url: str) -> None:
        self._server = make_url(url)
        self._numbers = itertools.count(1)
        self._name = f"tram_money_{id(self):x}"
        self._run(f"CREATE DATABASE {self._name}")
        store = Store(self._of(self._name), Bus())
        migrate(store)
        store.close()

    def copy(self, folder: Path) -> str:
        name = f"{self._name}_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {self._name}")
        return self._of(name)

    def drop(self, url: str) -> None:
        self._run(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def _of(self, name: str) -> str:
        return self._server.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        server = self._server.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(statement.encode())
