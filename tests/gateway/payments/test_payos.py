"""payOS: orders made once, notifications believed only when they are signed, lost answers looked up."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.payments.payos import signature
from services.codes.vietqr import decode
from services.contract.models import PaymentStatus
from simulators.bank import code as bank_code

PRICE = 122_500


@pytest.fixture
def world(make_world: Any) -> Any:
    return make_world(payos=True)


@pytest.fixture
def bill(world: Any, own_bill: Any) -> str:
    return own_bill(world)


def made(world: Any, bill: str) -> dict[str, Any]:
    answer = world.intent(bill)
    assert answer.status_code == 200, answer.text
    return answer.json()


def pay(world: Any, intent: dict[str, Any], amount: int = PRICE, **how: Any) -> dict[str, Any]:
    return world.channel.pay(bank_code.read(intent["payload"]).account, amount, **how)


def test_the_signature_of_a_request_is_that_of_the_vendors_own_case() -> None:
    fields = {"amount": 2000, "cancelUrl": "http://localhost", "description": "Thanh toán đơn hàng",
              "orderCode": 0, "returnUrl": "http://localhost"}  # fmt: skip
    expected = "d8b7b0e5d19edfe7b1f53dedeb8d1c7c2b62fabd7eb320dbc514c58f13e9e2c5"
    assert signature.of_create("test_checksum_key", fields) == expected


def test_the_code_is_the_providers_own_and_names_its_account(world: Any, bill: str) -> None:
    intent = made(world, bill)
    read = decode(intent["payload"])
    assert (read.dong, read.purpose) == (PRICE, intent["purpose"])
    assert intent["account_name"] == "BENH VIEN DA KHOA HOA GIANG"
    assert read.account.endswith(intent["account_last4"]) and read.account != "1903550744471"


def test_a_notification_pays_and_a_second_one_changes_nothing(world: Any, bill: str) -> None:
    intent = made(world, bill)
    moved = pay(world, intent)
    assert world.notify(moved) == 200
    assert world.notify(moved) == 200
    now = world.now(intent)
    assert (now["status"], now["amount_paid"], now["ended"]) == ("paid", PRICE, "paid")


def test_a_field_that_is_new_does_not_break_a_notification(world: Any, bill: str) -> None:
    intent = made(world, bill)
    notice = world.channel.notice(pay(world, intent))
    data = {**notice["data"], "somethingNew": [{"b": 1, "a": None}], "flag": True}
    notice |= {"data": data, "signature": signature.of_data("secret-key", data)}
    assert world.gateway.client.post("/v1/webhooks/bank", json=notice).status_code == 200
    assert world.now(intent)["status"] == "paid"


def test_forged_and_altered_notifications_are_refused(world: Any, bill: str, caplog: Any) -> None:
    intent = made(world, bill)
    notice = world.channel.notice(pay(world, intent))
    for wrong in (
        notice | {"signature": "0" * 64},
        notice | {"signature": None},
        notice | {"data": notice["data"] | {"amount": 1}},
        {key: value for key, value in notice.items() if key != "signature"},
        {"data": [1], "signature": "x"},
    ):
        assert world.gateway.client.post("/v1/webhooks/bank", json=wrong).status_code == 401
    assert world.now(intent)["status"] == "created"
    assert caplog.text.count("a notification was refused") == 5


def test_the_trial_notification_of_a_registered_address_is_answered(world: Any) -> None:
    data = {"orderCode": 123, "amount": 3000, "reference": "TF230204212323", "code": "00"}
    trial = {"data": data, "signature": signature.of_data("secret-key", data)}
    assert world.gateway.client.post("/v1/webhooks/bank", json=trial).status_code == 200


def test_a_lost_answer_of_create_is_looked_up_and_never_leaves_two_live_orders(world: Any, bill: str) -> None:
    world.payos.verbs()["lose"]({"begins": "POST /v2/payment-requests", "when": "after", "count": 1})
    first = world.intent(bill)
    assert (first.status_code, first.json()["code"]) == (503, "TT-302")
    intent = made(world, bill)
    live = [each for each in world.channel.orders.values() if world.channel.status(each) == "PENDING"]
    assert [each.amount for each in live] == [PRICE] and live[0].virtual in intent["payload"]


def test_where_the_provider_repeats_its_code_the_very_order_is_used(world: Any, bill: str) -> None:
    world.channel.repeats_code = True
    world.payos.verbs()["lose"]({"begins": "POST /v2/payment-requests", "when": "after", "count": 1})
    assert world.intent(bill).status_code == 503
    intent = made(world, bill)
    assert len(world.channel.orders) == 1 and intent["payload"]


def test_a_request_that_never_arrived_is_made_at_the_second_ask(world: Any, bill: str) -> None:
    world.payos.verbs()["lose"]({"begins": "POST /v2/payment-requests", "when": "before", "count": 1})
    assert world.intent(bill).status_code == 503
    made(world, bill)
    assert len(world.channel.orders) == 1


def test_leaving_closes_the_order_at_the_provider(world: Any, bill: str) -> None:
    intent = made(world, bill)
    cancelled = world.kiosk.post(f"/v1/payment-intents/{intent['id']}/cancel").json()
    assert (cancelled["status"], cancelled["ended"]) == ("cancelled", "left")
    world.errands()
    assert [world.channel.status(each) for each in world.channel.orders.values()] == ["CANCELLED"]
    with pytest.raises(ValueError, match="đã đóng"):
        pay(world, intent)


def test_an_order_that_could_not_be_closed_is_closed_later(world: Any, bill: str) -> None:
    intent = made(world, bill)
    world.payos.outage = "error"
    world.kiosk.post(f"/v1/payment-intents/{intent['id']}/cancel")
    world.errands()
    assert world.intent(bill).status_code == 503
    world.payos.outage = "none"
    world.turn(seconds=3)
    world.errands()
    assert [world.channel.status(each) for each in world.channel.orders.values()] == ["CANCELLED"]
    assert made(world, bill)["id"] != intent["id"]


def test_money_that_crossed_with_the_cancel_finds_its_bill(world: Any, bill: str) -> None:
    intent = made(world, bill)
    pay(world, intent)
    world.kiosk.post(f"/v1/payment-intents/{intent['id']}/cancel")
    world.errands()
    assert world.now(intent)["status"] == "paid-late"


def test_lost_notifications_are_found_by_the_query(world: Any, bill: str) -> None:
    intent = made(world, bill)
    pay(world, intent, 100_000)
    world.turn(seconds=11)
    world.look()
    assert (world.now(intent)["status"], world.now(intent)["amount_paid"]) == ("underpaid", 100_000)
    pay(world, intent, 30_000)
    world.turn(seconds=21)
    world.look()
    now = world.now(intent)
    assert (now["status"], now["amount_paid"], now["for_cashier"]) == ("overpaid", 130_000, True)


def test_an_order_cancelled_at_the_provider_ends_the_intent_with_its_reason(world: Any, bill: str) -> None:
    intent = made(world, bill)
    world.channel.cancel(str(next(iter(world.channel.orders))), "by hand")
    world.turn(seconds=11)
    world.look()
    now = world.now(intent)
    assert (now["status"], now["ended"]) == (PaymentStatus.CANCELLED.value, "provider")


def test_an_answer_that_is_not_signed_counts_for_nothing(world: Any, bill: str) -> None:
    intent = made(world, bill)
    pay(world, intent)
    world.channel.sign = lambda data: "0" * 64
    world.turn(seconds=11)
    world.look()
    assert world.now(intent)["amount_paid"] == 0


def test_a_code_for_another_sum_is_never_shown(world: Any, bill: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import simulators.payos.channel as stand_in

    right = stand_in._vietqr
    monkeypatch.setattr(stand_in, "_vietqr", lambda bin, account, amount, text: right(bin, account, amount + 1, text))
    assert world.intent(bill).status_code == 503
    assert [world.channel.status(each) for each in world.channel.orders.values()] == ["CANCELLED"]
