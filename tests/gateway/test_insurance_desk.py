"""The insurance desk: what is open, what stands behind a mismatch slip, and when the administrator must look."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from gateway.insurance.desk import open_cases
from gateway.insurance.exchanges import Exchange
from gateway.insurance.failures import InsurerFault, InsurerUnavailable
from gateway.insurance.vss import CardAnswer, CardFacts
from gateway.privacy import access
from gateway.staff.accounts import Role, add
from services.contract.models import EligibilityResult

HOA = {"number": "099194000514", "name": "Phạm Thị Thanh Hoa", "birth": "1994-03-12"}


@pytest.fixture
def clerk(gateway: Any) -> Any:
    """Somebody at the desk, logged in."""
    add(gateway.house, "lan", Role.STAFF, "a long password")
    answer = gateway.client.post("/staff/login", data={"name": "lan", "password": "a long password"})
    return {"Cookie": answer.headers["set-cookie"].partition(";")[0]}


def received(gateway: Any, kiosk: Any, code: str, remark: str = "", **more: Any) -> tuple[dict[str, Any], str]:
    card = CardFacts("DN4999912345678", date(2026, 1, 1), date(2026, 12, 31), "99001", None)
    gateway.insurer.answers[HOA["number"]] = CardAnswer(code, remark, (card,), **more)
    found = kiosk.post("/v1/insurance/eligibility", HOA).json()
    ticket = kiosk.check_in(patient=HOA | {"sex": "F"}, use_insurance=True, eligibility_id=found["id"]).json()
    return found, ticket["number"]


def test_nobody_sees_it_without_logging_in(gateway: Any) -> None:
    assert gateway.client.get("/staff/insurance").status_code == 303
    assert gateway.client.post("/staff/insurance/slip", data={"code": "x"}).status_code == 401


def test_the_desk_sees_number_result_and_remark_and_no_name(gateway: Any, kiosk: Any, clerk: Any) -> None:
    _, number = received(gateway, kiosk, "9401", "Ghi chú <b>lạ</b>")
    page = gateway.client.get("/staff/insurance", headers=clerk).text
    assert number in page and "Kết quả chưa rõ" in page and "9401" in page
    assert "Ghi chú &lt;b&gt;lạ&lt;/b&gt;" in page
    assert "Hoa" not in page and HOA["number"] not in page


def test_a_card_in_order_is_nothing_to_look_at(gateway: Any, kiosk: Any, clerk: Any) -> None:
    received(gateway, kiosk, "000")
    assert "Chưa có ai." in gateway.client.get("/staff/insurance", headers=clerk).text


def test_who_shows_a_paper_card_of_the_army_is_received_as_insured_and_the_desk_is_told(
    gateway: Any, kiosk: Any, clerk: Any
) -> None:
    officer = HOA | {"number": "CA5999912345678"}
    gateway.insurer.answers[officer["number"]] = CardAnswer("050", "", ())
    found = kiosk.post("/v1/insurance/eligibility", officer).json()
    assert (found["result"], found["staff_check"], found["card_number"]) == ("papercard", True, None)
    patient = {"insurance_number": officer["number"], "name": HOA["name"], "birth": HOA["birth"]}
    ticket = kiosk.check_in(patient=patient, use_insurance=True, eligibility_id=found["id"]).json()
    assert (ticket["insurance_pending"], ticket["bill_id"], ticket["status"]) == (True, None, "waiting")
    page = gateway.client.get("/staff/insurance", headers=clerk).text
    assert ticket["number"] in page and "xem thẻ giấy và giấy tờ tùy thân" in page


def test_the_desk_sees_when_the_card_was_presented(gateway: Any, kiosk: Any, clerk: Any) -> None:
    """The first look-up, however long the person then stands at the kiosk; the tried one where nobody answered."""
    card = CardFacts("DN4999912345678", date(2026, 1, 1), date(2026, 12, 31), "99001", None)
    gateway.insurer.answers[HOA["number"]] = CardAnswer("001", "", (card,))
    looked = gateway.clock.now()
    found = kiosk.post("/v1/insurance/eligibility", HOA).json()
    gateway.clock.turn(minutes=4)
    now = gateway.clock.now().isoformat()
    kiosk.check_in(patient=HOA, use_insurance=True, eligibility_id=found["id"], arrived_at=now)
    typed = {
        "number": None,
        "insurance_number": "DN4999912345679",
        "name": "Lê Văn Tám",
        "birth": "1960",
        "level": "paper",
    }
    kiosk.check_in(patient=typed, use_insurance=True, arrived_at=now)
    gateway.clock.turn(minutes=4)
    other = typed | {"insurance_number": "DN4999912345670"}
    tried = gateway.clock.now() - timedelta(minutes=1)
    kiosk.check_in(
        patient=other, use_insurance=True, insurance_unreachable=True, insurance_failure="BH-101",
        insurance_failure_at=tried.isoformat(), arrived_at=gateway.clock.now().isoformat(),
    )  # fmt: skip
    with gateway.house.store.read() as transaction:
        cases = open_cases(gateway.house, transaction)
    assert {case.presented_at for case in cases} == {looked, looked + timedelta(minutes=4), tried}
    assert "Xuất trình thẻ lúc" in gateway.client.get("/staff/insurance", headers=clerk).text


def test_the_desk_is_told_which_transfer_forms_still_hold(gateway: Any, kiosk: Any, clerk: Any) -> None:
    page = gateway.client.get("/staff/insurance", headers=clerk).text
    assert "còn hạn nếu ký từ ngày 09/11/2026" in page and "còn hạn nếu ký từ ngày 23/11/2025" in page
    assert "Giấy hẹn khám lại dùng được một lần." in page
    gateway.insurer.answers[HOA["number"]] = CardAnswer("010", "", ())
    assert kiosk.post("/v1/insurance/eligibility", HOA).json()["transfer_form_from"] == "2026-11-09"


def test_a_mismatch_slip_leads_to_its_look_up_and_who_looked_is_written_down(
    gateway: Any, kiosk: Any, clerk: Any
) -> None:
    found, number = received(gateway, kiosk, "061", name="Phạm Thị Thanh Hòa")
    assert found["mismatch"]["detail"] == "mismatch.name.accents.given"
    code = found["mismatch"]["code"]
    typed = code.replace("-", " ").lower()
    page = gateway.client.post("/staff/insurance/slip", data={"code": typed}, headers=clerk).text
    assert number in page and "Khác dấu ở tên" in page and "Họ và tên" in page
    assert "Thanh" not in page, "the values are in the papers, not on the page"
    with gateway.house.store.read() as transaction:
        (entry,) = access.entries(gateway.house, transaction)
    assert (entry.who, entry.reason) == ("lan", f"mismatch slip {code}")


@pytest.mark.parametrize("typed", ["", "0000-0000", "x" * 40, "'; DROP TABLE", "%"])
def test_an_unknown_slip_is_said_to_be_unknown(gateway: Any, clerk: Any, typed: str) -> None:
    answer = gateway.client.post("/staff/insurance/slip", data={"code": typed}, headers=clerk)
    assert answer.status_code == 200 and "Không có mã này" in answer.text


def test_another_site_opens_nothing(gateway: Any, clerk: Any) -> None:
    headers = clerk | {"Sec-Fetch-Site": "cross-site"}
    assert gateway.client.post("/staff/insurance/slip", data={"code": "x"}, headers=headers).status_code == 403


def test_who_was_received_without_an_answer_is_asked_for_again(gateway: Any, kiosk: Any, clerk: Any) -> None:
    kiosk.check_in(
        patient=HOA, use_insurance=True, insurance_unreachable=True, insurance_failure="BH-101",
        insurance_failure_at=gateway.clock.now().isoformat(),
    )  # fmt: skip
    page = gateway.client.get("/staff/insurance", headers=clerk).text
    assert "Chưa hỏi được cổng bảo hiểm" in page and "Máy chủ đang tự hỏi lại." in page and "BH-101" in page


@pytest.mark.parametrize(
    ("code", "alarm"), [("054", True), ("055", True), ("205", True), ("000", False), ("060", False)]
)
def test_what_is_ours_to_repair_calls_the_administrator(
    gateway: Any, kiosk: Any, clerk: Any, code: str, alarm: bool
) -> None:
    gateway.insurer.answers[HOA["number"]] = CardAnswer(code, "", ())
    kiosk.post("/v1/insurance/eligibility", HOA)
    page = gateway.client.get("/staff/insurance", headers=clerk).text
    assert ("Báo quản trị" in page) is alarm


def test_each_try_that_failed_counts_on_the_line(gateway: Any, kiosk: Any, clerk: Any) -> None:
    gone = Exchange.failed("/x", gateway.clock.now(), gateway.clock.now(), InsurerFault.TOO_SLOW, "slow")
    gateway.insurer.failure = InsurerUnavailable(InsurerFault.TOO_SLOW, "slow", (gone,))
    for _ in range(3):
        kiosk.post("/v1/insurance/eligibility", HOA)
    page = gateway.client.get("/staff/insurance", headers=clerk).text
    assert 'Cổng bảo hiểm trả lời quá chậm. <span class="quiet">BH-103</span></td><td>3</td>' in page


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_result_has_words_on_the_page(language: str) -> None:
    from gateway.web.insurance import words

    assert all(words(language)[f"insdesk.result.{result.value}"] for result in EligibilityResult)
    assert words(language)["insdesk.result.silent"]


def test_the_page_speaks_english_too(gateway: Any, clerk: Any) -> None:
    headers = {"Cookie": f"{clerk['Cookie']}; tram_language=en"}
    assert "Insurance desk" in gateway.client.get("/staff/insurance", headers=headers).text


def test_every_code_of_the_table_is_said_in_words() -> None:
    from gateway.insurance.rules import load_rules
    from gateway.web.insurance import words

    codes = load_rules().result_codes.codes
    for language in ("vi", "en"):
        assert {code for code in (*codes, "other") if f"insdesk.code.{code}" not in words(language)} == set()
