"""Attempts at a card terminal: kept before the terminal is told, resolved by status or by a person, never repeated."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.store.tables import cashier_tasks

PRICE = 122_500


@pytest.fixture
def world(make_world: Any) -> Any:
    return make_world()


@pytest.fixture
def intent(world: Any, own_bill: Any) -> dict[str, Any]:
    answer = world.intent(own_bill(world), "card")
    assert answer.status_code == 200, answer.text
    return answer.json()


def begin(world: Any, intent: dict[str, Any]) -> Any:
    return world.kiosk.post(f"/v1/payment-intents/{intent['id']}/card-attempts")


def say(world: Any, intent: dict[str, Any], attempt: dict[str, Any], outcome: str, **more: Any) -> Any:
    body = {"outcome": outcome, "at": world.gateway.clock.now().isoformat(), **more}
    return world.kiosk.post(f"/v1/payment-intents/{intent['id']}/card-attempts/{attempt['id']}", body)


def approve(world: Any, intent: dict[str, Any], attempt: dict[str, Any], amount: int = PRICE) -> Any:
    return say(world, intent, attempt, "approved", reference="RRN0001", approval_code="A1B2C3", amount=amount)


def open_tasks(world: Any) -> list[tuple[str, int]]:
    with world.gateway.house.store.read() as transaction:
        rows = transaction.all(cashier_tasks.select().where(cashier_tasks.c.closed_at.is_(None)))
        return [(row["kind"], row["amount"]) for row in rows]


def test_an_approved_purchase_pays_the_bill(world: Any, intent: dict[str, Any]) -> None:
    assert (intent["payload"], intent["method"]) == ("", "card")
    attempt = begin(world, intent).json()
    assert attempt["amount"] == PRICE and len(attempt["service_id"]) == 10
    paid = approve(world, intent, attempt).json()
    assert (paid["status"], paid["attempt"]["outcome"]) == ("paid", "approved")
    assert approve(world, intent, attempt).json()["amount_paid"] == PRICE


def test_there_is_no_second_attempt_before_the_first_has_an_outcome(world: Any, intent: dict[str, Any]) -> None:
    attempt = begin(world, intent).json()
    second = begin(world, intent)
    assert (second.status_code, second.json()["code"]) == (422, "TT-306")
    assert say(world, intent, attempt, "declined").json()["status"] == "qr-shown"
    assert begin(world, intent).status_code == 200


def test_a_kiosk_that_restarts_is_told_of_its_open_attempt(world: Any, intent: dict[str, Any]) -> None:
    attempt = begin(world, intent).json()
    world.turn(minutes=20)
    world.look()
    found = world.kiosk.get("/v1/payment-intents").json()["intents"]
    assert [(one["id"], one["status"], one["attempt"]["id"]) for one in found] == [
        (intent["id"], "unknown", attempt["id"])
    ]
    assert say(world, intent, attempt, "approved", reference="R9", amount=PRICE).json()["status"] == "paid-late"
    assert world.kiosk.get("/v1/payment-intents").json()["intents"] == [] and open_tasks(world) == []


def test_leaving_the_terminal_unanswered_asks_a_person_and_takes_no_other_money(
    world: Any, intent: dict[str, Any]
) -> None:
    attempt = begin(world, intent).json()
    left = say(world, intent, attempt, "unknown").json()
    assert (left["status"], left["ended"], left["for_cashier"]) == ("unknown", "no-answer", True)
    assert open_tasks(world) == [("card", PRICE)]
    assert world.intent(intent["bill_id"]).json()["code"] == "TT-301"
    resolved = say(world, intent, attempt, "not-found").json()
    assert (resolved["status"], resolved["ended"]) == ("failed", "declined")
    assert open_tasks(world) == [] and world.intent(intent["bill_id"]).status_code == 200


def test_cancelling_while_the_card_is_in_the_terminal_is_no_cancel(world: Any, intent: dict[str, Any]) -> None:
    attempt = begin(world, intent).json()
    left = world.kiosk.post(f"/v1/payment-intents/{intent['id']}/cancel").json()
    assert (left["status"], left["ended"]) == ("unknown", "no-answer")
    assert say(world, intent, attempt, "reversed").json()["status"] == "failed"


def test_an_outcome_is_never_taken_back(world: Any, intent: dict[str, Any]) -> None:
    attempt = begin(world, intent).json()
    approve(world, intent, attempt)
    assert say(world, intent, attempt, "declined").status_code == 422
    assert say(world, intent, attempt, "started").status_code == 422


def test_an_approval_without_its_reference_counts_for_nothing(world: Any, intent: dict[str, Any]) -> None:
    attempt = begin(world, intent).json()
    assert say(world, intent, attempt, "approved").status_code == 422
    assert world.now(intent)["amount_paid"] == 0


def test_a_code_and_a_card_are_never_open_together(world: Any, intent: dict[str, Any]) -> None:
    begin(world, intent)
    same = world.intent(intent["bill_id"], "qr").json()
    assert (same["id"], same["method"], same["payload"]) == (intent["id"], "card", "")


def test_another_kiosk_says_nothing_about_it(world: Any, intent: dict[str, Any]) -> None:
    attempt = begin(world, intent).json()
    other = world.gateway.kiosk("C")
    body = {"outcome": "declined", "at": world.gateway.clock.now().isoformat()}
    path = f"/v1/payment-intents/{intent['id']}/card-attempts/{attempt['id']}"
    assert other.post(path, body).status_code == 404
