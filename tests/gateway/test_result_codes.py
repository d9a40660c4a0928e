"""Every `maKetQua` of the reference (health.md section 1.3) and what follows from it."""

from __future__ import annotations

import logging
import re
import tomllib
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gateway.insurance.judging import Facility, judge
from gateway.insurance.result_codes import Action
from gateway.insurance.rules import DATA, load_rules
from gateway.insurance.vss import CardAnswer, CardFacts
from services.contract.models import EligibilityRequest, MismatchField
from services.contract.models import EligibilityResult as Result
from services.messages import LANGUAGES, tr

RULES = load_rules()
HERE = Facility("99001", "1.1", "1.14")
TODAY = date(2026, 11, 23)
HOA = EligibilityRequest(number="099194000514", name="Phạm Thị Thanh Hoa", birth="1994-03-12")

ABOUT_THE_PATIENT = {
    "000": Result.VALID,
    "001": Result.VALID,
    "002": Result.VALID,
    "003": Result.VALID,
    "004": Result.VALID,
    "010": Result.EXPIRED,
    "050": Result.NOT_FOUND,
    "051": Result.NOT_FOUND,
    "052": Result.NOT_FOUND,
    "053": Result.NOT_FOUND,
    "060": Result.MISMATCH,
    "061": Result.MISMATCH,
    "070": Result.MISMATCH,
    "090": Result.UNCLEAR,
    "110": Result.STOPPED,
    "120": Result.STOPPED,
    "121": Result.MOVED,
    "122": Result.MOVED,
    "123": Result.MOVED,
    "124": Result.STOPPED,
    "130": Result.CHILD,
    "205": Result.UNCLEAR,
}
NO_ANSWER = {
    "054": Action.ACCOUNT,
    "055": Action.ACCOUNT,
    "100": Action.DOWN,
    "101": Action.DOWN,
    "401": Action.TOKEN,
    "403": Action.TOKEN,
    "501": Action.TOKEN,
}


def answer(code: str, **more: Any) -> CardAnswer:
    card = CardFacts("DN4999912345678", date(2026, 1, 1), date(2026, 12, 31), "99001", None)
    return CardAnswer(code, "ghi chú", (card,), **more)


@pytest.mark.parametrize(("code", "result"), ABOUT_THE_PATIENT.items())
def test_each_result_code_has_its_meaning(code: str, result: Result) -> None:
    assert judge(answer(code), RULES, HERE, TODAY, HOA).result is result


@pytest.mark.parametrize(("code", "action"), NO_ANSWER.items())
def test_codes_that_are_no_answer_about_the_patient(code: str, action: Action) -> None:
    assert RULES.result_code(code, TODAY).action is action


@pytest.mark.parametrize("code", ["9401", "", "999", "00", "0000", "khac", "x" * 300])
def test_a_code_nobody_knows_sends_to_the_desk_and_tells_nothing_of_the_card(code: str) -> None:
    judged = judge(answer(code), RULES, HERE, TODAY, HOA)
    assert (judged.result, judged.card, judged.benefit_percent, judged.staff_check) == (
        Result.UNCLEAR, None, None, True,
    )  # fmt: skip


def test_the_table_holds_these_codes_and_no_other() -> None:
    rows = tomllib.loads((DATA / "result-codes.toml").read_text(encoding="utf-8"))["code"]
    assert {row["code"] for row in rows} == ABOUT_THE_PATIENT.keys() | NO_ANSWER.keys()


def test_the_table_begins_with_the_function_that_answers() -> None:
    assert RULES.result_code("000", date(2024, 6, 20)).action is Action.VALID
    assert RULES.result_code("000", date(2024, 6, 19)).action is Action.UNCLEAR


@pytest.mark.parametrize("code", ["060", "061", "070", "050", "110", "120", "121", "122", "123", "124", "130", "090"])
def test_where_the_card_may_not_be_used_nothing_of_it_is_told(code: str) -> None:
    judged = judge(answer(code), RULES, HERE, TODAY, HOA)
    assert (judged.card, judged.benefit_percent, judged.route_percent, judged.staff_check) == (None, None, None, True)


@pytest.mark.parametrize(
    ("code", "field"), [("060", MismatchField.NAME), ("061", MismatchField.NAME), ("070", MismatchField.BIRTH)]
)
def test_a_mismatch_names_its_field(code: str, field: MismatchField) -> None:
    difference = judge(answer(code), RULES, HERE, TODAY, HOA).difference
    assert difference is not None and difference.field is field


