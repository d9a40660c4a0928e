"""Bills of the hospital's system: found, held, changed or paid there meanwhile, handed over once."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.settings import Bank
from gateway.staff.money import Came, came
from gateway.store.tables import bills, cashier_tasks
from simulators import citizens

LINES = [
    {"TEN": "Siêu âm ổ bụng", "DON_GIA": 100_000, "QUY_BHYT": 80_000, "THANH_TIEN": 20_000},
    {"TEN": "Xét nghiệm máu", "DON_GIA": 50_000, "QUY_BHYT": 0, "THANH_TIEN": 50_000},
]


@pytest.fixture
def world(make_world: Any) -> Any:
    return make_world(hospital=True)


@pytest.fixture
def charged(world: Any) -> int:
    return world.till.charge(citizens.load("khang"), LINES, title="Cận lâm sàng")


def found(world: Any, proven: Any) -> dict[str, Any]:
    return world.find(person=proven("khang"))["bills"][0]


def pay(world: Any, intent: dict[str, Any], amount: int | None = None, id: int = 1) -> None:
    answer = world.gateway.notice(f"x {intent['purpose']} y", amount or intent["amount"], id=id)
    assert answer.status_code == 200, answer.text


def test_whoever_the_chip_proves_sees_their_bills_with_every_line(world: Any, charged: int, proven: Any) -> None:
    world.till.charge(citizens.load("khang"), [{"TEN": "Tạm ứng", "THANH_TIEN": 500_000}], "TAM_UNG")
    world.till.charge(citizens.load("hoa"), LINES)
    advance, bill = world.find(person=proven("khang"))["bills"]
    assert (advance["kind"], advance["left"]) == ("advance", 500_000)
    assert (bill["title"], bill["amount"], bill["payable"]) == ("Cận lâm sàng", 70_000, True)
    assert [(line["name"], line["amount"], line["fund"]) for line in bill["lines"]] == [
        ("Siêu âm ổ bụng", 20_000, 80_000),
        ("Xét nghiệm máu", 50_000, 0),
    ]
    assert bill["breakdown"] == {"price": 150_000, "fund": 80_000, "patient": 70_000, "provisional": False}


def test_nobody_else_is_shown_anything(world: Any, charged: int, proven: Any) -> None:
    world.gateway.evidence.verdict = type("V", (), {"level": None, "reason": ""})()
    assert world.kiosk.post("/v1/bills/find", {"person": proven("khang")}).status_code == 403


def test_a_code_shows_the_sum_and_no_line(world: Any, charged: int) -> None:
    number = world.till.store.one("SELECT * FROM bills")["SO_PHIEU"]
    bill = world.find(code=number.lower())["bills"][0]
    assert (bill["amount"], bill["lines"], bill["title"], bill["breakdown"]) == (70_000, [], "", None)
    intent = world.intent(bill["id"]).json()
    assert (intent["amount"], intent["lines"]) == (70_000, [])


def test_a_bill_that_another_kiosk_found_is_nothing_to_this_one(world: Any, charged: int, proven: Any) -> None:
    bill = found(world, proven)
    other = world.gateway.kiosk("C")
    assert other.post("/v1/payment-intents", {"bill_id": bill["id"]}).status_code == 404


def test_a_paid_bill_is_handed_over_once_and_brings_its_invoice(world: Any, charged: int, proven: Any) -> None:
    intent = world.intent(found(world, proven)["id"]).json()
    pay(world, intent)
    pending = world.now(intent)
    assert (pending["status"], pending["hand_over_pending"], pending["invoice"]) == ("paid", True, None)
    assert pending["invoice_later"]["kind"] == "invoice"
    world.hospital.verbs()["lose"]({"begins": "POST /thanh-toan", "when": "after", "count": 2})
    for _ in range(4):
        world.errands()
        world.turn(seconds=20)
    done = world.now(intent)
    assert done["hand_over_pending"] is False and done["version"] > pending["version"]
    assert done["invoice"]["number"].startswith("1C26THG") and len(done["invoice_code"]) == 10
    assert len(world.till.store.all("SELECT * FROM payments")) == 1


def test_an_invoice_that_comes_later_is_asked_for_until_it_is_there(world: Any, charged: int, proven: Any) -> None:
    world.till.invoices = False
    intent = world.intent(found(world, proven)["id"]).json()
    pay(world, intent)
    world.errands()
    world.errands()
    assert world.now(intent)["invoice"] is None and not world.now(intent)["hand_over_pending"]
    world.till.issue()
    world.turn(seconds=10)
    world.errands()
    assert world.now(intent)["invoice"]["lookup_code"]


def test_while_a_code_is_shown_the_till_takes_no_money(world: Any, charged: int, proven: Any) -> None:
    bill = found(world, proven)
    intent = world.intent(bill["id"]).json()
    held = {"MA_PHIEU": str(charged), "PHIEN_BAN": "1", "NGUOI_GIU": "the till", "DEN": "209912310000"}
    assert world.till.hold(held)[0] == "409"
    world.kiosk.post(f"/v1/payment-intents/{intent['id']}/cancel")
    world.errands()
    assert world.till.hold(held)[0] == "000"


def test_a_bill_that_the_till_holds_is_not_asked_money_for(world: Any, charged: int, proven: Any) -> None:
    bill = found(world, proven)
    world.till.hold({"MA_PHIEU": str(charged), "PHIEN_BAN": "1", "NGUOI_GIU": "the till", "DEN": "209912310000"})
    answer = world.intent(bill["id"])
    assert (answer.status_code, answer.json()["code"]) == (422, "TT-305")


def test_a_bill_that_changed_since_it_was_found_is_paid_as_it_is_now(world: Any, charged: int, proven: Any) -> None:
    bill = found(world, proven)
    world.till.change(charged, 90_000)
    assert world.intent(bill["id"]).json()["amount"] == 90_000


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (lambda till, id: till.change(id, 90_000), "bill-changed"),
        (lambda till, id: till.become(id, 1), "paid-elsewhere"),
        (lambda till, id: till.become(id, 2), "bill-cancelled"),
    ],
)
def test_what_happens_to_the_bill_ends_the_code_and_says_why(
    world: Any, charged: int, proven: Any, happens: Any, reason: str
) -> None:
    intent = world.intent(found(world, proven)["id"]).json()
    happens(world.till, charged)
    world.bills()
    now = world.now(intent)
    assert (now["status"], now["ended"]) == ("cancelled", reason)


def test_money_for_a_bill_paid_elsewhere_goes_back(world: Any, charged: int, proven: Any) -> None:
    intent = world.intent(found(world, proven)["id"]).json()
    world.till.become(charged, 1)
    world.bills()
    pay(world, intent)
    now = world.now(intent)
    assert (now["amount_paid"], now["for_cashier"]) == (70_000, True)
    assert world.intent(now["bill_id"]).json()["code"] == "TT-304"


def test_a_bill_that_became_smaller_than_what_came_is_paid_and_the_rest_goes_back(
    world: Any, charged: int, proven: Any
) -> None:
    intent = world.intent(found(world, proven)["id"]).json()
    pay(world, intent, 60_000)
    world.till.change(charged, 50_000)
    world.bills()
    with world.gateway.house.store.read() as transaction:
        assert [row["status"] for row in transaction.all(bills.select())] == ["paid"]
        open_ones = [row for row in transaction.all(cashier_tasks.select()) if row["closed_at"] is None]
        assert [(row["kind"], row["amount"]) for row in open_ones] == [("refund", 10_000)]


@pytest.mark.parametrize("outage", ["error", "rubbish", "closed"])
def test_nobody_pays_a_bill_that_cannot_be_read_again(world: Any, charged: int, proven: Any, outage: str) -> None:
    bill = found(world, proven)
    world.hospital.outage = outage
    answer = world.intent(bill["id"])
    assert (answer.status_code, answer.json()["code"]) == (503, "TT-305")
    assert world.find(person=proven("khang"))["incomplete"] is True


def test_by_the_slip_of_a_visit_its_own_bill_is_shown_whole_and_others_without_lines(world: Any, charged: int) -> None:
    ticket = world.kiosk.check_in(patient={"number": citizens.load("khang").number}).json()
    patient = world.till.store.one("SELECT id FROM patients")["id"]
    world.till.store.put(
        "INSERT INTO registrations (asked, patient, room, number, state, version, body) "
        "VALUES (?, ?, 'x', 1, 'DEN', 1, '{}')",
        ticket["check_in_id"], patient,
    )  # fmt: skip
    shown = {bill["number"][:2]: bill for bill in world.find(slip=ticket["code"])["bills"]}
    assert shown["VT"]["lines"][0]["name"] == "Khám: Nội tim mạch"
    assert (shown["PT"]["amount"], shown["PT"]["lines"]) == (70_000, [])


def test_lines_for_several_accounts_are_paid_part_after_part(make_world: Any, proven: Any) -> None:
    treasury = Bank(
        id="kho-bac",
        name="Kho bạc Nhà nước",
        bin="999998",
        account="3511000001",
        account_name="KHO BAC NHA NUOC",
        provider="cashier",
    )
    world = make_world(hospital=True, accounts=(treasury,))
    duty = {"TEN": "Lệ phí", "THANH_TIEN": 20_000, "TAI_KHOAN": "kho-bac", "TEN_DON_VI_HUONG": "Kho bạc"}
    world.till.charge(citizens.load("khang"), [{"TEN": "Phí dịch vụ", "THANH_TIEN": 30_000}, duty])
    bill = found(world, proven)
    first = world.intent(bill["id"]).json()
    assert (first["amount"], first["part"], first["parts"], first["bill_left"]) == (30_000, 1, 2, 20_000)
    assert [line["name"] for line in first["lines"]] == ["Phí dịch vụ"]
    pay(world, first)
    assert (world.now(first)["status"], world.now(first)["bill_left"]) == ("paid", 20_000)
    second = world.intent(bill["id"]).json()
    assert (second["amount"], second["account_name"]) == (20_000, "KHO BAC NHA NUOC")
    assert second["beneficiary"]["name"] == "Kho bạc Nhà nước"
    with world.gateway.house.store.write() as transaction:
        came(world.gateway.house, transaction, second["id"], Came(amount=20_000, reference="KB0001"))
    assert (world.now(second)["status"], world.now(second)["bill_left"]) == ("paid", 0)
    world.errands()
    paid = world.till.store.one("SELECT * FROM payments")
    assert [part["TAI_KHOAN"] for part in paid["GIAO_DICH"]] == ["main", "kho-bac"]


def test_a_place_that_issues_invoices_itself_issues_one_for_each_bill(make_world: Any, own_bill: Any) -> None:
    world = make_world(issuer=True)
    intent = world.intent(own_bill(world)).json()
    pay(world, intent)
    world.issuer.signing = 1
    world.errands()
    assert world.now(intent)["invoice"] is None
    world.turn(seconds=5)
    world.errands()
    world.errands()
    assert world.now(intent)["invoice"]["number"] == "1C26TTR 00000001"
    assert len(world.issuer.issued) == 1
