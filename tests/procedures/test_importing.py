"""A wrong catalogue is refused whole, and every flaw is named by record and field."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kiosk.__main__ import main
from services.procedures.files import SAMPLE, schema_text
from services.procedures.importing import CatalogueError, parse_catalogue
from services.procedures.records import Catalogue

DOCS = Path(__file__).parents[2] / "docs"


def test_the_sample_is_marked_and_holds_the_forty_most_used(catalogue: Catalogue):
    assert catalogue.sample
    assert len({one.code for one in catalogue.procedures}) >= 40
    sectors = {one.sector for one in catalogue.procedures}
    assert {
        "chung-thuc", "ho-tich", "cu-tru", "can-cuoc", "bao-hiem", "bao-tro", "dat-dai", "kinh-doanh", "thuy-san",
        "ly-lich", "khieu-nai", "lien-thong",
    } <= sectors  # fmt: skip
    assert all(one.source.name and one.source.accessed for one in catalogue.procedures)


def test_every_procedure_of_the_sample_has_somebody_competent(catalogue: Catalogue):
    from services.procedures.agencies import competent

    day = date(2026, 11, 30)
    assert [one.code for one in catalogue.procedures if competent(catalogue, one, (), day) is None] == []


FLAWS: list[tuple[str, Any, str]] = [
    ("procedures/0/code", "has blanks", "procedures has blanks: code: String should match"),
    ("procedures/0/valid_from", "31/12/2026", "procedures 2.000815: valid_from: Input should be a valid date"),
    ("procedures/0/sector", "chung", "procedures 2.000815: sector: chung is not in this catalogue"),
    ("procedures/0/papers/0/paper", "la", "procedures 2.000815: papers[0].paper: la is not in this catalogue"),
    ("procedures/0/papers/0/originals", 0, "procedures 2.000815: papers[0]: is asked for in no piece at all"),
    ("procedures/0/papers/0/when", ["x"], "procedures 2.000815: papers[0].when: x is not in this catalogue"),
    ("procedures/0/fees/0/amount", 5, "procedures 2.000815: fees[0].amount: or per_page must be given, and only one"),
    ("procedures/0/fees/0/amount", -5, "procedures 2.000815: fees[0].amount: Input should be greater than"),
    ("procedures/0/fees/0/channel", "truc-tuyen", "procedures 2.000815: fees[0].channel: truc-tuyen is no channel"),
    ("procedures/0/fees/0/valid_to", "2000-01-01", "procedures 2.000815: fees[0].valid_to: 2000-01-01 is before"),
    ("procedures/0/extra", 1, "procedures 2.000815: extra: Extra inputs are not permitted"),
    ("procedures/1/code", "2.000815", "procedures 2.000815: valid_from: holds beside the record of 2025-07-01"),
    ("procedures/1/times/0/when", ["ky-giay"], "procedures 2.000884: times[0].when: of the last time must be empty"),
    ("agencies/0/procedure", "2.000815", "agencies [0]: procedure: or sector must be named, and only one"),
    ("reductions/0/percent_off", 101, "reductions ho-tich-nguoi-co-cong: percent_off: Input should be less"),
    ("papers/1/id", "giay-chung-sinh", "papers giay-chung-sinh: id: stands twice"),
]


@pytest.mark.parametrize(("path", "value", "flaw"), FLAWS, ids=[f"{path}={value}" for path, value, _ in FLAWS])
def test_a_flaw_is_named_by_record_and_field(path: str, value: Any, flaw: str):
    whole: Any = json.loads(SAMPLE.read_text())
    *way, last = path.split("/")
    row = whole
    for part in way:
        row = row[int(part) if part.isdigit() else part]
    row[last] = value
    with pytest.raises(CatalogueError) as caught:
        parse_catalogue(json.dumps(whole).encode())
    assert any(str(one).startswith(flaw) for one in caught.value.flaws), str(caught.value)


def test_all_flaws_are_told_at_once():
    whole: Any = json.loads(SAMPLE.read_text())
    for row in whole["procedures"]:
        row["sector"] = "nowhere"
    with pytest.raises(CatalogueError) as caught:
        parse_catalogue(json.dumps(whole).encode())
    assert len([one for one in caught.value.flaws if one.field == "sector"]) == len(whole["procedures"])


@pytest.mark.parametrize("raw", [b"", b"[]", b"\xff", b'{"procedures": 3}', b'{"procedures": [3]}', b"null"])
def test_rubbish_is_refused_with_words(raw: bytes):
    with pytest.raises(CatalogueError) as caught:
        parse_catalogue(raw)
    assert caught.value.flaws


@pytest.mark.parametrize("name", ["procedures", "calendar", "places"])
def test_the_documented_schema_is_current(name: str):
    assert (DOCS / f"{name}.schema.json").read_text() == schema_text(name)


def test_the_command_tells_flaws_and_ends_with_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["procedures", "check", str(SAMPLE)]) == 0
    assert "SAMPLE" in capsys.readouterr().out
    broken = tmp_path / "broken.json"
    broken.write_text(SAMPLE.read_text().replace('"lien-thong"', '"lien"', 1))
    assert main(["procedures", "check", str(broken)]) == 1
    assert "sector: lien-thong is not in this catalogue" in capsys.readouterr().err
    assert main(["procedures", "check", str(tmp_path / "none.json")]) == 1