@pytest.mark.parametrize("code", ["060", "061"])
def test_a_name_the_chip_gave_without_marks_accuses_nobodys_papers(code: str) -> None:
    asked = HOA.model_copy(update={"name": "PHAM THI THANH HOA"})
    judged = judge(answer(code), RULES, HERE, TODAY, asked)
    assert (judged.result, judged.difference) == (Result.UNCLEAR, None)


@pytest.mark.parametrize("code", ["000", "003", "004"])
def test_cards_of_everybody_else_need_no_look_by_staff(code: str) -> None:
    assert judge(answer(code), RULES, HERE, TODAY, HOA).staff_check is False


OFFICER = EligibilityRequest(number="QN5999912345678", name="Phạm Văn Đội", birth="1990-03-12")


@pytest.mark.parametrize("letters", ["QN", "HC", "LS", "XK", "CY", "CA"])
def test_a_card_of_army_police_or_cipher_service_counts_by_its_paper_where_the_list_lacks_it(letters: str) -> None:
    asked = OFFICER.model_copy(update={"number": f"{letters}5999912345678"})
    judged = judge(CardAnswer("050", "", ()), RULES, HERE, TODAY, asked)
    assert (judged.result, judged.card, judged.staff_check) == (Result.PAPER_CARD, None, True)


@pytest.mark.parametrize("number", ["DN4999912345678", "099194000514", "0123456789", "QN", "CA59999123456789"])
def test_any_other_number_that_the_list_lacks_is_not_found(number: str) -> None:
    asked = OFFICER.model_copy(update={"number": number})
    assert judge(CardAnswer("050", "", ()), RULES, HERE, TODAY, asked).result is Result.NOT_FOUND


@pytest.mark.parametrize(
    ("day", "result"), [(date(2024, 6, 20), Result.PAPER_CARD), (date(2024, 6, 19), Result.UNCLEAR)]
)
def test_the_paper_counts_from_the_first_day_of_the_tables(day: date, result: Result) -> None:
    assert judge(CardAnswer("050", "", ()), RULES, HERE, day, OFFICER).result is result


def test_the_letters_are_dated() -> None:
    assert RULES.by_paper_card(OFFICER.number, date(2024, 1, 1))
    assert not RULES.by_paper_card(OFFICER.number, date(2023, 12, 31))


@pytest.mark.parametrize("code", ["001", "002"])
@pytest.mark.parametrize("cards", [(), (CardFacts("0123456789", None, None, "", None),)])
def test_a_code_that_names_such_a_list_counts_by_the_paper_where_no_card_is_told(code: str, cards: Any) -> None:
    judged = judge(CardAnswer(code, "", cards), RULES, HERE, TODAY, HOA)
    assert (judged.result, judged.staff_check) == (Result.PAPER_CARD, True)


@pytest.mark.parametrize("code", ["051", "060", "110", "124"])
def test_the_letters_change_no_other_answer(code: str) -> None:
    assert judge(CardAnswer(code, "", ()), RULES, HERE, TODAY, OFFICER).result is ABOUT_THE_PATIENT[code]


def test_an_answer_without_any_card_is_nobodys_card() -> None:
    assert judge(CardAnswer("000", "", ()), RULES, HERE, TODAY, HOA).result is Result.UNCLEAR


def test_an_expired_card_tells_its_last_day_where_the_answer_does() -> None:
    ended = CardFacts("DN4999912345678", date(2025, 1, 1), date(2026, 11, 22), "99001", None)
    judged = judge(CardAnswer("010", "", (ended,)), RULES, HERE, TODAY, HOA)
    assert judged.card is not None and judged.card.valid_to == date(2026, 11, 22)
    assert judge(CardAnswer("010", "", ()), RULES, HERE, TODAY, HOA).card is None


@pytest.mark.parametrize("last", [TODAY, date(2026, 12, 31), None])
def test_nobody_is_told_that_a_card_ended_on_a_day_that_is_not_over(last: date | None) -> None:
    card = CardFacts("DN4999912345678", date(2026, 1, 1), last, "99001", None)
    judged = judge(CardAnswer("010", "", (card,)), RULES, HERE, TODAY, HOA)
    assert (judged.result, judged.card) == (Result.EXPIRED, None)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", [*ABOUT_THE_PATIENT, *NO_ANSWER, "9401"])
