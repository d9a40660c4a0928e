"""Where names and births differ: told by message ids that have words, never by the values."""

from __future__ import annotations

import itertools

import pytest

from gateway.insurance.differences import birth_detail, from_machine_zone, name_detail
from services.messages import LANGUAGES, tr


@pytest.mark.parametrize(
    ("ours", "theirs", "detail"),
    [
        ("Lê Thị Minh Tâm", "Lê Thi Minh Tâm", "mismatch.name.accents.middle"),
        ("Lê Thị Minh Tâm", "Lê Thị Minh Tám", "mismatch.name.accents.given"),
        ("Đỗ Văn An", "Đô Văn An", "mismatch.name.accents.family"),
        ("Đỗ Văn An", "Dỗ Văn An", "mismatch.name.accents.family"),
        ("Lê Thị Minh Tâm", "Lê Thi Minh Tam", "mismatch.name.accents"),
        ("Lê Thị Minh Tâm", "Lê Thị Mỹ Tâm", "mismatch.name.letters.middle"),
        ("Lê Thị Minh Tâm", "Lê Thị Minh Thu", "mismatch.name.letters.given"),
        ("Lê Thị Minh Tâm", "Lý Văn Minh Tâm", "mismatch.name.letters"),
        ("Lê Thị Tâm", "Lê Thị Minh Tâm", "mismatch.name.words"),
        ("Phạm Hoà", "Phạm Hòa", "mismatch.name.accents.given"),
        ("lê  thị tâm", "LÊ THỊ TÂM", "mismatch.name.close"),
        ("Lê Thị Tâm", "", "mismatch.name.close"),
    ],
)
def test_a_difference_of_names_is_placed(ours: str, theirs: str, detail: str) -> None:
    assert name_detail(ours, theirs, initials_match=True) == detail


def test_where_the_insurer_keeps_its_name_to_itself_its_code_speaks() -> None:
    assert name_detail("Lê Thị Tâm", "", initials_match=False) == "mismatch.name.other"


@pytest.mark.parametrize(
    ("ours", "theirs", "detail"),
    [
        ("1994-03-12", "12/03/1993", "mismatch.birth.year"),
        ("1994-03-12", "12/04/1994", "mismatch.birth.month"),
        ("1994-03-12", "13/03/1994", "mismatch.birth.day"),
        ("1994-03-12", "03/12/1994", "mismatch.birth.swapped"),
        ("1994-03-12", "13/04/1994", "mismatch.birth.day_month"),
        ("1994-03-12", "1994", "mismatch.birth.no_day"),
        ("1994-03-12", "1993", "mismatch.birth.year"),
        ("1994-03-12", "", "mismatch.birth.other"),
        ("1994-03-12", "12/03/1994", "mismatch.birth.other"),
        ("1952", "", "mismatch.birth.year_only"),
        ("1952", "01/07/1952", "mismatch.birth.year_only"),
        ("1952", "1953", "mismatch.birth.year"),
        ("1952-07", "01/07/1952", "mismatch.birth.year_only"),
    ],
)
def test_a_difference_of_births_is_placed(ours: str, theirs: str, detail: str) -> None:
    assert birth_detail(ours, theirs) == detail


@pytest.mark.parametrize(
    ("name", "zone"), [("PHAM THI THANH HOA", True), ("PHẠM THỊ THANH HOA", False), ("Nam Mai Lan", False)]
)
def test_a_name_of_the_machine_readable_zone_is_known(name: str, zone: bool) -> None:
    assert from_machine_zone(name) is zone


DETAILS = {
    *(f"mismatch.name.{kind}{part}" for kind, part in itertools.product(
        ("accents", "letters"), ("", ".family", ".middle", ".given"))),
    *(f"mismatch.name.{kind}" for kind in ("close", "other", "words")),
    *(f"mismatch.birth.{kind}" for kind in (
        "year", "month", "day", "swapped", "day_month", "no_day", "other", "year_only")),
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("detail", sorted(DETAILS))
def test_every_difference_has_words_on_the_slip(detail: str, language: str) -> None:
    assert tr(detail, language)
