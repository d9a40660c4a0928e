"""What the cashier decides: refunds with four eyes, the rest in cash, orphans; and the report of a day."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from gateway.payments import refunds
from gateway.payments.report import Standing, report, write_csv
from gateway.problems import Refused
from gateway.staff import money
from gateway.store import tables

PRICE = 122_500


@pytest.fixture
def world(make_world: Any) -> Any:
    return make_world()


@pytest.fixture
def intent(world: Any, own_bill: Any) -> dict[str, Any]:
    return world.intent(own_bill(world)).json()


def do(world: Any, work: Any, *values: Any, **named: Any) -> Any:
    with world.gateway.house.store.write() as transaction:
        return work(world.gateway.house, transaction, *values, **named)


def page(world: Any, who: str = "lan") -> Any:
    with world.gateway.house.store.read() as transaction:
        return money.page(world.gateway.house, transaction, who)


def status(world: Any, intent: dict[str, Any]) -> tuple[str, str]:
    with world.gateway.house.store.read() as transaction:
        bill = transaction.one(tables.bills.select().where(tables.bills.c.id == intent["bill_id"]))
    return bill["status"], world.now(intent)["status"]


def test_a_refund_is_asked_for_approved_by_another_and_done_with_evidence(world: Any, intent: dict[str, Any]) -> None:
    world.gateway.notice(intent["purpose"], PRICE + 20_000)
    (task,) = page(world).tasks
    assert (task.kind.value, task.amount) == ("refund", 20_000)
    assert do(world, refunds.request, task.id, "lan", "Khách chuyển thừa") == "HT-0001"
    assert status(world, intent) == ("paid", "refund-requested")
    (line,) = page(world).refunds
    assert (line.mine, line.reason, page(world, "mai").refunds[0].mine) == (True, "Khách chuyển thừa", False)
    with pytest.raises(Refused, match="Another person"):
        do(world, refunds.decide, line.id, "lan", approve=True)
    with pytest.raises(Refused, match="requested"):
        do(world, refunds.done, line.id, "mai", "FT99")
    do(world, refunds.decide, line.id, "mai", approve=True)
    with pytest.raises(Refused, match="evidence"):
        do(world, refunds.done, line.id, "lan", " ")
    do(world, refunds.done, line.id, "lan", "FT2699001")
    assert page(world).tasks == () and page(world).refunds == ()
    assert status(world, intent) == ("paid", "refunded")


def test_the_database_itself_holds_that_another_person_decides(world: Any, intent: dict[str, Any]) -> None:
    world.gateway.notice(intent["purpose"], PRICE + 1)
    do(world, refunds.request, page(world).tasks[0].id, "lan", "thừa")
    with pytest.raises(IntegrityError):
        do(world, lambda house, transaction: transaction.execute(update(tables.refunds).values(decided_by="lan")))


def test_a_refused_refund_leaves_its_task_and_may_be_asked_for_again(world: Any, intent: dict[str, Any]) -> None:
    world.gateway.notice(intent["purpose"], PRICE + 1)
    task = page(world).tasks[0]
    do(world, refunds.request, task.id, "lan", "thừa")
    with pytest.raises(Refused, match="already"):
        do(world, refunds.request, task.id, "mai", "thừa")
    do(world, refunds.decide, page(world).refunds[0].id, "mai", approve=False)
    assert [one.id for one in page(world).tasks] == [task.id]
    assert do(world, refunds.request, task.id, "mai", "thừa") == "HT-0002"


def test_the_rest_is_taken_in_cash_and_pays_the_bill(world: Any, intent: dict[str, Any]) -> None:
    world.gateway.notice(intent["purpose"], 100_000)
    world.kiosk.post(f"/v1/payment-intents/{intent['id']}/cancel")
    (task,) = page(world).tasks
    assert (task.kind.value, task.amount) == ("underpaid", 100_000)
    do(world, money.rest_at_desk, task.id, "lan")
    assert status(world, intent) == ("paid", "paid-late") and page(world).tasks == ()


def test_too_little_money_goes_back_and_the_bill_is_owed_whole(world: Any, intent: dict[str, Any]) -> None:
    world.gateway.notice(intent["purpose"], 100_000)
    world.kiosk.post(f"/v1/payment-intents/{intent['id']}/cancel")
    do(world, refunds.request, page(world).tasks[0].id, "lan", "Khách trả tiền mặt")
    assert world.intent(intent["bill_id"]).json()["amount"] == PRICE


def test_orphan_money_is_given_to_its_bill(world: Any, intent: dict[str, Any]) -> None:
    world.gateway.notice("cam on benh vien", PRICE)
    (task,) = page(world).tasks
    with pytest.raises(Refused, match="no such bill"):
        do(world, money.give_to_bill, task.id, "VT-9999", "lan")
    do(world, money.give_to_bill, task.id, " vt-0001", "lan")
    assert status(world, intent) == ("paid", "paid") and page(world).tasks == ()


def test_a_claim_without_money_makes_the_bill_payable_again(world: Any, intent: dict[str, Any]) -> None:
    world.kiosk.post(f"/v1/payment-intents/{intent['id']}/claim")
    world.turn(minutes=16)
    world.look()
    assert world.intent(intent["bill_id"]).json()["code"] == "TT-301"
    do(world, money.nothing_came, page(world).tasks[0].id, "lan")
    assert world.intent(intent["bill_id"]).status_code == 200


def test_the_report_tells_what_each_side_has(world: Any, intent: dict[str, Any], own_bill: Any) -> None:
    gateway, day = world.gateway, world.gateway.clock.now().date()
    for id in (1, 2, 3):
        gateway.notice("x", 1000 * id, id=id)
    listed = [
        gateway.money("x", 1000, id="1"),
        gateway.money("x", 2500, id="2"),
        gateway.money(intent["purpose"], PRICE, id="9"),
    ]
    other_day = replace(gateway.money("x", 7, id="7"), at=gateway.clock.now().replace(day=22))
    gateway.bank.listed = [*listed, other_day, replace(gateway.money("x", 5, id="5"), incoming=False)]
    made = gateway.client.run(report(gateway.house, day))
    assert {line.id: line.standing for line in made.lines} == {
        "1": Standing.MATCHED,
        "2": Standing.DIFFERENT,
        "3": Standing.MISSING_THERE,
        "9": Standing.MISSING_HERE,
    }
    assert not made.agrees and status(world, intent) == ("paid", "paid")
    kinds = sorted(task.kind.value for task in page(world).tasks)
    assert kinds == ["different", "missing", "orphan", "orphan", "orphan"]
    again = gateway.client.run(report(gateway.house, day))
    assert again.count(Standing.MISSING_HERE) == 0 and len(page(world).tasks) == len(kinds)
    out = io.StringIO()
    write_csv(made.lines, out)
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert {row["transaction"]: (row["counted_here"], row["listed_there"], row["bill"]) for row in rows}["9"] == (
        "", str(PRICE), "VT-0001",
    )  # fmt: skip


def test_a_report_of_a_provider_that_does_not_answer_says_so(world: Any) -> None:
    world.gateway.bank.down = True
    made = world.gateway.client.run(report(world.gateway.house, world.gateway.clock.now().date()))
    assert made.unreached == ("main",) and made.lines == ()


def test_an_order_keeping_provider_is_compared_order_by_order(make_world: Any, own_bill: Any) -> None:
    world = make_world(payos=True)
    intent = world.intent(own_bill(world)).json()
    moved = world.channel.pay(next(iter(world.channel.orders.values())).virtual, PRICE)
    made = world.gateway.client.run(report(world.gateway.house, world.gateway.clock.now().date()))
    assert [(line.id, line.standing) for line in made.lines] == [(moved["reference"], Standing.MISSING_HERE)]
    assert status(world, intent) == ("paid", "paid")


def test_only_cashiers_and_supervisors_see_the_page(world: Any) -> None:
    assert world.gateway.client.get("/staff/money/state").status_code in {303, 401}
