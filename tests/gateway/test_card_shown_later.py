"""At the insurance desk: a card that is shown after a check-in without it, and re-visit slips, which count once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from gateway.hospital import outbox
from gateway.insurance import look_up
from gateway.insurance.failures import InsurerFault, InsurerUnavailable
from gateway.insurance.later import look_up_later
from gateway.insurance.vss import CardAnswer, CardFacts
from gateway.payments.bills import pay_at_desk
from gateway.privacy import access
from gateway.privacy.erase import erase
from gateway.privacy.finding import find
from gateway.queue import tickets as queue_tickets
from gateway.staff import papers, presenting
from gateway.staff.accounts import Role, add
from gateway.store.tables import (
    bills,
    check_ins,
    later_look_ups,
    look_ups,
    paper_uses,
    subject_links,
    tickets,
    xml0_records,
)
from services.contract.models import Registration, TicketStatus

KHANG = "099088000145"
CARD = "DN4999912345678"
SILENT = InsurerUnavailable(InsurerFault.NO_NETWORK, "test")


@pytest.fixture
def clerk(gateway: Any) -> dict[str, str]:
    add(gateway.house, "lan", Role.STAFF, "a long password")
    answer = gateway.client.post("/staff/login", data={"name": "lan", "password": "a long password"})
    return {"Cookie": answer.headers["set-cookie"].partition(";")[0]}


def answered(gateway: Any, number: str = KHANG, code: str = "000", facts: bool = True, remark: str = "") -> None:
    card = CardFacts(CARD, date(2026, 1, 1), date(2026, 12, 31), "99001", None)
    gateway.insurer.answers[number] = CardAnswer(code, remark, (card,) if facts else ())


def shows(gateway: Any, clerk: Any, slip: str, clinic: str = "tim-mach", **typed: str) -> str:
    fields = {"slip": slip, "clinic": clinic, **typed}
    answer = gateway.client.post("/staff/insurance/card", data=fields, headers=clerk)
    assert answer.status_code == 200, answer.text
    return answer.text


def row_of(gateway: Any, table: Any, check_in: str) -> Any:
    column = table.c.id if table is check_ins else table.c.check_in_id
    with gateway.house.store.read() as transaction:
        return transaction.one(select(table).where(column == check_in))


def test_from_the_card_on_the_visit_is_insured_the_bill_is_gone_and_the_number_stays(
    gateway: Any, kiosk: Any, clerk: Any
) -> None:
    ticket = kiosk.check_in().json()
    assert ticket["amount_due"]
    gateway.clock.turn(minutes=7)
    answered(gateway)
    page = shows(gateway, clerk, ticket["number"])
    assert f"<strong>{ticket['number']}</strong>" in page and "Từ giờ khám bằng bảo hiểm" in page
    check_in = row_of(gateway, check_ins, ticket["check_in_id"])
    assert (check_in["use_insurance"], check_in["insurance_pending"]) == (True, False)
    assert check_in["insurance_presented_at"] == gateway.clock.now()
    assert row_of(gateway, bills, ticket["check_in_id"])["status"] == "cancelled"
    after = row_of(gateway, tickets, ticket["check_in_id"])
    assert (after["number"], after["status"]) == (ticket["number"], "waiting")
    assert gateway.insurer.asked == [(KHANG, "Nguyễn Minh Khang", "04/07/1988")]
    assert row_of(gateway, xml0_records, ticket["check_in_id"]) is not None
    assert "Nguyễn" not in page and KHANG not in page
    with gateway.house.store.read() as transaction:
        (entry,) = access.entries(gateway.house, transaction, record=ticket["check_in_id"])
    assert (entry.who, entry.reason) == ("lan", presenting.REASON)


def test_whoever_was_held_back_until_paying_can_be_called(gateway: Any, kiosk: Any, clerk: Any) -> None:
    ticket = kiosk.check_in().json()
    with gateway.house.store.write() as transaction:
        held = queue_tickets.held_ticket(transaction, ticket["check_in_id"])
        assert held is not None
        queue_tickets.change(transaction, held, TicketStatus.UNPAID, gateway.clock.now())
    answered(gateway)
    shows(gateway, clerk, ticket["number"])
    assert row_of(gateway, tickets, ticket["check_in_id"])["status"] == "waiting"


def test_a_paid_examination_is_the_cashiers_to_work_out_anew(gateway: Any, kiosk: Any, clerk: Any) -> None:
    ticket = kiosk.check_in().json()
    with gateway.house.store.write() as transaction:
        assert pay_at_desk(gateway.house, transaction, ticket["bill_id"]) is not None
    answered(gateway)
    page = shows(gateway, clerk, ticket["number"])
    assert "Mời người bệnh tới quầy thu để tính lại" in page
    assert row_of(gateway, bills, ticket["check_in_id"])["status"] == "paid"
    assert row_of(gateway, check_ins, ticket["check_in_id"])["use_insurance"]


@pytest.mark.parametrize(
    ("code", "insured", "words"),
    [
        ("010", False, "Thẻ hết hạn"),
        ("050", False, "Không thấy thẻ"),
        ("110", False, "Thẻ đã thu hồi hoặc báo giảm"),
        ("121", False, "Thẻ đã chuyển nơi quản lý"),
        ("001", True, "Thẻ quân đội, công an hoặc cơ yếu"),
        ("061", True, "Thông tin không khớp"),
        ("130", True, "Trẻ chưa có thẻ"),
        ("9401", True, "Kết quả chưa rõ"),
    ],
)
def test_every_result_has_its_words_and_only_some_make_the_visit_insured(
    gateway: Any, kiosk: Any, clerk: Any, code: str, insured: bool, words: str
) -> None:
    ticket = kiosk.check_in().json()
    answered(gateway, code=code, facts=code == "010", remark="Ghi <chú>")
    page = shows(gateway, clerk, ticket["number"])
    shown = page.partition('id="shown"')[2].partition("</p>")[0]
    assert words in shown and code in shown and "Ghi &lt;chú&gt;" in shown
    check_in = row_of(gateway, check_ins, ticket["check_in_id"])
    assert (check_in["use_insurance"], check_in["insurance_pending"]) == (insured, insured)
    assert row_of(gateway, bills, ticket["check_in_id"])["status"] == ("cancelled" if insured else "open")


def test_a_card_that_does_not_serve_leaves_an_insured_visit_insured_and_says_so(
    gateway: Any, kiosk: Any, clerk: Any
) -> None:
    ticket = kiosk.check_in().json()
    answered(gateway)
    shows(gateway, clerk, ticket["number"])
    answered(gateway, number=CARD, code="010")
    page = shows(gateway, clerk, ticket["number"], card=CARD)
    assert "Thẻ hết hạn" in page and "lượt khám vẫn tính bằng bảo hiểm" in page
    assert "vẫn khám không dùng bảo hiểm" not in page
    assert row_of(gateway, check_ins, ticket["check_in_id"])["use_insurance"] is True


@pytest.mark.parametrize("code", ["061", "9401", "001"])
def test_a_second_card_that_is_not_clear_takes_nothing_from_a_visit_that_is_in_order(
    gateway: Any, kiosk: Any, clerk: Any, code: str
) -> None:
    ticket = kiosk.check_in().json()
    answered(gateway)
    shows(gateway, clerk, ticket["number"])
    before = row_of(gateway, check_ins, ticket["check_in_id"])
    answered(gateway, number=CARD, code=code, facts=False)
    assert "lượt khám vẫn tính bằng bảo hiểm" in shows(gateway, clerk, ticket["number"], card=CARD)
    after = row_of(gateway, check_ins, ticket["check_in_id"])
    assert (after["insurance_pending"], after["eligibility_id"]) == (False, before["eligibility_id"])


def test_a_card_shown_for_a_visit_that_is_insured_says_since_when_and_changes_nothing_of_it(
    gateway: Any, kiosk: Any, clerk: Any
) -> None:
    answered(gateway)
    hoa = {"number": KHANG, "name": "Nguyễn Minh Khang", "birth": "1988-07-04"}
    found = kiosk.post("/v1/insurance/eligibility", hoa).json()
    ticket = kiosk.check_in(use_insurance=True, eligibility_id=found["id"]).json()
    before = row_of(gateway, check_ins, ticket["check_in_id"])["insurance_presented_at"]
    gateway.clock.turn(minutes=20)
    page = shows(gateway, clerk, ticket["number"])
    assert "đã tính bằng bảo hiểm từ" in page and "Từ giờ khám bằng bảo hiểm" not in page
    assert row_of(gateway, check_ins, ticket["check_in_id"])["insurance_presented_at"] == before


def test_a_silent_insurer_makes_the_visit_insured_and_is_asked_for_it_later(
    gateway: Any, kiosk: Any, clerk: Any
) -> None:
    ticket = kiosk.check_in().json()
    gateway.insurer.failure = SILENT
    page = shows(gateway, clerk, ticket["number"])
    assert "Chưa hỏi được cổng bảo hiểm" in page and "Máy chủ đang tự hỏi lại." in page
    check_in = row_of(gateway, check_ins, ticket["check_in_id"])
    assert (check_in["use_insurance"], check_in["insurance_pending"]) == (True, True)
    assert row_of(gateway, later_look_ups, ticket["check_in_id"]) is not None
    gateway.insurer.failure = None
    answered(gateway)
    gateway.clock.turn(hours=1)
    gateway.client.run(look_up_later(gateway.house))
    assert row_of(gateway, check_ins, ticket["check_in_id"])["insurance_pending"] is False


def test_another_card_of_the_patient_is_found_and_kept_as_theirs(gateway: Any, kiosk: Any, clerk: Any) -> None:
    ticket = kiosk.check_in().json()
    answered(gateway, number=CARD)
    shows(gateway, clerk, ticket["number"], card=" dn4 9999 1234 5678 ")
    assert gateway.insurer.asked[-1][0] == CARD
    check_in = row_of(gateway, check_ins, ticket["check_in_id"])
    kept = Registration.model_validate_json(gateway.house.vault.open(check_in["sealed_registration"]))
    assert (kept.patient.number, kept.patient.insurance_number, kept.use_insurance) == (KHANG, CARD, True)


def test_dots_and_dashes_are_no_part_of_the_number_and_a_longer_one_is_asked_for_again(
    gateway: Any, kiosk: Any, clerk: Any
) -> None:
    ticket = kiosk.check_in().json()
    answered(gateway, number=CARD)
    page = shows(gateway, clerk, ticket["number"], card=f"{CARD}6")
    assert "số thẻ quá dài" in page and f'value="{CARD}6"' in page
    assert gateway.insurer.asked == []
    shows(gateway, clerk, ticket["number"], card="DN-4.99.99-123.456.78")
    assert [asked[0] for asked in gateway.insurer.asked] == [CARD]


def test_what_the_check_in_did_not_know_is_typed_from_the_card(gateway: Any, kiosk: Any, clerk: Any) -> None:
    nobody = {"number": None, "name": None, "birth": None, "sex": None, "level": "none"}
    ticket = kiosk.check_in(patient=nobody).json()
    answered(gateway, number=CARD)
    assert "Chưa đủ để hỏi" in shows(gateway, clerk, ticket["number"], card=CARD)
    wrong = shows(gateway, clerk, ticket["number"], card=CARD, name="Lê Văn Tám", birth="31/02/1960")
    assert "Ngày sinh chưa đúng" in wrong and 'value="31/02/1960"' in wrong
    assert gateway.insurer.asked == []
    shows(gateway, clerk, ticket["number"], card=CARD, name="Lê Văn Tám", birth="1960")
    assert gateway.insurer.asked == [(CARD, "Lê Văn Tám", "1960")]


MOTHER = "099190000146"


def erased_while_asked(gateway: Any, monkeypatch: pytest.MonkeyPatch, asked: str) -> None:
    """The visit is over; the data officer erases somebody between the question and the insurer's answer."""
    ask = look_up.ask

    def erase_them() -> None:
        with gateway.house.store.write() as transaction:
            assert erase(gateway.house, transaction, find(gateway.house, transaction, asked))

    async def slowly(house: Any, request: Any) -> Any:
        await house.workers.run(erase_them)
        return await ask(house, request)

    with gateway.house.store.write() as transaction:
        transaction.execute(update(tickets).values(status=TicketStatus.DONE.value))
    monkeypatch.setattr(look_up, "ask", slowly)


