"""Migrations are one chain: each follows one other, and exactly one is the newest (gateway.store.migrate)."""

from __future__ import annotations

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
