"""The template of the impact assessment names what the gateway holds: a new class of data is a new line there."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.privacy.holding import DataClass
from gateway.privacy.holdings import HOLDINGS

DOCS = Path(__file__).resolve().parents[3] / "docs"
HELD = {rule.data_class for holding in HOLDINGS.values() if holding.personal for rule in holding.rules}


@pytest.mark.parametrize("data_class", sorted(HELD, key=lambda each: each.value))
def test_every_class_of_personal_data_stands_in_the_assessment(data_class: DataClass) -> None:
    table = (
        (DOCS / "privacy-impact-assessment.md").read_text(encoding="utf-8").partition("## 2.")[2].partition("## 3.")[0]
    )
    assert f"`{data_class.value}`" in table


@pytest.mark.parametrize("data_class", DataClass)
def test_every_class_stands_in_the_table_of_terms(data_class: DataClass) -> None:
    terms = (DOCS / "privacy.md").read_text(encoding="utf-8").partition("## Classes")[2].partition("\n## ")[0]
    assert f"| `{data_class.value}` |" in terms


def test_both_languages_ask_the_same() -> None:
    """Line by line: what is added to one is added to the other."""
    pages = [
        (DOCS / f"privacy-impact-assessment{language}.md").read_text(encoding="utf-8").splitlines()
        for language in ("", ".vi")
    ]
    counts = [[line.count("|") for line in page if line.startswith(("|", "##"))] for page in pages]
    assert counts[0] == counts[1]
