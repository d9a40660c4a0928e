"""Fees of a dossier paid by code: found, changed meanwhile, paid once, told to the authority once."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest

from gateway.payments.running import run_due
from gateway.payments.watch import read_bills
from gateway.staff.cashier import cashier, take_money
from gateway.store import tables as t
from tests.gateway.one_stop.conftest import KHANG, Officer
from tests.gateway.one_stop.test_reception import decide, file_one, follow

TREASURY = {"MaPhiLePhi": "LP1", "TenPhiLePhi": "Lệ phí đăng ký cư trú", "Gia": 20_000, "LoaiPhiLePhi": "le-phi"}
OWN = {"MaPhiLePhi": "PHI1", "TenPhiLePhi": "Phí khai thác dữ liệu", "Gia": 15_000, "LoaiPhiLePhi": "phi"}


@pytest.fixture
def due(centre: Any, kiosk: Any) -> Any:
    """A dossier that waits for 20 000 đồng."""
    return ask(centre, kiosk, TREASURY)


def ask(centre: Any, kiosk: Any, *lines: dict[str, Any]) -> Any:
    row = file_one(centre, kiosk)
    decide(Officer(centre, "hien"), row, "accept")
    centre.desk.ask_money(number_of(centre), list(lines))
    look(centre)
    return row


def number_of(centre: Any) -> str:
    return centre.dossiers()[0]["number"]


def look(centre: Any) -> None:
    centre.clock.turn(minutes=2)
    centre.watch()


def find(kiosk: Any, **asked: Any) -> list[dict[str, Any]]:
    answer = kiosk.post("/v1/bills/find", asked)
    assert answer.status_code == 200, answer.text
    return answer.json()["bills"]


def intent(kiosk: Any, bill_id: str) -> dict[str, Any]:
    answer = kiosk.post("/v1/payment-intents", {"bill_id": bill_id})
    assert answer.status_code == 200, answer.text
    return answer.json()


def now(kiosk: Any, made: dict[str, Any]) -> dict[str, Any]:
    return kiosk.get(f"/v1/payment-intents/{made['id']}").json()


def pay(centre: Any, made: dict[str, Any], id: int = 1) -> None:
    """The bank's signed notification of exactly that money."""
    account = made["beneficiary"]["id"]
    settings = centre.house.settings.account(account)
    body = json.dumps(
        {
            "id": id,
            "transactionDate": f"{centre.clock.now():%Y-%m-%d %H:%M:%S}",
            "accountNumber": settings.account,
            "content": f"x {made['purpose']} y",
            "transferType": "in",
            "transferAmount": made["amount"],
            "referenceCode": f"FT{id}",
        }
    ).encode()
    moment = str(int(centre.clock.now().timestamp()))
    signature = hmac.new(b"p", f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"X-SePay-Timestamp": moment, "X-SePay-Signature": f"sha256={signature}"}
    where = "/v1/webhooks/bank" if account == "main" else f"/v1/webhooks/bank/{account}"
    answer = centre.caller.post(where, content=body, headers=headers)
    assert answer.status_code == 200, answer.text


def errands(centre: Any) -> None:
    centre.run(run_due(centre.house))


def payments(centre: Any) -> list[dict[str, Any]]:
    """What the authority's system was told."""
    return [json.loads(row["sent"]) for row in centre.desk.store.all("SELECT sent FROM payments ORDER BY key")]


def test_a_dossier_that_asks_for_money_offers_its_bill_to_whoever_follows_it(centre: Any, kiosk: Any, due: Any) -> None:
    money = follow(kiosk, due)["money"]
    assert (money["total"], money["paid"]) == (20_000, False)
    made = intent(kiosk, money["bill_id"])
    assert (made["amount"], made["kind"], made["beneficiary"]["id"]) == (20_000, "fee", "kho-bac")
    assert made["bill_number"] == number_of(centre)
    assert made["lines"][0]["name"] == "Lệ phí đăng ký cư trú"


def test_the_slip_the_receipt_and_the_chip_find_the_bill_with_its_lines(centre: Any, kiosk: Any, due: Any) -> None:
    officer = Officer(centre, "lan")
    look_up = officer.get(f"/staff/reception/{due['id']}").text.split('id="lookup">')[1][:4]
    ways = (
        {"slip": due["token"]},
        {"code": number_of(centre), "look_up_code": look_up},
        {"code": due["sending_code"]},
        {"person": KHANG},
    )
    for way in ways:
        (bill,) = find(centre.kiosk(), **way)
        assert (bill["kind"], bill["amount"], bill["left"], bill["payable"]) == ("fee", 20_000, 20_000, True)
        assert [line["name"] for line in bill["lines"]] == ["Lệ phí đăng ký cư trú"], way
        assert bill["title"]


