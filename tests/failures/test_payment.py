"""The table of what can go wrong while paying (docs/failures-of-payment.md) names tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = (ROOT / "docs" / "failures-of-payment.md").read_text(encoding="utf-8")


def test_every_row_names_tests_and_each_exists() -> None:
    rows = [line for line in TABLE.splitlines() if line.startswith("| ")][1:]
    named = [re.findall(r"`(tests/[a-z0-9_/]+\.py)::(test_[a-z0-9_]+)`", row) for row in rows]
    assert len(rows) > 15 and all(named), "a row that nothing holds"
    missing = [
        f"{file}::{name}"
        for row in named
        for file, name in row
        if not re.search(rf"^(async )?def {name}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert missing == []
