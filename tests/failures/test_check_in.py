"""The table of what can go wrong at a check-in (docs/failures-of-check-in.md) names tests and codes that are there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from services.failures.registry import REGISTRY

ROOT = Path(__file__).resolve().parents[2]
TABLE = (ROOT / "docs" / "failures-of-check-in.md").read_text(encoding="utf-8")


def test_every_test_of_the_table_exists() -> None:
    named = re.findall(r"`(tests/[a-z0-9_/]+\.py)::(test_[a-z0-9_]+)`", TABLE)
    assert len(named) > 40
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not re.search(rf"^(async )?def {name}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert missing == []


def test_every_result_code_of_the_insurer_has_a_row() -> None:
    table = (ROOT / "assets" / "data" / "insurance" / "result-codes.toml").read_text(encoding="utf-8")
    codes = {row["code"] for row in tomllib.loads(table)["code"]}
    assert codes <= set(re.findall(r"\b[0-9]{3}\b", TABLE))


def test_every_failure_code_of_the_table_is_registered() -> None:
    codes = set(re.findall(r"\b(?:BH|GW|QR|CR|PR)-[0-9]{2,3}\b", TABLE))
    assert len(codes) > 10
    assert codes <= set(REGISTRY)
