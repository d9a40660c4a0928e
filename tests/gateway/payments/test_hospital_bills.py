"""Bills of the hospital's system, by either profile: found, held, changed or paid there meanwhile, handed over once."""

from __future__ import annotations

import json
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from gateway.api import events
from gateway.payments import refunds
from gateway.settings import Bank
from gateway.staff.money import Came, back_to_payer, came, entered_by_hand, page
from gateway.store.tables import bills, cashier_tasks, tickets
from simulators import citizens

LINES = [("Siêu âm ổ bụng", 100_000, 80_000), ("Xét nghiệm máu", 50_000, 0)]


@pytest.fixture(params=["rest", "fhir"])
def profile(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def world(make_world: Any, profile: str) -> Any:
    return make_world(hospital=profile)


@pytest.fixture
def holding(make_world: Any) -> Any:
    """A hospital that can hold a bill: FHIR has no such thing."""
    return make_world(hospital="rest")


@pytest.fixture
def charged(world: Any) -> Any:
    return world.his.charge("khang", LINES, title="Cận lâm sàng")


def found(world: Any, proven: Any) -> dict[str, Any]:
    return world.find(person=proven("khang"))["bills"][0]


def pay(world: Any, intent: dict[str, Any], amount: int | None = None, id: int = 1) -> None:
    answer = world.gateway.notice(f"x {intent['purpose']} y", amount or intent["amount"], id=id)
    assert answer.status_code == 200, answer.text


def test_whoever_the_chip_proves_sees_their_bills_with_every_line(world: Any, charged: Any, proven: Any) -> None:
    world.his.charge("khang", [("Tạm ứng", 500_000, 0)], advance=True)
    world.his.charge("hoa", LINES)
    advance, bill = world.find(person=proven("khang"))["bills"]
    assert (advance["kind"], advance["left"]) == ("advance", 500_000)
    assert (bill["title"], bill["amount"], bill["payable"]) == ("Cận lâm sàng", 70_000, True)
    assert [(line["name"], line["amount"], line["fund"]) for line in bill["lines"]] == [
        ("Siêu âm ổ bụng", 20_000, 80_000),
        ("Xét nghiệm máu", 50_000, 0),
    ]
    assert bill["breakdown"] == {"price": 150_000, "fund": 80_000, "patient": 70_000, "provisional": False}


def test_a_bill_keeps_the_day_its_hospital_issued_it(make_world: Any, proven: Any) -> None:
    world = make_world(hospital="rest")
    issued = world.gateway.clock.now()
    world.his.charge("khang", LINES)
    world.turn(days=3)
    assert found(world, proven)["issued_at"][:10] == f"{issued:%Y-%m-%d}"


def test_nobody_else_is_shown_anything(world: Any, charged: Any, proven: Any) -> None:
    world.gateway.evidence.verdict = type("V", (), {"level": None, "reason": ""})()
    assert world.kiosk.post("/v1/bills/find", {"person": proven("khang")}).status_code == 403


def test_a_code_shows_the_sum_and_no_line(world: Any, charged: Any) -> None:
    bill = world.find(code=world.his.number(charged).lower())["bills"][0]
    assert (bill["amount"], bill["lines"], bill["title"], bill["breakdown"]) == (70_000, [], "", None)
    intent = world.intent(bill["id"]).json()
    assert (intent["amount"], intent["lines"]) == (70_000, [])


def ask(kiosk: Any, code: str) -> httpx.Response:
    return kiosk.post("/v1/bills/find", {"code": code})


def test_who_guesses_numbers_is_stopped_for_an_hour_and_cards_go_on(
    world: Any, charged: Any, proven: Any, caplog: pytest.LogCaptureFixture
) -> None:
    most = world.gateway.house.settings.payments.bill_misses_per_hour
    tried = [ask(world.kiosk, f"PT9999-{number:05}").status_code for number in range(most)]
    assert tried == [200] * most
    world.turn(minutes=59, seconds=59)
    refused = ask(world.kiosk, world.his.number(charged))
    assert (refused.status_code, refused.json()["code"], refused.json()["detail"]) == (429, "TT-308", "1")
    assert "too many numbers" in caplog.text and "PT9999" not in caplog.text
    assert found(world, proven)["left"] == 70_000, "the chip proves who it is"
    assert ask(world.gateway.kiosk("C"), world.his.number(charged)).json()["bills"], "another kiosk is another count"
    world.turn(seconds=1)
    assert ask(world.kiosk, world.his.number(charged)).json()["bills"]


def test_who_counts_upwards_through_numbers_that_exist_is_stopped_too(make_world: Any) -> None:
    world = make_world(hospital="rest")
    number = world.his.number(world.his.charge("khang", LINES))
    most = world.gateway.house.settings.payments.bill_numbers_per_hour
    assert [ask(world.kiosk, number).status_code for _ in range(most + 1)] == [200] * most + [429]


def test_what_the_hospital_cannot_say_is_no_wrong_number(world: Any, charged: Any) -> None:
    world.hospital.outage = "error"
    for number in range(world.gateway.house.settings.payments.bill_misses_per_hour + 1):
        assert ask(world.kiosk, f"PT9999-{number:05}").json()["incomplete"] is True


def test_a_bill_that_another_kiosk_found_is_nothing_to_this_one(world: Any, charged: Any, proven: Any) -> None:
    bill = found(world, proven)
    other = world.gateway.kiosk("C")
    assert other.post("/v1/payment-intents", {"bill_id": bill["id"]}).status_code == 404


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_paid_bill_is_handed_over_once_and_brings_its_invoice(
    world: Any, charged: Any, proven: Any, when: str
) -> None:
    """Twice the line breaks: before the hospital carried it out, or after, when only the answer is lost."""
    intent = world.intent(found(world, proven)["id"]).json()
    pay(world, intent)
    pending = world.now(intent)
    assert (pending["status"], pending["hand_over_pending"], pending["invoice"]) == ("paid", True, None)
    assert pending["invoice_later"]["kind"] == "invoice"
    world.hospital.verbs()["lose"]({"begins": world.his.paying, "when": when, "count": 2})
    world.errands()
    assert len(world.his.payments()) == (1 if when == "after" else 0)
    assert world.now(intent)["hand_over_pending"] is True
    for _ in range(4):
        world.turn(seconds=20)
        world.errands()
    done = world.now(intent)
    assert done["hand_over_pending"] is False and done["version"] > pending["version"]
    assert done["invoice"]["number"].startswith("1C26THG") and len(done["invoice_code"]) == 10
    assert len(world.his.payments()) == 1
    assert found(world, proven)["status"] == "paid"


def heard(stream: Future[httpx.Response]) -> list[tuple[bool, bool]]:
    """What the kiosk was told, event by event: the hand-over is pending, the invoice is there."""
    lines = [line for line in stream.result(20).text.splitlines() if line.startswith("data: ")]
    told = [json.loads(line.removeprefix("data: ")) for line in lines]
    assert {each["status"] for each in told} == {"paid"}
    return [(each["hand_over_pending"], each["invoice"] is not None) for each in told]


def test_the_stream_of_a_paid_intent_goes_on_until_the_hospital_knows(world: Any, charged: Any, proven: Any) -> None:
    intent = world.intent(found(world, proven)["id"]).json()
    pay(world, intent)
    with ThreadPoolExecutor(1) as beside:
        stream = beside.submit(world.kiosk.get, f"/v1/payment-intents/{intent['id']}/events")
        with pytest.raises(TimeoutError):
            stream.result(0.3)
        world.errands()
        assert heard(stream) == [(True, False), (False, True)]


def test_a_hospital_that_stays_silent_holds_no_stream_open(
    world: Any, charged: Any, proven: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "TRAIL_SECONDS", 0.3)
    intent = world.intent(found(world, proven)["id"]).json()
    pay(world, intent)
    with ThreadPoolExecutor(1) as beside:
        stream = beside.submit(world.kiosk.get, f"/v1/payment-intents/{intent['id']}/events")
        assert heard(stream) == [(True, False)]


def test_what_is_handed_over_says_which_bill_how_much_and_by_which_transfer(make_world: Any, proven: Any) -> None:
    world = make_world(hospital="fhir")
    bill = world.his.charge("khang", LINES)
    pay(world, world.intent(found(world, proven)["id"]).json(), id=77)
    world.errands()
    (notice,) = world.his.payments()
    assert notice["request"] == {"reference": f"Invoice/{bill}"}
    assert notice["amount"] == {"value": 70_000, "currency": "VND"}
    assert notice["paymentStatus"]["coding"][0]["code"] == "paid"
    assert notice["payment"]["identifier"]["value"] == "sepay:77"


def test_an_advance_is_paid_and_handed_over_as_a_bill_is(world: Any, proven: Any) -> None:
    world.his.charge("khang", [("Tạm ứng", 500_000, 0)], advance=True)
    advance = found(world, proven)
    intent = world.intent(advance["id"]).json()
    assert (intent["kind"], intent["amount"]) == ("advance", 500_000)
    pay(world, intent)
    world.errands()
    assert world.now(intent)["hand_over_pending"] is False
    assert len(world.his.payments()) == 1


@pytest.fixture
def late(world: Any, charged: Any, proven: Any) -> Any:
    """Somebody paid by a code; until the money was known the bill was paid at the till as well."""
    intent = world.intent(found(world, proven)["id"]).json()
    world.kiosk.post(f"/v1/payment-intents/{intent['id']}/cancel")
    world.errands()
    world.his.pay(charged)
    pay(world, intent)
    world.errands()
    return intent


def tasks(world: Any) -> list[tuple[str, int]]:
    with world.gateway.house.store.read() as transaction:
        return [(each.kind.value, each.amount) for each in page(world.gateway.house, transaction, "lan").tasks]


def decide(world: Any, decision: Any) -> None:
    with world.gateway.house.store.write() as transaction:
        (task,) = page(world.gateway.house, transaction, "lan").tasks
        decision(world.gateway.house, transaction, task.id, "lan")


def test_what_the_hospital_does_not_take_is_one_question_for_the_cashier(world: Any, late: Any) -> None:
    for _ in range(3):
        world.turn(seconds=901)
        world.errands()
    assert tasks(world) == [("hand-over", 70_000)]
    assert world.his.payments() == []
    now = world.now(late)
    assert (now["hand_over_pending"], now["for_cashier"]) == (True, True)


def test_a_bill_that_became_another_one_is_not_taken_either(world: Any, charged: Any, proven: Any) -> None:
    intent = world.intent(found(world, proven)["id"]).json()
    pay(world, intent)
    world.his.change(charged, 90_000)
    world.errands()
    assert tasks(world) == [("hand-over", 70_000)]
    world.his.change(charged, 70_000)
    world.turn(seconds=901)
    world.errands()
    assert tasks(world) == [] and len(world.his.payments()) == 1, "taken after all, it is nobody's question"


def test_what_the_cashier_entered_there_is_not_told_again(world: Any, late: Any) -> None:
    decide(world, entered_by_hand)
    world.turn(seconds=901)
    world.errands()
    assert tasks(world) == [] and world.his.payments() == []
    assert (world.now(late)["status"], world.now(late)["hand_over_pending"]) == ("paid-late", False)


def test_money_that_the_hospital_did_not_need_goes_back_and_the_bill_is_what_the_hospital_says(
    world: Any, charged: Any, proven: Any
) -> None:
    intent = world.intent(found(world, proven)["id"]).json()
    pay(world, intent)
    world.his.change(charged, 90_000)
    world.errands()
    decide(world, back_to_payer)
    assert tasks(world) == [("refund", 70_000)]
    again = found(world, proven)
    assert (again["status"], again["left"]) == ("open", 90_000)
    second = world.intent(again["id"]).json()
    pay(world, second, id=2)
    world.errands()
    assert world.now(second)["hand_over_pending"] is False
    assert len(world.his.payments()) == 1 and tasks(world) == [("refund", 70_000)]


def test_a_visit_that_the_hospital_struck_gives_its_money_back_and_keeps_its_number(
    holding: Any, own_bill: Any
) -> None:
    bill = own_bill(holding)
    house, intent = holding.gateway.house, holding.intent(bill).json()
    with house.store.read() as transaction:
        check_in = transaction.one(select(bills).where(bills.c.id == bill))["check_in_id"]
        ticket = dict(transaction.one(select(tickets).where(tickets.c.check_in_id == check_in)))
    holding.till.store.put(
        "INSERT INTO registrations (asked, state, version, body) VALUES (?, 'HUY', 1, '{}')", check_in
    )
    pay(holding, intent)
    holding.errands()
    assert tasks(holding) == [("hand-over", intent["amount"])]
    decide(holding, back_to_payer)
    assert tasks(holding) == [("refund", intent["amount"])]
    assert holding.intent(bill).status_code == 422, "nobody is asked for it again"
    with house.store.read() as transaction:
        now = transaction.one(select(tickets).where(tickets.c.id == ticket["id"]))
    assert (now["number"], now["status"]) == (ticket["number"], "waiting")


def test_a_refused_refund_of_a_part_pays_the_bill_where_the_rest_is_there(
    world: Any, charged: Any, proven: Any
) -> None:
    house, intent = world.gateway.house, world.intent(found(world, proven)["id"]).json()
    world.kiosk.post(f"/v1/payment-intents/{intent['id']}/cancel")
    pay(world, intent, 30_000)
    with house.store.write() as transaction:
        (task,) = page(house, transaction, "lan").tasks
        refunds.request(house, transaction, task.id, "lan", "khách chuyển nhầm")
    pay(world, world.intent(intent["bill_id"]).json(), 40_000, id=2)
    with house.store.write() as transaction:
        (asked,) = page(house, transaction, "mai").refunds
        refunds.decide(house, transaction, asked.id, "mai", approve=False)
    assert (found(world, proven)["status"], tasks(world)) == ("paid", [])


def test_a_refused_refund_of_a_part_is_too_much_where_the_bill_was_paid_meanwhile(
    world: Any, charged: Any, proven: Any
) -> None:
    house, intent = world.gateway.house, world.intent(found(world, proven)["id"]).json()
    world.kiosk.post(f"/v1/payment-intents/{intent['id']}/cancel")
    pay(world, intent, 30_000)
    with house.store.write() as transaction:
        (task,) = page(house, transaction, "lan").tasks
        refunds.request(house, transaction, task.id, "lan", "khách chuyển nhầm")
    pay(world, world.intent(intent["bill_id"]).json(), id=2)
    with house.store.write() as transaction:
        (asked,) = page(house, transaction, "mai").refunds
        refunds.decide(house, transaction, asked.id, "mai", approve=False)
    assert tasks(world) == [("refund", 30_000)], "it is not the bill's, and a person still sees it"


def test_an_invoice_that_comes_later_is_asked_for_until_it_is_there(world: Any, charged: Any, proven: Any) -> None:
    world.his.withhold_invoices()
    intent = world.intent(found(world, proven)["id"]).json()
    pay(world, intent)
    world.errands()
    world.errands()
    assert world.now(intent)["invoice"] is None and not world.now(intent)["hand_over_pending"]
    world.his.issue()
    world.turn(seconds=10)
    world.errands()
    assert world.now(intent)["invoice"]["lookup_code"]


def test_while_a_code_is_shown_the_till_takes_no_money(holding: Any, proven: Any) -> None:
    charged = holding.his.charge("khang", LINES)
    bill = found(holding, proven)
    intent = holding.intent(bill["id"]).json()
    held = {"MA_PHIEU": str(charged), "PHIEN_BAN": "1", "NGUOI_GIU": "the till", "DEN": "209912310000"}
    assert holding.till.hold(held)[0] == "409"
    holding.kiosk.post(f"/v1/payment-intents/{intent['id']}/cancel")
    holding.errands()
    assert holding.till.hold(held)[0] == "000"


def test_a_bill_that_the_till_holds_is_not_asked_money_for(holding: Any, proven: Any) -> None:
    charged = holding.his.charge("khang", LINES)
    bill = found(holding, proven)
    holding.till.hold({"MA_PHIEU": str(charged), "PHIEN_BAN": "1", "NGUOI_GIU": "the till", "DEN": "209912310000"})
    answer = holding.intent(bill["id"])
    assert (answer.status_code, answer.json()["code"]) == (422, "TT-305")


def test_a_bill_that_changed_since_it_was_found_is_paid_as_it_is_now(world: Any, charged: Any, proven: Any) -> None:
    bill = found(world, proven)
    world.his.change(charged, 90_000)
    assert world.intent(bill["id"]).json()["amount"] == 90_000


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (("change", 90_000), "bill-changed"),
        (("pay",), "paid-elsewhere"),
        (("cancel",), "bill-cancelled"),
    ],
)
def test_what_happens_to_the_bill_ends_the_code_and_says_why(
    world: Any, charged: Any, proven: Any, happens: Any, reason: str
) -> None:
    intent = world.intent(found(world, proven)["id"]).json()
    verb, *amount = happens
    getattr(world.his, verb)(charged, *amount)
    world.bills()
    now = world.now(intent)
    assert (now["status"], now["ended"]) == ("cancelled", reason)


