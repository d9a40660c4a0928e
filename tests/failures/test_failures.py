"""Every code stands at one place in the sources, has texts of its own, and its page is current."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

import pytest

from services.failures import CRASH, REGISTRY, UnknownCode, code_of, failure
from services.failures.mapping import MAPPING
from services.failures.page import page
from services.messages import LANGUAGES, table

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("drivers", "services", "screens", "kiosk", "gateway")
CODE = re.compile(r"(CR|QR|PR|GW|BH|TT|MC|FP|DS|KI|AU)-\d{2,3}")
NO_PLACES = {
    Path("services/failures/registry.py"): "declares them",
    Path("screens/samples.py"): "shows them in the gallery",
    Path("screens/samples_technician.py"): "the same",
}
NOT_YET_RAISED = set[str]()
"""Its text is given (LOOK.md section 8); the fingerprint room comes with its own issue."""


def codes_in_sources() -> dict[str, list[str]]:
    """Where each code stands as a literal, docstrings and the registry's own table apart."""
    places: dict[str, list[str]] = defaultdict(list)
    for floor in PRODUCT:
        for path in sorted((ROOT / floor).rglob("*.py")):
            if path.relative_to(ROOT) in NO_PLACES:
                continue
            for node in literals(ast.parse(path.read_text("utf-8"))):
                if CODE.fullmatch(str(node.value)):
                    places[str(node.value)].append(f"{path.relative_to(ROOT)}:{node.lineno}")
    return places


def literals(tree: ast.AST) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node


def test_every_code_in_the_sources_is_registered() -> None:
    assert {code: places for code, places in codes_in_sources().items() if code not in REGISTRY} == {}


def test_every_code_stands_for_exactly_one_place() -> None:
    places = codes_in_sources()
    expected = set(REGISTRY) - NOT_YET_RAISED
    wrong = {code: places.get(code, []) for code in expected if len(places.get(code, [])) != 1}
    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_codes_share_all_three_sentences(language: str) -> None:
    seen: dict[tuple[str, str, str], str] = {}
    for each in REGISTRY.values():
        sentences = each.sentences(language)
        assert sentences not in seen, f"{each.code} and {seen.get(sentences)}"
        seen[sentences] = each.code


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_its_five_texts_and_no_text_is_left_over(language: str) -> None:
    expected = {f"{code}.{part}" for code in REGISTRY for part in ("what", "next", "who", "cause", "cure")}
    assert {key for key in table(language) if CODE.match(key)} == expected
    assert all(table(language)[key].strip() for key in expected)


def test_people_read_no_internal_word() -> None:
    """LOOK.md section 9: no exclamation marks, no unexplained abbreviation, never "fake"."""
    for each in REGISTRY.values():
        for sentence in each.sentences("vi"):
            assert not re.search(r"!|hệ thống|thao tác|xác thực|không xác định|BHYT|CCCD|giả|gateway", sentence), (
                sentence
            )


def test_texts_given_by_the_look_are_word_for_word() -> None:
    assert failure("BH-101").sentences("vi") == (
        "Mạng từ bệnh viện tới cổng bảo hiểm đang đứt.",
        "Cứ lấy số và đi khám bình thường. Phiếu ghi “chờ xác minh”.",
        "Quầy số 2 kiểm tra thẻ bảo hiểm sau.",
    )
    assert failure("CR-04").sentences("vi") == (
        "Thẻ nhấc hơi sớm.",
        "Đặt lại, giữ đến khi thấy dấu tích xanh và nghe tiếng bíp.",
        "Trạm tự đọc lại, tối đa 3 lần.",
    )


def test_the_page_of_codes_is_current() -> None:
    assert (ROOT / "docs" / "failure-codes.md").read_text("utf-8") == page()


def test_every_mapped_error_and_reason_exists_in_the_sources() -> None:
    classes: dict[str, set[str]] = defaultdict(set)
    for floor in PRODUCT:
        for path in (ROOT / floor).rglob("*.py"):
            tree = ast.parse(path.read_text("utf-8"))
            words = {str(node.value) for node in literals(tree)}
            for node in ast.walk(tree):
                if isinstance(node, ast.ClassDef):
                    classes[node.name] |= words
    missing = [(kind, reason) for kind, reason in MAPPING if reason not in classes.get(kind, set())]
    assert missing == []


class Reason(Enum):
    REMOVED = "removed"
    STRANGE = "strange"


class CardError(Exception):
    def __init__(self, reason: Reason) -> None:
        self.reason = reason


class PulledCard(CardError):
    pass


class ProblemWithCode(Exception):
    code = "BH-103"


def test_an_error_is_known_by_its_type_and_reason_also_through_a_subclass() -> None:
    assert code_of(CardError(Reason.REMOVED)) == code_of(PulledCard(Reason.REMOVED)) == "CR-04"


def test_a_code_that_came_with_the_error_goes_first() -> None:
    assert code_of(ProblemWithCode()) == "BH-103"


@pytest.mark.parametrize("error", [ValueError("x"), CardError(Reason.STRANGE)])
def test_what_nobody_foresaw_is_a_crash(error: Exception) -> None:
    assert code_of(error) == CRASH


def test_an_unknown_code_is_said_to_be_unknown() -> None:
    with pytest.raises(UnknownCode):
        failure("XX-999")


def test_the_command_explains_a_code_and_refuses_an_unknown_one() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "kiosk", "failures", "cr-04", "ZZ-1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert "Thẻ nhấc hơi sớm." in ran.stdout and "ZZ-1" in ran.stderr