@pytest.mark.parametrize("silent", [False, True])
def test_whoever_was_erased_while_the_insurer_was_asked_stays_so(
    gateway: Any, kiosk: Any, clerk: Any, monkeypatch: pytest.MonkeyPatch, silent: bool
) -> None:
    ticket = kiosk.check_in().json()
    answered(gateway)
    gateway.insurer.failure = SILENT if silent else None
    erased_while_asked(gateway, monkeypatch, KHANG)
    with gateway.house.store.read() as transaction:
        before = transaction.all(select(look_ups.c.id))
    assert "đã xóa theo yêu cầu" in shows(gateway, clerk, ticket["number"])
    check_in = row_of(gateway, check_ins, ticket["check_in_id"])
    assert (check_in["stripped"], check_in["use_insurance"]) == (True, False)
    assert KHANG not in gateway.house.vault.open(check_in["sealed_registration"]).decode()
    with gateway.house.store.read() as transaction:
        assert transaction.all(select(look_ups.c.id)) == before, "nothing new is kept of them"
        assert transaction.one(select(subject_links)) is None
    asked = len(gateway.insurer.asked)
    typed = {"card": CARD, "name": "Nguyễn Minh Khang", "birth": "1988"}
    assert "đã xóa theo yêu cầu" in shows(gateway, clerk, ticket["number"], **typed)
    assert len(gateway.insurer.asked) == asked, "nor is the insurer asked again"


