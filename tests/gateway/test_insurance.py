"""Insurance: what the insurer's answers mean on which day, what they cost, and what happens when it is silent."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gateway.insurance import look_up
from gateway.insurance.amounts import Cover, with_insurance
from gateway.insurance.failures import InsurerFault, InsurerUnavailable
from gateway.insurance.judging import Facility, Judgement
from gateway.insurance.judging import judge as judge_asked
from gateway.insurance.later import look_up_later
from gateway.insurance.rules import load_rules
from gateway.insurance.vss import CardAnswer, CardFacts
from services.contract.models import EligibilityRequest
from services.contract.models import EligibilityResult as Result

RULES = load_rules()
HERE = Facility("99001", "1.1", "1.14")
TODAY = date(2026, 11, 23)


def answer(code: str = "000", number: str = "DN4999912345678", facility: str = "99001", **card: Any) -> CardAnswer:
    usual = CardFacts(number, date(2026, 1, 1), date(2026, 12, 31), facility, None)
    return CardAnswer(code, "", (replace(usual, **card),))


def judge(answer: CardAnswer, rules: Any, facility: Facility, day: date) -> Judgement:
    asked = EligibilityRequest(number="099194000514", name="Phạm Thị Thanh Hoa", birth="1994-03-12")
    return judge_asked(answer, rules, facility, day, asked)


# --- cards and days


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
    assert judge(CardAnswer("004", "", (old, new)), RULES, HERE, TODAY).card == new
    assert judge(CardAnswer("004", "", (old, later)), RULES, HERE, TODAY).card == old


# --- routes


@pytest.mark.parametrize(
    ("facility", "route", "day", "result", "percent"),
    [
        ("99001", "1.14", TODAY, Result.VALID, 100),
        ("99027", "1.14", TODAY, Result.PARTLY, 50),
        ("99027", "1.14", date(2026, 6, 30), Result.NOT_COVERED_HERE, 0),
        ("99027", "1.12", TODAY, Result.VALID, 100),
        ("99027", "3.1", TODAY, Result.NOT_COVERED_HERE, 0),
        ("99027", "no such code", TODAY, Result.UNCLEAR, None),
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
    gateway.insurer.answers["099194000514"] = CardAnswer("003", "", (old, new))
    gateway.insurer.answers["HT3999912345678"] = answer(number="HT3999912345678")
    found = ask(kiosk).json()
    assert (found["result"], found["card_number"], found["benefit_percent"]) == ("valid", "HT3999912345678", 95)


def test_without_the_years_sum_the_share_on_the_card_stands(gateway: Any) -> None:
    settings = gateway.house.settings
    insurance = settings.insurance.model_copy(update={"copayment_path": "/api/TraCuuCCT/TraCuuTienMCCT"})
    house = replace(gateway.house, settings=settings.model_copy(update={"insurance": insurance}))
    asked = EligibilityRequest(number="099194000514", name="Phạm Thị Thanh Hoa", birth="1994-03-12")
    gateway.insurer.answers[asked.number] = replace(answer(), five_years_from=date(2020, 1, 1))
    _answer, judged = asyncio.run(look_up.ask(house, asked))
    assert (judged.result, judged.benefit_percent) == (Result.VALID, 80)
    gateway.insurer.copayments[asked.number] = 15_180_001
    _answer, judged = asyncio.run(look_up.ask(house, asked))
    assert judged.benefit_percent == 100


@pytest.mark.parametrize("code", ["003", "010", "110", "121", "123"])
def test_a_newer_card_that_an_answer_names_is_asked_for_whatever_became_of_the_old_one(
    gateway: Any, kiosk: Any, code: str
) -> None:
    old = CardFacts("DN4999912345678", date(2025, 1, 1), date(2025, 12, 31), "99001", None)
    new = CardFacts("HT3999912345678", date(2026, 1, 1), date(2026, 12, 31), "99001", None)
    gateway.insurer.answers["099194000514"] = CardAnswer(code, "", (old, new))
    gateway.insurer.answers["HT3999912345678"] = answer(number="HT3999912345678")
    found = ask(kiosk).json()
    assert (found["result"], found["card_number"], found["new_card"]) == ("valid", "HT3999912345678", True)
    assert len(gateway.insurer.asked) == 2


@pytest.mark.parametrize(("code", "result"), [("010", "expired"), ("110", "stopped"), ("121", "moved")])
def test_a_newer_card_that_does_not_serve_either_leaves_the_first_answer(
    gateway: Any, kiosk: Any, code: str, result: str
) -> None:
    old = CardFacts("DN4999912345678", date(2025, 1, 1), date(2025, 12, 31), "99001", None)
    new = CardFacts("HT3999912345678", date(2026, 1, 1), date(2026, 12, 31), "99001", None)
    gateway.insurer.answers["099194000514"] = CardAnswer(code, "", (old, new))
    gateway.insurer.answers["HT3999912345678"] = CardAnswer("110", "", ())
    found = ask(kiosk).json()
    assert (found["result"], found["new_card"]) == (result, False)
    assert found["valid_to"] == ("2025-12-31" if code == "010" else None)


@pytest.mark.parametrize(
    ("code", "times", "result"), [("051", 2, "notfound"), ("123", 2, "moved"), ("050", 1, "notfound")]
)
def test_some_answers_are_asked_for_once_more(gateway: Any, kiosk: Any, code: str, times: int, result: str) -> None:
    gateway.insurer.answers["099194000514"] = answer(code)
    assert ask(kiosk).json()["result"] == result
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
