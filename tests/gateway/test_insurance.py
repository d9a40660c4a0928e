"""Insurance: what the insurer's answers mean on which day, what they cost, and what happens when it is silent."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gateway.insurance.amounts import Cover, with_insurance
from gateway.insurance.failures import InsurerFault, InsurerUnavailable
from gateway.insurance.judging import Facility, judge
from gateway.insurance.later import look_up_later
from gateway.insurance.rules import Action, load_rules
from gateway.insurance.vss import CardAnswer, CardFacts, read_expiry, wire_birth
from services.contract.models import EligibilityResult as Result

RULES = load_rules()
HERE = Facility("99001", "1.1", "1.14")
TODAY = date(2026, 11, 23)


def answer(code: str = "000", number: str = "DN4999912345678", facility: str = "99001", **card: Any) -> CardAnswer:
    usual = CardFacts(number, date(2026, 1, 1), date(2026, 12, 31), facility, None)
    return CardAnswer(code, "", (replace(usual, **card),), b"raw")


# --- result codes


@pytest.mark.parametrize(
    ("code", "result"),
    [
        ("000", Result.VALID),
        ("001", Result.VALID),
        ("002", Result.VALID),
        ("003", Result.VALID),
        ("004", Result.VALID),
        ("010", Result.EXPIRED),
        ("050", Result.NOT_FOUND),
        ("051", Result.NOT_FOUND),
        ("052", Result.NOT_FOUND),
        ("053", Result.NOT_FOUND),
        ("060", Result.MISMATCH),
        ("061", Result.MISMATCH),
        ("070", Result.MISMATCH),
        ("090", Result.MISMATCH),
        ("110", Result.NOT_FOUND),
        ("120", Result.NOT_FOUND),
        ("121", Result.NOT_FOUND),
        ("122", Result.NOT_FOUND),
        ("123", Result.NOT_FOUND),
        ("124", Result.NOT_FOUND),
        ("130", Result.NOT_FOUND),
        ("205", Result.MISMATCH),
        ("9401", Result.MISMATCH),
        ("", Result.MISMATCH),
    ],
)
def test_each_result_code_has_its_meaning_and_unknown_ones_go_to_the_desk(code: str, result: Result) -> None:
    assert judge(answer(code), RULES, HERE, TODAY).result is result


@pytest.mark.parametrize(
    ("code", "action"),
    [
        ("054", Action.ACCOUNT),
        ("055", Action.ACCOUNT),
        ("100", Action.DOWN),
        ("101", Action.DOWN),
        ("401", Action.TOKEN),
        ("501", Action.TOKEN),
    ],
)
def test_codes_that_are_no_answer_about_the_patient(code: str, action: Action) -> None:
    assert RULES.result_code(code).action is action


@pytest.mark.parametrize("code", ["060", "061", "070", "9401"])
def test_a_mismatch_tells_nothing_of_the_card(code: str) -> None:
    judged = judge(answer(code), RULES, HERE, TODAY)
    assert judged.card is None
    assert judged.benefit_percent is None


@pytest.mark.parametrize("code", ["001", "002"])
def test_cards_of_army_and_police_are_taken_with_a_look_by_staff(code: str) -> None:
    assert judge(answer(code), RULES, HERE, TODAY).staff_check


@pytest.mark.parametrize(
    ("day", "result"),
    [
        (date(2025, 12, 31), Result.NOT_YET),
        (date(2026, 1, 1), Result.VALID),
        (date(2026, 12, 31), Result.VALID),
        (date(2027, 1, 1), Result.EXPIRED),
    ],
)
def test_a_card_is_valid_from_its_first_to_its_last_day(day: date, result: Result) -> None:
    assert judge(answer(), RULES, HERE, day).result is result


def test_of_two_cards_the_one_valid_now_counts() -> None:
    old = CardFacts("DN4999900000001", date(2025, 1, 1), date(2026, 12, 31), "99027", None)
    new = CardFacts("HT3999900000001", date(2026, 11, 1), None, "99001", "Bệnh viện")
    later = replace(new, valid_from=date(2027, 1, 1))
    assert judge(CardAnswer("004", "", (old, new), b""), RULES, HERE, TODAY).card == new
    assert judge(CardAnswer("004", "", (old, later), b""), RULES, HERE, TODAY).card == old


# --- dated tables


@pytest.mark.parametrize(
    ("card", "day", "percent"),
    [
        ("DN1999912345678", TODAY, 100),
        ("DN2999912345678", TODAY, 100),
        ("HT3999912345678", TODAY, 95),
        ("DN4999912345678", TODAY, 80),
        ("QN5999912345678", TODAY, 100),
        ("CN3999912345678", date(2025, 12, 31), 95),
        ("CN3999912345678", date(2026, 1, 1), 100),
        ("LH4999912345678", date(2025, 12, 31), 80),
        ("LH4999912345678", date(2026, 1, 1), 100),
        ("9912345678", TODAY, None),
    ],
)
def test_the_benefit_follows_the_card_and_the_law_of_the_day(card: str, day: date, percent: int | None) -> None:
    assert RULES.benefit_percent(card, day) == percent


@pytest.mark.parametrize(
    ("day", "limit"),
    [(date(2026, 6, 30), 351_000), (date(2026, 7, 1), 379_500), (TODAY, 379_500), (date(2024, 6, 30), None)],
)
def test_the_limit_is_fifteen_percent_of_the_days_base_salary(day: date, limit: int | None) -> None:
    assert RULES.limit(day) == limit


@pytest.mark.parametrize("code", ["1.13", "1.14", "1.18"])
def test_self_chosen_visits_are_half_paid_from_july_2026(code: str) -> None:
    before, after = RULES.route(code, date(2026, 6, 30)), RULES.route(code, date(2026, 7, 1))
    assert before is not None and after is not None
    assert (before.percent, after.percent) == (0, 50)


@pytest.mark.parametrize(
    ("facility", "route", "day", "result", "percent"),
    [
        ("99001", "1.14", TODAY, Result.VALID, 100),
        ("99027", "1.14", TODAY, Result.PARTLY, 50),
        ("99027", "1.14", date(2026, 6, 30), Result.NOT_COVERED_HERE, 0),
        ("99027", "1.12", TODAY, Result.VALID, 100),
        ("99027", "3.1", TODAY, Result.NOT_COVERED_HERE, 0),
        ("99027", "no such code", TODAY, Result.MISMATCH, None),
    ],
)
def test_the_route_decides_how_much_is_covered(
    facility: str, route: str, day: date, result: Result, percent: int | None
) -> None:
    here = replace(HERE, route_other=route)
    judged = judge(answer(facility=facility), RULES, here, day)
    assert (judged.result, judged.route_percent) == (result, percent)
    assert judged.registered_here is (facility == "99001")


# --- amounts: the worked cases of the reference, by hand


@pytest.mark.parametrize(
    ("charge", "counted", "benefit", "route", "fund", "patient", "limit", "percent"),
    [
        (45_000, 45_000, 80, 100, 45_000, 0, 379_500, 20),
        (45_000, 45_000, 100, 100, 45_000, 0, None, None),
        (122_500, 45_000, 80, 100, 45_000, 77_500, 379_500, 20),
        (379_499, 379_499, 80, 100, 379_499, 0, 379_500, 20),
        (379_500, 379_500, 80, 100, 303_600, 75_900, None, None),
        (45_000, 45_000, 80, 50, 18_000, 27_000, None, None),
        (45_000, 45_000, 95, 50, 21_375, 23_625, None, None),
        (45_001, 45_001, 95, 50, 21_375, 23_626, None, None),
        (30_000, 45_000, 100, 100, 30_000, 0, None, None),
    ],
)
def test_amounts_follow_the_formula(
    charge: int, counted: int, benefit: int, route: int, fund: int, patient: int, limit: int | None, percent: int | None
) -> None:
    amounts = with_insurance(charge, counted, Cover(benefit, route), RULES, TODAY)
    assert (amounts.fund, amounts.patient) == (fund, patient)
    assert (amounts.limit, amounts.limit_percent) == (limit, percent)


# --- how the insurer writes


@pytest.mark.parametrize(("ours", "theirs"), [("1994-03-12", "12/03/1994"), ("1952-07", "07/1952"), ("1952", "1952")])
def test_birth_dates_are_asked_as_far_as_they_are_known(ours: str, theirs: str) -> None:
    assert wire_birth(ours) == theirs


def test_the_tokens_end_is_an_absolute_time_with_seven_digits() -> None:
    assert read_expiry("2026-01-01T03:51:20.1234567Z").isoformat() == "2026-01-01T03:51:20.123456+00:00"
    assert read_expiry("2026-01-01T03:51:20").isoformat() == "2026-01-01T03:51:20+00:00"
    for wrong in ("600", "", "2026-01-01", "01/01/2026 03:51:20"):
        with pytest.raises(ValueError):
            read_expiry(wrong)


# --- through the API


def ask(kiosk: Any, number: str = "099194000514", key: str | None = None) -> Any:
    body = {"number": number, "name": "Phạm Thị Thanh Hoa", "birth": "1994-03-12"}
    return kiosk.post("/v1/insurance/eligibility", body, key)


def hoa(**changes: Any) -> dict[str, Any]:
    return {"number": "099194000514", "name": "Phạm Thị Thanh Hoa", "birth": "1994-03-12", "sex": "F"} | changes


def test_an_insured_patient_sees_provisional_amounts_and_pays_after_the_visit(gateway: Any, kiosk: Any) -> None:
    gateway.insurer.answers["099194000514"] = answer()
    found = ask(kiosk).json()
    assert (found["result"], found["benefit_percent"], found["route"]) == ("valid", 80, "route.registered")
    clinics = kiosk.get("/v1/clinics", eligibility=found["id"]).json()["clinics"]
    assert clinics[0]["amounts"] == {
        "price": 45_000, "fund": 45_000, "patient": 0, "limit": 379_500, "limit_percent": 20,
    }  # fmt: skip
    ticket = kiosk.check_in(patient=hoa(), use_insurance=True, eligibility_id=found["id"]).json()
    assert (ticket["status"], ticket["bill_id"], ticket["insurance_pending"]) == ("waiting", None, False)
    assert ticket["clinic"]["amounts"]["fund"] == 45_000


@pytest.mark.parametrize("code", ["060", "061", "070", "9401"])
def test_where_the_desk_must_look_no_amount_is_told(gateway: Any, kiosk: Any, code: str) -> None:
    gateway.insurer.answers["099194000514"] = answer(code)
    found = ask(kiosk).json()
    clinics = kiosk.get("/v1/clinics", eligibility=found["id"]).json()["clinics"]
    assert [clinic["amounts"] for clinic in clinics] == [None] * len(clinics)
    ticket = kiosk.check_in(patient=hoa(), use_insurance=True, eligibility_id=found["id"]).json()
    assert (ticket["status"], ticket["insurance_pending"], ticket["clinic"]["amounts"]) == ("waiting", True, None)


def test_without_insurance_the_price_is_the_patients(kiosk: Any) -> None:
    clinics = kiosk.get("/v1/clinics").json()["clinics"]
    assert clinics[0]["amounts"]["patient"] == 122_500
    ticket = kiosk.check_in().json()
    assert (ticket["status"], ticket["amount_due"]) == ("unpaid", 122_500)


def test_a_look_up_of_somebody_else_does_not_insure_this_patient(gateway: Any, kiosk: Any) -> None:
    gateway.insurer.answers["099194000514"] = answer()
    found = ask(kiosk).json()
    ticket = kiosk.check_in(use_insurance=True, eligibility_id=found["id"]).json()
    assert ticket["insurance_pending"] is True


def test_another_kiosk_cannot_use_the_look_up(gateway: Any, kiosk: Any) -> None:
    gateway.insurer.answers["099194000514"] = answer()
    found = ask(kiosk).json()
    other = gateway.kiosk("C")
    assert other.get("/v1/clinics", eligibility=found["id"]).json()["clinics"][0]["amounts"]["fund"] == 0


def test_the_same_question_is_asked_once(gateway: Any, kiosk: Any) -> None:
    key = str(uuid.uuid4())
    assert ask(kiosk, key=key).content == ask(kiosk, key=key).content
    assert len(gateway.insurer.asked) == 1


def test_a_new_card_after_the_old_one_is_asked_for(gateway: Any, kiosk: Any) -> None:
    old = CardFacts("DN4999912345678", date(2025, 1, 1), date(2025, 12, 31), "99001", None)
    new = CardFacts("HT3999912345678", date(2026, 1, 1), date(2026, 12, 31), "99001", None)
    gateway.insurer.answers["099194000514"] = CardAnswer("003", "", (old, new), b"")
    gateway.insurer.answers["HT3999912345678"] = answer(number="HT3999912345678")
    found = ask(kiosk).json()
    assert (found["result"], found["card_number"], found["benefit_percent"]) == ("valid", "HT3999912345678", 95)


@pytest.mark.parametrize(("code", "times"), [("051", 2), ("123", 2), ("050", 1)])
def test_some_answers_are_asked_for_once_more(gateway: Any, kiosk: Any, code: str, times: int) -> None:
    gateway.insurer.answers["099194000514"] = answer(code)
    assert ask(kiosk).json()["result"] == "notfound"
    assert len(gateway.insurer.asked) == times


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (InsurerFault.NO_NETWORK, 503),
        (InsurerFault.ERROR, 503),
        (InsurerFault.TOO_SLOW, 504),
        (InsurerFault.ACCOUNT_REFUSED, 503),
    ],
)
def test_an_insurer_that_is_not_reached_is_named_by_its_failure_code(
    gateway: Any, kiosk: Any, fault: InsurerFault, status: int
) -> None:
    gateway.insurer.failure = InsurerUnavailable(fault, "test")
    key = str(uuid.uuid4())
    refused = ask(kiosk, key=key)
    assert (refused.status_code, refused.json()["code"]) == (status, fault.value)
    gateway.insurer.failure = None
    gateway.insurer.answers["099194000514"] = answer()
    assert ask(kiosk, key=key).json()["result"] == "valid", "the same key may be tried again"


@pytest.mark.parametrize(
    ("code", "failure"), [("100", "BH-102"), ("101", "BH-102"), ("054", "BH-104"), ("055", "BH-104")]
)
def test_answers_that_are_the_insurers_or_our_fault_are_failures(
    gateway: Any, kiosk: Any, code: str, failure: str
) -> None:
    gateway.insurer.answers["099194000514"] = answer(code)
    assert ask(kiosk).json()["code"] == failure


def test_a_patient_is_received_without_the_insurer_and_looked_up_later(gateway: Any, kiosk: Any) -> None:
    gateway.insurer.failure = InsurerUnavailable(InsurerFault.NO_NETWORK, "test")
    key = str(uuid.uuid4())
    failed_at = gateway.house.now().isoformat()
    ticket = kiosk.check_in(
        key, patient=hoa(), use_insurance=True, insurance_unreachable=True, insurance_failure="BH-101",
        insurance_failure_at=failed_at,
    ).json()  # fmt: skip
    assert (ticket["status"], ticket["insurance_pending"], ticket["bill_id"]) == ("waiting", True, None)

    def later() -> None:
        gateway.client.run(look_up_later(gateway.house))

    later()
    assert gateway.insurer.asked == [], "not before its time"
    gateway.clock.turn(minutes=2)
    later()
    later()
    assert len(gateway.insurer.asked) == 1, "after a failure it waits longer"
    gateway.insurer.failure = None
    gateway.insurer.answers["099194000514"] = answer()
    gateway.clock.turn(minutes=5)
    later()
    kiosk.token = kiosk.fetch_token()
    assert kiosk.check_in(patient=hoa(), use_insurance=True).json()["insurance_pending"] is False


@pytest.fixture
def stored(gateway: Any) -> Callable[[], bytes]:
    """Every byte the store has on the disk."""

    def read() -> bytes:
        folder = gateway.house.settings.keys.directory.parent
        return b"".join(path.read_bytes() for path in folder.glob("gateway.db*"))

    return read


def test_nothing_stored_tells_who_was_there(gateway: Any, kiosk: Any, stored: Callable[[], bytes]) -> None:
    gateway.insurer.answers["099194000514"] = answer()
    found = ask(kiosk).json()
    kiosk.check_in(patient=hoa(address="Tổ 5, thôn Suối Mơ"), use_insurance=True, eligibility_id=found["id"])
    content = stored()
    for private in ("099194000514", "Thanh Hoa", "1994-03-12", "DN4999912345678", "Suối Mơ"):
        assert private.encode() not in content
