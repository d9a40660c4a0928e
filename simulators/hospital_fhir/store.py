"""Resources and their versions in SQLite, in memory or in a file of the stand-in's own."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]


class VersionConflict(Exception):
    """The resource is not the version the writer read."""


class Store:
    """Ids are numbers per kind; old versions are kept, as a FHIR server's history is."""

    def __init__(self, path: str = ":memory:") -> None:
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS resources "
            "(kind TEXT, id TEXT, version INTEGER, body TEXT, current INTEGER, PRIMARY KEY (kind, id, version))"
        )
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS identifiers (kind TEXT, system TEXT, value TEXT, id TEXT, "
            "PRIMARY KEY (kind, system, value, id))"
        )

    def read(self, kind: str, id: str) -> Json | None:
        """The current version."""
        with self._lock:
            row = self._db.execute(
                "SELECT body FROM resources WHERE kind = ? AND id = ? AND current", (kind, id)
            ).fetchone()
        return None if row is None else json.loads(row[0])

    def all(self, kind: str) -> Iterator[Json]:
        """Every resource of a kind, oldest first."""
        with self._lock:
            rows = self._db.execute(
                "SELECT body FROM resources WHERE kind = ? AND current ORDER BY rowid", (kind,)
            ).fetchall()
        return (json.loads(row[0]) for row in rows)

    def with_identifier(self, kind: str, system: str | None, value: str) -> Iterator[Json]:
        """Resources that carry an identifier, of one system or of any."""
        query = "SELECT DISTINCT id FROM identifiers WHERE kind = ? AND value = ?"
        values: tuple[str, ...] = (kind, value)
        if system is not None:
            query, values = query + " AND system = ?", (*values, system)
        with self._lock:
            ids = [row[0] for row in self._db.execute(query, values)]
        found = (self.read(kind, id) for id in ids)
        return (one for one in found if one is not None)

    def create(self, resource: Json) -> Json:
        """A new resource with the next id of its kind."""
        kind = str(resource["resourceType"])
        with self._lock:
            count = self._db.execute("SELECT COUNT(DISTINCT id) FROM resources WHERE kind = ?", (kind,)).fetchone()[0]
            return self._write(resource, str(count + 1), 1)

    def update(self, resource: Json, expected: int | None) -> Json | None:
        """A new version; None when there is no such resource. Raises VersionConflict."""
        kind, id = str(resource["resourceType"]), str(resource["id"])
        with self._lock:
            old = self.read(kind, id)
            if old is None:
                return None
            version = int(old["meta"]["versionId"])
            if expected is not None and expected != version:
                raise VersionConflict
            self._db.execute("UPDATE resources SET current = 0 WHERE kind = ? AND id = ?", (kind, id))
            return self._write(resource, id, version + 1)

    def count(self, kind: str) -> int:
        """How many there are."""
        with self._lock:
            query = "SELECT COUNT(*) FROM resources WHERE kind = ? AND current"
            return int(self._db.execute(query, (kind,)).fetchone()[0])

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def _write(self, resource: Json, id: str, version: int) -> Json:
        kind = str(resource["resourceType"])
        stamp = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        meta = {**resource.get("meta", {}), "versionId": str(version), "lastUpdated": stamp}
        kept = {**resource, "id": id, "meta": meta}
        self._db.execute("INSERT INTO resources VALUES (?, ?, ?, ?, 1)", (kind, id, version, json.dumps(kept)))
        self._db.execute("DELETE FROM identifiers WHERE kind = ? AND id = ?", (kind, id))
        rows: list[Json] = resource.get("identifier") or []
        for row in rows:
            values = (kind, row.get("system", ""), row.get("value", ""), id)
            self._db.execute("INSERT OR IGNORE INTO identifiers VALUES (?, ?, ?, ?)", values)
        return kept