def test_a_fee_paid_at_our_cashier_is_told_to_the_authority_once_and_the_dossier_goes_on(
    centre: Any, kiosk: Any, due: Any
) -> None:
    money = follow(kiosk, due)["money"]
    live = intent(kiosk, money["bill_id"])
    with centre.house.store.read() as transaction:
        (bill,) = cashier(centre.house, transaction).others
    assert (bill.bill_number, bill.amount) == (number_of(centre), 20_000) and bill.clinic
    with centre.house.store.write() as transaction:
        take_money(centre.house, transaction, bill.bill_id, "thu")
    assert now(kiosk, live)["ended"] == "paid-elsewhere", "its code dies"
    for _ in range(3):
        errands(centre)
        centre.clock.turn(minutes=1)
    (told,) = payments(centre)
    assert number_of(centre) in json.dumps(told) and "20000" in json.dumps(told)
    look(centre)
    assert follow(kiosk, due)["money"] is None or follow(kiosk, due)["money"]["paid"] is True
    with centre.house.store.read() as transaction:
        assert cashier(centre.house, transaction).others == ()


def test_no_open_fee_is_hidden_from_the_cashier_by_newer_ones(
    centre: Any, kiosk: Any, due: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.staff.cashier.MOST", 1)
    (oldest,) = (dict(row) for row in centre.rows(t.bills))
    with centre.house.store.write() as transaction:
        for number in range(3):
            newer = {"id": f"{number:032}", "number": f"N-{number}", "source_id": f"n-{number}"}
            later = {"created_at": oldest["created_at"] + timedelta(days=1)}
            transaction.execute(t.bills.insert().values(**(oldest | newer | later)))
    with centre.house.store.read() as transaction:
        shown = [bill.bill_id for bill in cashier(centre.house, transaction).others]
    assert len(shown) == 4 and shown[-1] == oldest["id"]


def test_a_dossier_code_without_its_look_up_code_finds_nothing_and_guessing_is_slowed(
    centre: Any, kiosk: Any, due: Any
) -> None:
    assert find(kiosk, code=number_of(centre)) == []
    for guess in ("AAAA", "BBBB", "CCCC", "DDDD"):
        assert find(kiosk, code=number_of(centre), look_up_code=guess) == []
    asked = {"code": number_of(centre), "look_up_code": "EEEE"}
    assert kiosk.post("/v1/bills/find", asked).status_code == 429
    assert kiosk.post("/v1/dossiers/find", asked).status_code == 429, "one count for both questions"


def test_somebody_else_finds_nothing(centre: Any, kiosk: Any, due: Any) -> None:
    other = {**KHANG, "number": "099190000111", "name": "Trần Thị Thử"}
    assert find(kiosk, person=other) == []
    money = follow(kiosk, due)["money"]
    assert centre.kiosk().post("/v1/payment-intents", {"bill_id": money["bill_id"]}).status_code == 404


def test_a_paid_fee_is_told_once_and_the_dossier_goes_on(centre: Any, kiosk: Any, due: Any) -> None:
    made = intent(kiosk, follow(kiosk, due)["money"]["bill_id"])
    pay(centre, made)
    assert (now(kiosk, made)["status"], now(kiosk, made)["hand_over_pending"]) == ("paid", True)
    money = follow(kiosk, due)["money"]
    assert (money["paid"], money["bill_id"]) == (True, None), "paid here, and nobody pays again"
    errands(centre)
    (told,) = payments(centre)
    assert (told["MaHoSo"], told["SoTien"]) == (number_of(centre), 20_000)
    assert told["DanhSachLePhi"] == [{"MaPhiLePhi": "LP1", "Gia": 20_000}]
    assert [(one["SoTien"], one["TaiKhoan"], one["SoThamChieu"]) for one in told["DanhSachGiaoDich"]] == [
        (20_000, "kho-bac", "FT1")
    ]
    done = now(kiosk, made)
    assert done["hand_over_pending"] is False
    assert done["invoice"]["kind"] == "receipt" and done["invoice"]["number"] == "1K26TBL 00000001"
    centre.watch()
    dossier = follow(kiosk, due)
    assert (dossier["status"], dossier["money"]) == (4, None)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_lost_answer_to_the_payment_is_sent_again_and_stays_one_payment(
    centre: Any, kiosk: Any, due: Any, when: str
) -> None:
    made = intent(kiosk, follow(kiosk, due)["money"]["bill_id"])
    pay(centre, made)
    centre.wire.lose("POST /CapNhatThanhToan", when, 2)
    for _attempt in range(4):
        errands(centre)
        look(centre)
        assert [bill["status"] for bill in find(kiosk, slip=due["token"])] == ["paid"], "never a second bill"
    assert len(payments(centre)) == 1 and now(kiosk, made)["hand_over_pending"] is False
    assert follow(kiosk, due)["status"] == 4
    assert centre.wire.calls.count("POST /CapNhatThanhToan") == 3


def test_an_outage_while_money_comes_loses_nothing(centre: Any, kiosk: Any, due: Any) -> None:
    made = intent(kiosk, follow(kiosk, due)["money"]["bill_id"])
    centre.wire.down = True
    pay(centre, made)
    errands(centre)
    assert now(kiosk, made)["hand_over_pending"] is True
    centre.wire.down = False
    centre.clock.turn(hours=1)
    errands(centre)
    assert len(payments(centre)) == 1 and now(kiosk, made)["hand_over_pending"] is False


def test_without_an_answer_of_the_system_no_code_is_made_for_an_old_sum(centre: Any, kiosk: Any, due: Any) -> None:
    bill_id = follow(kiosk, due)["money"]["bill_id"]
    centre.wire.down = True
    assert kiosk.post("/v1/payment-intents", {"bill_id": bill_id}).status_code == 503


def test_several_beneficiaries_are_paid_one_after_the_other_and_told_together(centre: Any, kiosk: Any) -> None:
    row = ask(centre, kiosk, TREASURY, OWN)
    bill_id = follow(kiosk, row)["money"]["bill_id"]
    first = intent(kiosk, bill_id)
    assert (first["part"], first["parts"], first["amount"], first["beneficiary"]["id"]) == (1, 2, 20_000, "kho-bac")
    pay(centre, first, 1)
    errands(centre)
    assert payments(centre) == [], "half a bill is no payment"
    second = intent(kiosk, bill_id)
    assert (second["part"], second["amount"], second["beneficiary"]["id"]) == (2, 15_000, "main")
    pay(centre, second, 2)
    errands(centre)
    (told,) = payments(centre)
    assert told["SoTien"] == 35_000
    assert {(one["TaiKhoan"], one["SoTien"]) for one in told["DanhSachGiaoDich"]} == {
        ("kho-bac", 20_000),
        ("main", 15_000),
    }


def test_two_kiosks_at_once_never_have_two_codes(centre: Any, kiosk: Any, due: Any) -> None:
    other = centre.kiosk()
    first = intent(kiosk, find(kiosk, slip=due["token"])[0]["id"])
    (bill,) = find(other, person=KHANG)
    second = intent(other, bill["id"])
    assert second["id"] == first["id"]
    pay(centre, first)
    assert now(other, second)["status"] == "paid"
    assert len(centre.rows(t.payment_intents)) == 1 and len(centre.rows(t.bills)) == 1


def test_a_fee_that_changes_ends_the_live_code_and_the_next_one_asks_the_new_sum(
    centre: Any, kiosk: Any, due: Any
) -> None:
    made = intent(kiosk, follow(kiosk, due)["money"]["bill_id"])
    centre.desk.change_fees(number_of(centre), [{**TREASURY, "Gia": 30_000}])
    centre.clock.turn(seconds=11)
    centre.run(read_bills(centre.house))
    ended = now(kiosk, made)
    assert (ended["status"], ended["ended"]) == ("cancelled", "bill-changed")
    assert intent(kiosk, made["bill_id"])["amount"] == 30_000


@pytest.mark.parametrize(
    ("lines", "reason"),
    [([{**TREASURY, "TrangThaiThanhToan": "1"}], "paid-elsewhere"), ([], "bill-cancelled")],
)
def test_a_fee_paid_at_the_counter_or_taken_back_ends_the_code(
    centre: Any, kiosk: Any, due: Any, lines: list[dict[str, Any]], reason: str
) -> None:
    made = intent(kiosk, follow(kiosk, due)["money"]["bill_id"])
    centre.desk.change_fees(number_of(centre), lines)
    centre.clock.turn(seconds=11)
    centre.run(read_bills(centre.house))
    assert now(kiosk, made)["ended"] == reason


def test_a_fee_that_changes_after_the_money_came_stands_before_the_cashier(centre: Any, kiosk: Any, due: Any) -> None:
    made = intent(kiosk, follow(kiosk, due)["money"]["bill_id"])
    pay(centre, made)
    centre.desk.change_fees(number_of(centre), [{**TREASURY, "Gia": 30_000}])
    errands(centre)
    (errand,) = [row for row in centre.rows(t.payment_errands) if row["kind"] == "hand-over"]
    assert (errand["state"], errand["done_at"]) == ("refused", None)
    look(centre)
    money = follow(kiosk, due)["money"]
    assert (money["paid"], money["bill_id"]) == (True, None), "not asked for again before somebody looked"


def test_an_answer_of_before_the_payment_makes_no_second_bill(centre: Any, kiosk: Any, due: Any) -> None:
    """The state was asked, then the payment was taken, then the old answer arrives."""
    from gateway.one_stop import bills
    from gateway.one_stop.keeping import by_id

    house = centre.house
    old = centre.run(house.one_stop.system.status([number_of(centre)]))
    asked = centre.clock.now()
    made = intent(kiosk, follow(kiosk, due)["money"]["bill_id"])
    pay(centre, made)
    centre.clock.turn(seconds=1)
    errands(centre)
    with house.store.write() as transaction:
        row = by_id(transaction, due["id"])
        assert row is not None
        bills.take(house, transaction, row, old, asked)
    assert [bill["status"] for bill in centre.rows(t.bills)] == ["paid"]


def test_a_second_demand_is_a_bill_of_its_own(centre: Any, kiosk: Any, due: Any) -> None:
    made = intent(kiosk, follow(kiosk, due)["money"]["bill_id"])
    pay(centre, made)
    errands(centre)
    look(centre)
    centre.desk.ask_money(number_of(centre), [{**OWN, "MaPhiLePhi": "PHI2"}])
    look(centre)
    dossier = follow(kiosk, due)
    assert (dossier["status"], dossier["money"]["total"]) == (6, 15_000)
    second = intent(kiosk, dossier["money"]["bill_id"])
    assert second["bill_id"] != made["bill_id"] and second["bill_number"] == f"{number_of(centre)}/2"
    pay(centre, second, 2)
    errands(centre)
    assert sorted(one["SoTien"] for one in payments(centre)) == [15_000, 20_000]


def test_fees_at_filing_are_paid_before_the_counter_under_the_sending_code(centre: Any, kiosk: Any) -> None:
    row = file_one(centre, kiosk)
    centre.desk.change_fees(number_of(centre), [OWN])
    look(centre)
    dossier = follow(kiosk, row)
    assert (dossier["status"], dossier["code"]) == (1, None)
    made = intent(kiosk, dossier["money"]["bill_id"])
    assert made["bill_number"] == row["sending_code"]
    pay(centre, made)
    errands(centre)
    look(centre)
    assert len(payments(centre)) == 1
    assert (follow(kiosk, row)["status"], follow(kiosk, row)["money"]) == (1, None)


def test_parts_of_a_group_are_paid_together_and_told_each_under_its_number(centre: Any, kiosk: Any) -> None:
    row = file_one(centre, kiosk, "3.000722")
    numbers = [one["number"] for one in centre.dossiers()]
    assert len(numbers) > 1
    for number in numbers[:2]:
        centre.desk.change_fees(number, [OWN])
    look(centre)
    money = follow(kiosk, row)["money"]
    assert (money["total"], len(money["lines"])) == (30_000, 2)
    pay(centre, intent(kiosk, money["bill_id"]))
    centre.wire.lose("POST /CapNhatThanhToan", "after")
    errands(centre)
    centre.clock.turn(seconds=10)
    errands(centre)
    assert sorted(one["MaHoSo"] for one in payments(centre)) == sorted(numbers[:2])


def test_a_receipt_that_comes_later_is_asked_for(centre: Any, kiosk: Any, due: Any) -> None:
    centre.desk.receipts = False
    made = intent(kiosk, follow(kiosk, due)["money"]["bill_id"])
    pay(centre, made)
    errands(centre)
    assert now(kiosk, made)["invoice"] is None and not now(kiosk, made)["hand_over_pending"]
    centre.desk.issue(number_of(centre))
    centre.clock.moment += timedelta(minutes=30)
    errands(centre)
    assert now(kiosk, made)["invoice"]["lookup_code"]


def test_an_account_this_place_does_not_have_is_paid_at_the_counter(centre: Any, kiosk: Any, due: Any) -> None:
    """The settings name whose a fee is; without that account no code is made."""
    from dataclasses import replace

    house = centre.house
    bare = house.settings.model_copy(update={"accounts": ()})
    bill = centre.run(replace(house, settings=bare).sources["one-stop"].read(f"{due['id']}.01"))
    from gateway.payments.bills import keep
    from gateway.payments.lines import details_of

    with house.store.write() as transaction:
        kept = keep(replace(house, settings=bare), transaction, "one-stop", bill, None)
        assert details_of(house, kept).counter_only
