"""A card terminal on its wire: whatever is lost, a card is charged once or not at all, and everybody agrees which."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
import trio

from drivers.card_terminal import (
    Answer,
    Attempt,
    Decline,
    NexoTerminal,
    Outcome,
    Parties,
    Patience,
    Stage,
    TerminalAddress,
    TerminalError,
    TerminalErrorReason,
    charge,
    settle,
)
from tests.card_terminal.conftest import SimulatedTerminal

pytestmark = pytest.mark.wire
COUNT = itertools.count(1)
PATIENCE = Patience(seconds=3.0, every=0.1, not_found_twice=0.1)


def unseen(_stage: Stage) -> None:
    """Nobody looks at the stages."""


def attempt(amount: int = 122_500) -> Attempt:
    number = next(COUNT)
    return Attempt(f"K{number:07}", f"intent-{number}", amount)


def driver(terminal: SimulatedTerminal, **more: float) -> NexoTerminal:
    facts = terminal.facts
    address = TerminalAddress(facts["host"], facts["port"], **{"connect_seconds": 1.0, "payment_seconds": 5.0, **more})
    return NexoTerminal(address, Parties("TRAM03", facts["poi_id"]))


def charged(terminal: SimulatedTerminal, one: Attempt) -> int:
    """Đồng that stay with the hospital for this attempt."""
    rows = [row for row in terminal.state()["attempts"] if row["service_id"] == one.service_id]
    assert len(rows) <= 1
    return sum(row["amount"] for row in rows if row["charged"] and not row["reversed"])


def run(terminal: SimulatedTerminal, one: Attempt, **more: float) -> tuple[Answer, list[Stage]]:
    stages: list[Stage] = []

    async def play() -> Answer:
        return await charge(driver(terminal, **more), one, stages.append, PATIENCE)

    return trio.run(play), stages


def test_an_approved_card_is_charged_once_and_its_stages_are_seen(terminal: SimulatedTerminal) -> None:
    one = attempt()
    answer, stages = run(terminal, one)
    assert (answer.outcome, answer.amount) == (Outcome.APPROVED, 122_500)
    assert answer.acquirer_reference.startswith("RRN") and len(answer.approval_code) == 6
    assert stages == [
        Stage.STARTED,
        Stage.CARD_PRESENTED,
        Stage.PIN_WANTED,
        Stage.ASKING_BANK,
        Stage.CARD_REMOVED,
    ]
    assert charged(terminal, one) == 122_500


@pytest.mark.parametrize(
    ("card", "outcome", "decline"),
    [
        ("decline", Outcome.DECLINED, Decline.REFUSED),
        ("pull-early", Outcome.ABORTED, Decline.CARD_PULLED),
        ("none", Outcome.ABORTED, Decline.TIME_OVER),
    ],
)
def test_a_card_that_is_not_charged_says_why(
    terminal: SimulatedTerminal, card: str, outcome: Outcome, decline: Decline
) -> None:
    terminal.do("play", card=card, card_seconds=0.2)
    one = attempt()
    answer, _ = run(terminal, one)
    assert (answer.outcome, answer.decline) == (outcome, decline)
    assert charged(terminal, one) == 0


def test_a_wrong_pin_is_a_stage_and_not_the_end(terminal: SimulatedTerminal) -> None:
    terminal.do("play", card="wrong-pin")
    answer, stages = run(terminal, attempt())
    assert answer.outcome is Outcome.APPROVED
    assert stages.index(Stage.WRONG_PIN) < len(stages) - 1


@pytest.mark.parametrize("card", ["approve", "decline"])
def test_a_lost_answer_is_resolved_by_status_and_never_by_a_second_purchase(
    terminal: SimulatedTerminal, card: str
) -> None:
    terminal.do("play", card=card, lost="answer", lost_statuses=2)
    before = terminal.state()["requests"].count("Payment")
    one = attempt()
    answer, stages = run(terminal, one)
    assert answer.outcome is (Outcome.APPROVED if card == "approve" else Outcome.DECLINED)
    assert stages[-1] is Stage.RESOLVING
    assert terminal.state()["requests"].count("Payment") == before + 1
    assert charged(terminal, one) == (answer.amount or 0)


def test_a_request_that_never_arrived_is_told_as_not_found_after_asking_twice(terminal: SimulatedTerminal) -> None:
    terminal.do("play", lost="request")
    asked = terminal.state()["requests"].count("TransactionStatus")
    one = attempt()
    answer, _ = run(terminal, one)
    assert answer.outcome is Outcome.NOT_FOUND
    assert terminal.state()["requests"].count("TransactionStatus") == asked + 2
    assert charged(terminal, one) == 0


def test_a_late_answer_is_found_by_status_meanwhile(terminal: SimulatedTerminal) -> None:
    terminal.do("play", lost="late", delay=2.0)
    one = attempt()
    answer, _ = run(terminal, one, payment_seconds=0.6)
    assert (answer.outcome, charged(terminal, one)) == (Outcome.APPROVED, 122_500)


def test_a_terminal_that_stays_silent_leaves_it_unknown_and_later_tells(terminal: SimulatedTerminal) -> None:
    terminal.do("play", lost="answer", lost_statuses=1000)
    one = attempt()

    async def impatient() -> Answer:
        return await charge(driver(terminal), one, unseen, Patience(0.5, 0.1, 0.1))

    assert trio.run(impatient).outcome is Outcome.UNKNOWN
    terminal.do("play", lost_statuses=0)

    async def later() -> Answer:
        return await settle(driver(terminal), one, PATIENCE)

    assert trio.run(later).outcome is Outcome.APPROVED


def test_a_host_that_is_not_reached_leaves_it_unknown(terminal: SimulatedTerminal) -> None:
    terminal.do("play", card="no-host")
    one = attempt()

    async def play() -> Answer:
        return await charge(driver(terminal), one, unseen, Patience(0.5, 0.1, 0.1))

    assert trio.run(play).outcome is Outcome.UNKNOWN
    assert charged(terminal, one) == 0


def test_an_abort_before_the_bank_decided_charges_nothing(terminal: SimulatedTerminal) -> None:
    terminal.do("play", by_hand=True)
    one = attempt()
    answers: list[Answer] = []

    async def play() -> None:
        line = driver(terminal)

        async def purchase() -> None:
            answers.append(await charge(line, one, unseen, PATIENCE))

        async with trio.open_nursery() as nursery:
            nursery.start_soon(purchase)
            await trio.sleep(0.2)
            await line.abort(one)

    trio.run(play)
    assert answers[0].outcome is Outcome.ABORTED
    assert charged(terminal, one) == 0


def test_the_same_service_id_is_never_charged_twice(terminal: SimulatedTerminal) -> None:
    one = attempt()
    run(terminal, one)

    async def again() -> Answer:
        return await driver(terminal).purchase(one, unseen)

    with pytest.raises(TerminalError) as caught:
        trio.run(again)
    assert (caught.value.reason, caught.value.sent) == (TerminalErrorReason.REFUSED, False)
    assert charged(terminal, one) == 122_500


def test_a_busy_terminal_takes_no_second_purchase(terminal: SimulatedTerminal) -> None:
    terminal.do("play", by_hand=True)
    first, second = attempt(), attempt()

    async def play() -> None:
        line = driver(terminal)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(charge, line, first, unseen, PATIENCE)
            await trio.sleep(0.2)
            with pytest.raises(TerminalError) as caught:
                await charge(line, second, unseen, PATIENCE)
            assert caught.value.reason is TerminalErrorReason.BUSY
            await trio.to_thread.run_sync(terminal.do, "present")

    trio.run(play)
    assert (charged(terminal, first), charged(terminal, second)) == (122_500, 0)


def test_an_approved_purchase_is_reversed_until_the_batch_is_closed(terminal: SimulatedTerminal) -> None:
    one, two = attempt(), attempt(45_000)
    approved, _ = run(terminal, one)
    kept, _ = run(terminal, two)

    async def reverse(which: Attempt, answer: Answer, service_id: str) -> Answer:
        return await driver(terminal).reverse(which, answer, service_id)

    async def close() -> Any:
        return await driver(terminal).close_batch("C1")

    assert trio.run(reverse, one, approved, "R1").outcome is Outcome.REVERSED
    assert trio.run(reverse, one, approved, "R2").outcome is Outcome.REVERSED, "twice is once"
    assert charged(terminal, one) == 0
    totals = trio.run(close)
    assert totals.purchased - totals.reversed >= 45_000 and totals.reversals >= 1
    assert trio.run(reverse, two, kept, "R3").outcome is Outcome.DECLINED
    assert charged(terminal, two) == 45_000


def test_a_terminal_without_power_is_absent_and_nothing_was_sent(terminal: SimulatedTerminal) -> None:
    terminal.do("power", on=False)
    with pytest.raises(TerminalError) as caught:
        run(terminal, attempt())
    assert (caught.value.reason, caught.value.sent) == (TerminalErrorReason.ABSENT, False)


def test_a_terminal_that_loses_its_power_in_the_middle_still_knows_what_it_charged(tmp_path: Path) -> None:
    simulated = SimulatedTerminal("--journal", str(tmp_path / "journal.json"))
    port = simulated.facts["port"]
    simulated.do("play", lost="answer", lost_statuses=1000)
    one = attempt()

    async def impatient() -> Answer:
        return await charge(driver(simulated), one, unseen, Patience(0.3, 0.1, 0.1))

    try:
        assert trio.run(impatient).outcome is Outcome.UNKNOWN
        simulated.kill()
        simulated = SimulatedTerminal("--journal", str(tmp_path / "journal.json"), "--port", str(port))

        async def later() -> Answer:
            return await settle(driver(simulated), one, PATIENCE)

        assert trio.run(later).outcome is Outcome.APPROVED
        assert charged(simulated, one) == 122_500
    finally:
        simulated.end()


def test_diagnosis_says_whether_cards_can_be_taken(terminal: SimulatedTerminal) -> None:
    async def healthy() -> bool:
        return await driver(terminal).diagnose("D1")

    assert trio.run(healthy)
    terminal.do("play", card="no-host")
    assert not trio.run(healthy)


def test_a_terminal_that_sends_card_numbers_still_gets_its_payment_booked(terminal: SimulatedTerminal) -> None:
    terminal.do("play", leak=True)
    answer, _ = run(terminal, attempt())
    assert answer.outcome is Outcome.APPROVED
    assert "9704361234567890120" not in repr(answer)
