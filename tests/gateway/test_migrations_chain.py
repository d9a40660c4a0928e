"""Migrations are one chain of numbers: the newest number is the newest shape (gateway.store.migrate.is_current)."""

from __future__ import annotations

import re

from gateway.store.migrate import MIGRATIONS


def test_every_migration_has_a_number_of_its_own_and_follows_the_one_before() -> None:
    chain: list[tuple[str, str, str | None]] = []
    for path in sorted((MIGRATIONS / "versions").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        revision = re.search(r'^revision = "(\d{4})"$', text, re.M)
        before = re.search(r'^down_revision = (?:"(\d{4})"|None)$', text, re.M)
        assert revision is not None and before is not None, path.name
        chain.append((path.name, revision[1], before[1]))
    for number, (name, revision, before) in enumerate(chain, 1):
        assert name.startswith(f"{number:04}_"), name
        assert revision == f"{number:04}", name
        assert before == (f"{number - 1:04}" if number > 1 else None), name