def test_a_companion_who_was_erased_while_the_insurer_was_asked_does_not_come_back(
    gateway: Any, kiosk: Any, clerk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    mother = {"number": MOTHER, "name": "Trần Thị Thu Hằng", "level": "none"}
    ticket = kiosk.check_in(companion={"person": mother, "relation": "mother"}).json()
    answered(gateway, number=CARD)
    erased_while_asked(gateway, monkeypatch, MOTHER)
    assert "Từ giờ khám bằng bảo hiểm" in shows(gateway, clerk, ticket["number"], card=CARD)
    check_in = row_of(gateway, check_ins, ticket["check_in_id"])
    kept = Registration.model_validate_json(gateway.house.vault.open(check_in["sealed_registration"]))
    assert kept.companion is not None and kept.companion.person is None
    assert (kept.patient.name, kept.patient.insurance_number) == ("Nguyễn Minh Khang", CARD)


def test_a_slip_is_found_by_its_codes_and_a_wrong_one_is_said_to_be_wrong(gateway: Any, kiosk: Any, clerk: Any) -> None:
    ticket = kiosk.check_in().json()
    answered(gateway)
    assert "Hôm nay không có số này" in shows(gateway, clerk, "T999")
    assert "Hôm nay không có số này" in shows(gateway, clerk, ticket["number"], clinic="mat")
    assert f"<strong>{ticket['number']}</strong>" in shows(gateway, clerk, ticket["reprint_code"], clinic="")
    assert f"<strong>{ticket['number']}</strong>" in shows(gateway, clerk, ticket["code"], clinic="")


def test_two_numbers_that_look_alike_are_asked_for_by_their_letter(gateway: Any, kiosk: Any, clerk: Any) -> None:
    kiosk.check_in()
    kiosk.check_in(patient={"number": "099088000146"}, priority="pregnant")
    answered(gateway)
    assert "Có nhiều số như vậy" in shows(gateway, clerk, "1")
    assert gateway.insurer.asked == []


@pytest.mark.parametrize("path", ["card", "revisit"])
def test_nobody_does_it_without_logging_in(gateway: Any, path: str) -> None:
    assert gateway.client.post(f"/staff/insurance/{path}", data={"slip": "T001"}).status_code == 401


def test_another_site_does_nothing(gateway: Any, clerk: Any) -> None:
    for path in ("card", "revisit"):
        headers = clerk | {"Sec-Fetch-Site": "cross-site"}
        assert gateway.client.post(f"/staff/insurance/{path}", data={}, headers=headers).status_code == 403


def test_the_hospital_is_told_that_the_visit_is_insured_now(
    gateway: Any, kiosk: Any, clerk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(outbox, "changed", lambda _transaction, check_in, _now: told.append(check_in))
    ticket = kiosk.check_in().json()
    answered(gateway)
    shows(gateway, clerk, ticket["number"])
    assert ticket["check_in_id"] in told


# --- re-visit slips


def notes(gateway: Any, clerk: Any, slip: str, paper: str = "0123/GH", signed: str = "20/11/2026") -> str:
    fields = {"slip": slip, "clinic": "tim-mach", "paper": paper, "signed": signed}
    answer = gateway.client.post("/staff/insurance/revisit", data=fields, headers=clerk)
    assert answer.status_code == 200
    return answer.text


def other(kiosk: Any, number: str) -> dict[str, Any]:
    return kiosk.check_in(patient={"number": number, "name": f"Người {number[-2:]}"}).json()


def test_a_revisit_slip_counts_once(gateway: Any, kiosk: Any, clerk: Any) -> None:
    first, second = kiosk.check_in().json(), other(kiosk, "099088000146")
    assert "đã ghi cho lần khám này" in notes(gateway, clerk, first["number"])
    gateway.clock.turn(minutes=3)
    again = notes(gateway, clerk, second["number"], paper=" 0123/gh ")
    assert f"đã dùng lúc 23/11/2026 12:00, số {first['number']}" in again and "Vẫn tiếp nhận" in again
    assert "đã ghi cho lần khám này" in notes(gateway, clerk, first["number"]), "the same visit changes nothing"
    assert "đã ghi cho lần khám này" in notes(gateway, clerk, second["number"], paper="0124/GH")
    assert "đã ghi cho lần khám này" in notes(gateway, clerk, second["number"], signed="21/11/2026")
    with gateway.house.store.read() as transaction:
        kept = transaction.all(select(paper_uses))
    assert len(kept) == 3 and "0123" not in str([dict(row) for row in kept])


def test_a_visit_that_was_abandoned_gives_its_slip_back(gateway: Any, kiosk: Any, clerk: Any) -> None:
    key = "a-key-of-a-registration"
    first = kiosk.check_in(key).json()
    notes(gateway, clerk, first["number"])
    kiosk.post(
        "/v1/check-ins/abandon",
        {"registration_key": key, "reason": "left", "at": gateway.clock.now().isoformat()},
    )
    assert "đã ghi cho lần khám này" in notes(gateway, clerk, other(kiosk, "099088000146")["number"])


def test_of_two_desks_at_once_one_gets_the_slip(gateway: Any, kiosk: Any) -> None:
    visits = [other(kiosk, f"0990880001{number}")["check_in_id"] for number in range(50, 54)]

    def use(check_in: str) -> bool:
        with gateway.house.store.write() as transaction:
            day = date(2026, 11, 20)
            return papers.use_revisit(gateway.house, transaction, check_in, "0123/GH", day, "lan").counts

    with ThreadPoolExecutor(4) as desks:
        assert sorted(desks.map(use, visits)) == [False, False, False, True]


@pytest.mark.parametrize("signed", ["", "20/13/2026", "hôm qua", "20112026"])
def test_a_slip_without_number_or_day_is_asked_for_again(gateway: Any, kiosk: Any, clerk: Any, signed: str) -> None:
    ticket = kiosk.check_in().json()
    assert "Gõ số giấy hẹn và ngày ký" in notes(gateway, clerk, ticket["number"], signed=signed)
    assert "Gõ số giấy hẹn và ngày ký" in notes(gateway, clerk, ticket["number"], paper=" ")
