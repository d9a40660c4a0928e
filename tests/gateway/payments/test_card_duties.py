"""A card purchase of today goes back at its terminal, and the terminal's batch is compared with what was counted."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest

from gateway.payments import duties, refunds
from gateway.payments.report import Standing, report
from gateway.problems import Refused
from gateway.staff import cashier, money

PRICE = 122_500


@pytest.fixture
def world(make_world: Any) -> Any:
    return make_world()


def do(world: Any, work: Any, *values: Any, **named: Any) -> Any:
    with world.gateway.house.store.write() as transaction:
        return work(world.gateway.house, transaction, *values, **named)


def page(world: Any) -> Any:
    with world.gateway.house.store.read() as transaction:
        return money.page(world.gateway.house, transaction, "lan")


def by_card(world: Any, bill: str) -> dict[str, Any]:
    intent = world.intent(bill, "card").json()
    attempt = world.kiosk.post(f"/v1/payment-intents/{intent['id']}/card-attempts").json()
    return {**intent, "attempt": attempt}


def approve(world: Any, intent: dict[str, Any]) -> None:
    body = {"outcome": "approved", "reference": "RRN1", "amount": PRICE, "at": world.gateway.clock.now().isoformat()}
    path = f"/v1/payment-intents/{intent['id']}/card-attempts/{intent['attempt']['id']}"
    assert world.kiosk.post(path, body).status_code == 200


@pytest.fixture
def twice(world: Any, own_bill: Any) -> dict[str, Any]:
    """Paid in cash while the card was in the terminal: the whole card purchase goes back, approved by two people."""
    bill = own_bill(world)
    intent = by_card(world, bill)
    do(world, cashier.take_money, bill, "lan")
    approve(world, intent)
    do(world, refunds.request, page(world).tasks[0].id, "lan", "đã trả tiền mặt")
    do(world, refunds.decide, page(world).refunds[0].id, "mai", approve=True)
    return intent


def waiting(kiosk: Any) -> list[dict[str, Any]]:
    return kiosk.get("/v1/card-duties").json()["duties"]


def say(world: Any, duty: dict[str, Any], outcome: str, **more: Any) -> int:
    return world.kiosk.post(f"/v1/card-duties/{duty['id']}", {"outcome": outcome, **more}).status_code


def lines(world: Any) -> list[tuple[Standing, int | None, int | None]]:
    made = world.gateway.client.run(report(world.gateway.house, world.gateway.clock.now().date()))
    return [(line.standing, line.ours, line.theirs) for line in made.lines if line.provider == "card-batch"]


def test_the_terminal_that_charged_takes_it_back_and_the_refund_is_done(world: Any, twice: dict[str, Any]) -> None:
    (refund,) = page(world).refunds
    assert refund.terminal == "may" and waiting(world.kiosk) == []
    do(world, duties.ask_reversal, refund.id, "lan")
    assert page(world).refunds[0].terminal == "waiting"
    (duty,) = waiting(world.kiosk)
    assert (duty["kind"], duty["attempt"]["service_id"]) == ("reverse", twice["attempt"]["service_id"])
    assert waiting(world.gateway.kiosk("C")) == [], "another kiosk's terminal is another's"
    assert say(world, duty, "begun") == 200 and waiting(world.kiosk)[0]["begun"] is True
    assert say(world, duty, "done", reference="R0000001") == 200
    assert say(world, duty, "refused") == 200, "said later it changes nothing"
    assert page(world).refunds == () and page(world).tasks == () and waiting(world.kiosk) == []
    assert world.now(twice)["status"] == "refunded"


def test_what_the_terminal_does_not_take_back_goes_another_way(world: Any, twice: dict[str, Any]) -> None:
    (refund,) = page(world).refunds
    do(world, duties.ask_reversal, refund.id, "lan")
    say(world, waiting(world.kiosk)[0], "refused")
    assert page(world).refunds[0].terminal == "refused"
    with pytest.raises(Refused, match="not waiting"):
        do(world, duties.ask_reversal, refund.id, "lan")
    do(world, duties.done_by_hand, refund.id, "lan", "PC-0012")
    assert page(world).refunds == ()


def test_nobody_gives_back_by_hand_what_the_terminal_may_still_take_back(world: Any, twice: dict[str, Any]) -> None:
    (refund,) = page(world).refunds
    do(world, duties.ask_reversal, refund.id, "lan")
    with pytest.raises(Refused, match="wait for what it says"):
        do(world, duties.done_by_hand, refund.id, "lan", "PC-0012")
    say(world, waiting(world.kiosk)[0], "done", reference="R0000001")
    with pytest.raises(Refused):
        do(world, duties.done_by_hand, refund.id, "lan", "PC-0012")
    assert world.now(twice)["status"] == "refunded"


def test_a_closing_nobody_knows_of_is_asked_for_again_by_a_person_only(world: Any, twice: dict[str, Any]) -> None:
    do(world, duties.ask_closing, "lan")
    say(world, waiting(world.kiosk)[0], "unknown")
    assert page(world).refunds[0].terminal == "", "what may be settled is not taken back"
    assert do(world, duties.ask_closing, "lan") == 1
    world.turn(seconds=1)
    say(world, waiting(world.kiosk)[0], "done", purchased=PRICE, reversed=0)
    assert do(world, duties.ask_closing, "lan") == 0


def test_only_a_purchase_of_today_and_of_the_open_batch_is_taken_back(world: Any, twice: dict[str, Any]) -> None:
    do(world, duties.ask_closing, "lan")
    say(world, waiting(world.kiosk)[0], "done", purchased=PRICE, reversed=0)
    (refund,) = page(world).refunds
    assert refund.terminal == ""
    with pytest.raises(Refused, match="open batch"):
        do(world, duties.ask_reversal, refund.id, "lan")


def test_the_closed_batch_stands_in_the_days_report(world: Any, twice: dict[str, Any], own_bill: Any) -> None:
    approve(world, by_card(world, own_bill(world)))
    do(world, duties.ask_reversal, page(world).refunds[0].id, "lan")
    assert do(world, duties.ask_closing, "lan") == 1 and do(world, duties.ask_closing, "lan") == 0
    back, closing = waiting(world.kiosk)
    assert (back["kind"], closing["kind"]) == ("reverse", "close-batch"), "before its batch is closed"
    say(world, back, "done")
    assert lines(world) == [(Standing.NOT_LISTED, PRICE, None)]
    world.turn(seconds=1)
    say(world, closing, "done", purchased=2 * PRICE, reversed=PRICE)
    assert lines(world) == [(Standing.MATCHED, PRICE, PRICE)]
    assert [(each.kiosk, each.outcome, each.ours, each.theirs) for each in page(world).batches] == [
        ("B", "done", PRICE, PRICE)
    ]
    world.turn(seconds=1)
    approve(world, by_card(world, own_bill(world)))
    assert do(world, duties.ask_closing, "lan") == 1
    world.turn(seconds=1)
    say(world, waiting(world.kiosk)[0], "done", purchased=0, reversed=0)
    assert lines(world)[-1] == (Standing.DIFFERENT, PRICE, 0)


def test_a_place_closes_its_batches_at_its_hour_once(make_world: Any, own_bill: Any) -> None:
    world = make_world()
    settings = world.gateway.house.settings
    evening = settings.model_copy(update={"payments": settings.payments.model_copy(update={"card_batch_at": time(21)})})
    object.__setattr__(world.gateway.house, "settings", evening)
    approve(world, by_card(world, own_bill(world)))
    duties.close_in_the_evening(world.gateway.house)
    assert waiting(world.kiosk) == []
    world.turn(hours=9, minutes=1)
    for _ in range(2):
        duties.close_in_the_evening(world.gateway.house)
        assert [each["kind"] for each in waiting(world.kiosk)] == ["close-batch"]
    say(world, waiting(world.kiosk)[0], "refused")
    duties.close_in_the_evening(world.gateway.house)
    assert waiting(world.kiosk) == [], "a person says so next"


def test_the_next_batch_tells_whether_a_closing_nobody_knows_of_happened(
    world: Any, twice: dict[str, Any], own_bill: Any
) -> None:
    for happened in (False, True):
        do(world, duties.ask_closing, "lan")
        say(world, waiting(world.kiosk)[0], "begun")
        world.turn(seconds=1)
        say(world, waiting(world.kiosk)[0], "unknown")
        approve(world, by_card(world, own_bill(world)))
        world.turn(seconds=1)
        assert do(world, duties.ask_closing, "lan") == 1
        say(world, waiting(world.kiosk)[0], "begun")
        bought = PRICE if happened else 2 * PRICE
        say(world, waiting(world.kiosk)[0], "done", purchased=bought, reversed=0)
        assert lines(world)[-1] == (Standing.MATCHED, bought, bought)
        world.turn(seconds=1)
        approve(world, by_card(world, own_bill(world)))
    assert not [line for line in lines(world) if line[0] is Standing.DIFFERENT]


def test_a_batch_of_another_sum_is_still_said_behind_a_closing_nobody_knows_of(
    world: Any, twice: dict[str, Any], own_bill: Any
) -> None:
    do(world, duties.ask_closing, "lan")
    say(world, waiting(world.kiosk)[0], "unknown")
    world.turn(seconds=1)
    approve(world, by_card(world, own_bill(world)))
    do(world, duties.ask_closing, "lan")
    world.turn(seconds=1)
    say(world, waiting(world.kiosk)[0], "done", purchased=PRICE + 1, reversed=0)
    assert lines(world)[-1] == (Standing.DIFFERENT, PRICE, PRICE + 1)


def test_a_purchase_whose_outcome_came_late_is_in_the_batch_in_which_it_began(
    world: Any, twice: dict[str, Any], own_bill: Any
) -> None:
    late = by_card(world, own_bill(world))
    world.turn(seconds=1)
    do(world, duties.ask_closing, "lan")
    say(world, waiting(world.kiosk)[0], "begun")
    world.turn(seconds=30)
    say(world, waiting(world.kiosk)[0], "done", purchased=2 * PRICE, reversed=0)
    assert lines(world) == [(Standing.DIFFERENT, PRICE, 2 * PRICE)], "nobody told yet that it was charged"
    approve(world, late)
    assert lines(world) == [(Standing.MATCHED, 2 * PRICE, 2 * PRICE)]
    assert do(world, duties.ask_closing, "lan") == 0, "it is in a batch that was closed"