def test_money_for_a_bill_paid_elsewhere_goes_back(world: Any, charged: Any, proven: Any) -> None:
    intent = world.intent(found(world, proven)["id"]).json()
    world.his.pay(charged)
    world.bills()
    pay(world, intent)
    now = world.now(intent)
    assert (now["amount_paid"], now["for_cashier"]) == (70_000, True)
    assert world.intent(now["bill_id"]).json()["code"] == "TT-304"


def test_a_bill_that_became_smaller_than_what_came_is_paid_and_the_rest_goes_back(
    world: Any, charged: Any, proven: Any
) -> None:
    intent = world.intent(found(world, proven)["id"]).json()
    pay(world, intent, 60_000)
    world.his.change(charged, 50_000)
    world.bills()
    with world.gateway.house.store.read() as transaction:
        assert [row["status"] for row in transaction.all(bills.select())] == ["paid"]
        open_ones = [row for row in transaction.all(cashier_tasks.select()) if row["closed_at"] is None]
        assert [(row["kind"], row["amount"]) for row in open_ones] == [("refund", 10_000)]


@pytest.mark.parametrize("outage", ["error", "rubbish", "closed"])
def test_nobody_pays_a_bill_that_cannot_be_read_again(world: Any, charged: Any, proven: Any, outage: str) -> None:
    bill = found(world, proven)
    world.hospital.outage = outage
    answer = world.intent(bill["id"])
    assert (answer.status_code, answer.json()["code"]) == (503, "TT-305")
    assert world.find(person=proven("khang"))["incomplete"] is True


def test_by_the_slip_of_a_visit_its_own_bill_is_shown_whole_and_others_without_lines(make_world: Any) -> None:
    world = make_world(hospital="rest")
    world.his.charge("khang", LINES)
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


def test_lines_for_several_accounts_are_paid_part_after_part(make_world: Any, proven: Any, profile: str) -> None:
    treasury = Bank(
        id="kho-bac",
        name="Kho bạc Nhà nước",
        bin="999998",
        account="3511000001",
        account_name="KHO BAC NHA NUOC",
        provider="cashier",
    )
    world = make_world(hospital=profile, accounts=(treasury,))
    world.his.charge("khang", [("Phí dịch vụ", 30_000, 0), ("Lệ phí", 20_000, 0, "kho-bac", "Kho bạc")])
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
    (paid,) = world.his.payments()
    if profile == "rest":
        assert [part["TAI_KHOAN"] for part in paid["GIAO_DICH"]] == ["main", "kho-bac"]
    else:
        assert paid["payment"]["identifier"]["value"] == "sepay:1,cashier:KB0001"


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