def test_every_code_has_words_for_the_person_on_the_screen_and_aloud(code: str, language: str) -> None:
    action = NO_ANSWER.get(code)
    if action is not None:
        failing = "BH-102" if action is Action.DOWN else "BH-104"
        assert all(tr(f"{failing}.{part}", language) for part in ("what", "next", "who"))
        return
    result = judge(answer(code), RULES, HERE, TODAY, HOA).result
    said = tr(f"spoken.insurance.{result.value}", language)
    head = "ins.valid" if result is Result.VALID else f"ins.{result.value}.head"
    words = " ".join((tr(head, language), tr(f"ins.{result.value}", language), said)).lower()
    # LOOK.md section 9: no abbreviation, and no word of the insurer's own that people do not use.
    assert not re.search(r"bhyt|bhxh|báo giảm|token|mã kết quả|taken off the list|revoked", words)


def two(first: dict[str, Any], second: dict[str, Any]) -> CardAnswer:
    usual = CardFacts("DN4999912345678", date(2026, 1, 1), date(2026, 12, 31), "99001", None)
    return CardAnswer("004", "", (replace(usual, **first), replace(usual, **second)))


@pytest.mark.parametrize(
    ("first", "second", "counts"),
    [
        # NĐ 188/2025 article 21: the highest benefit applies, whichever card is newer.
        ({"number": "HT3999900000001"}, {"number": "DN4999900000001", "valid_from": date(2026, 11, 1)}, "HT3"),
        ({"number": "DN4999900000001"}, {"number": "CK2999900000001"}, "CK2"),
        # Only those that are valid at arrival.
        ({"number": "HT3999900000001", "valid_to": date(2026, 11, 22)}, {"number": "DN4999900000001"}, "DN4"),
        ({"number": "HT3999900000001", "valid_to": date(2026, 11, 23)}, {"number": "DN4999900000001"}, "HT3"),
        ({"number": "DN4999900000001"}, {"number": "HT3999900000001", "valid_from": date(2026, 11, 24)}, "DN4"),
        ({"number": "DN4999900000001"}, {"number": "HT3999900000001", "valid_from": date(2026, 11, 23)}, "HT3"),
        # The same benefit: the better route.
        ({"number": "GD4999900000001", "facility": "99027"}, {"number": "DN4999900000001"}, "DN4"),
        ({"number": "GD4999900000001"}, {"number": "DN4999900000001", "facility": "99027"}, "GD4"),
        # The same of both: the newest.
        ({"number": "GD4999900000001"}, {"number": "DN4999900000001", "valid_from": date(2026, 6, 1)}, "DN4"),
        # Near-poor since 2026: digit 3 counts as 2, so 100 % against 95 %.
        ({"number": "CN3999900000001"}, {"number": "HT3999900000001", "valid_from": date(2026, 6, 1)}, "CN3"),
    ],
)
def test_of_several_cards_one_counts(first: dict[str, Any], second: dict[str, Any], counts: str) -> None:
    judged = judge(two(first, second), RULES, HERE, TODAY, HOA)
    assert judged.card is not None and judged.card.number[:3] == counts


def test_a_fault_of_ours_is_told_to_the_administrator(
    gateway: Any, kiosk: Any, caplog: pytest.LogCaptureFixture
) -> None:
    gateway.insurer.answers[HOA.number] = answer("205")
    with caplog.at_level(logging.ERROR, "gateway"):
        assert kiosk.post("/v1/insurance/eligibility", HOA.model_dump()).json()["result"] == "unclear"
    assert "205" in caplog.text and "Hoa" not in caplog.text and HOA.number not in caplog.text


def test_a_code_that_is_no_code_is_not_written_anywhere(
    gateway: Any, kiosk: Any, caplog: pytest.LogCaptureFixture
) -> None:
    gateway.insurer.answers[HOA.number] = answer("Phạm Thị Thanh Hoa")
    with caplog.at_level(logging.DEBUG):
        found = kiosk.post("/v1/insurance/eligibility", HOA.model_dump()).json()
    assert (found["result"], found["result_code"]) == ("unclear", "unreadable")
    assert "Thanh Hoa" not in caplog.text
