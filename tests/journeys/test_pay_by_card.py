"""Paying with a card: one attempt, written down before, resolved by its status, and never a second one by itself."""

from __future__ import annotations

from typing import Any

import pytest

from drivers.card_terminal.errors import TerminalError, TerminalErrorReason
from drivers.card_terminal.terminal import Answer, Decline, Stage
from drivers.card_terminal.terminal import Outcome as Charged
from services.contract import models as wire
from services.contract.problem_codes import CARD_UNRESOLVED
from services.gateway_client import GatewayError, GatewayReason
from services.journeys.prompts import (
    CardRefusal,
    CardRefused,
    CardRefusedAnswer,
    CardStep,
    Home,
    PayAnswer,
    PayByCard,
    PayByCardAnswer,
    PayByVietQR,
    PaymentDone,
    Problem,
    ProblemChoice,
    TicketAnswer,
    TicketReady,
)
from services.journeys.scripted import Line, on
from tests.journeys.conftest import NOW, Terminal

APPROVED = wire.CardOutcome.APPROVED
PAID = wire.PaymentStatus.PAID


@pytest.fixture
def paying(world: Any) -> Any:
    world.uninsured()
    world.terminal = Terminal()
    return world


def to_the_terminal(world: Any) -> tuple[Line, ...]:
    return (*world.pays(), on(PayByVietQR, PayAnswer.CARD, by_card=True), on(PayByCard))


def ends(world: Any, *notes: str) -> tuple[Line, ...]:
    return (on(TicketReady, TicketAnswer.DONE, notes=notes), world.takes_card())


def test_a_card_pays_after_the_code_was_cancelled_and_the_attempt_written_down(paying: Any) -> None:
    stage = paying.play(*to_the_terminal(paying), *ends(paying, "slip.paid"))
    calls = [call for call in paying.gateway.calls if call in {"pay", "cancel-payment", "begin-card", "card-result"}]
    assert calls == ["pay", "cancel-payment", "pay", "begin-card", "card-result"]
    (attempt,) = paying.terminal.charged
    assert (attempt.service_id, attempt.amount) == ("SID1", 45_000)
    (result,) = paying.gateway.card_results
    assert (result.outcome, result.reference, result.approval_code, result.amount) == (
        APPROVED,
        "RRN1",
        "123456",
        45_000,
    )
    assert paying.printer.slips[1].method == "card"
    steps = [prompt.step for prompt in stage.shown if isinstance(prompt, PayByCard)]
    assert steps[-1] is CardStep.BANK and CardStep.PIN in steps
    assert not stage.last(PayByCard).can_stop, "once the bank is asked there is no stopping"


def test_without_a_terminal_no_card_is_offered(world: Any) -> None:
    world.uninsured()
    stage = world.play(*world.pays(), on(PayByVietQR), ends=False)
    assert not stage.last(PayByVietQR).by_card


def test_a_terminal_that_is_not_ready_is_not_offered(paying: Any) -> None:
    paying.terminal.available = False
    stage = paying.play(*paying.pays(), on(PayByVietQR), ends=False)
    assert not stage.last(PayByVietQR).by_card


@pytest.mark.parametrize(
    ("decline", "why"),
    [
        (Decline.REFUSED, CardRefusal.REFUSED),
        (Decline.WRONG_PIN, CardRefusal.WRONG_PIN),
        (Decline.CARD_PULLED, CardRefusal.PULLED),
        (Decline.TIME_OVER, CardRefusal.TIME_OVER),
        (Decline.UNSPECIFIED, CardRefusal.REFUSED),
    ],
)
def test_a_card_that_was_not_charged_leaves_every_other_way(paying: Any, decline: Decline, why: CardRefusal) -> None:
    paying.terminal.answers = [Answer(Charged.DECLINED, decline=decline)]
    paying.play(
        *to_the_terminal(paying),
        on(CardRefused, CardRefusedAnswer.BY_CODE, why=why),
        on(PayByVietQR, does=lambda: paying.after(5, lambda: paying.gateway.bank(PAID))),
        *ends(paying, "slip.paid"),
    )
    assert [result.outcome for result in paying.gateway.card_results] == [wire.CardOutcome.DECLINED]


def test_trying_the_card_again_is_a_new_attempt_of_a_new_intent(paying: Any) -> None:
    paying.terminal.answers = [Answer(Charged.DECLINED, decline=Decline.WRONG_PIN)]
    paying.play(
        *to_the_terminal(paying),
        on(CardRefused, CardRefusedAnswer.AGAIN),
        on(PayByCard),
        *ends(paying, "slip.paid"),
    )
    assert [attempt.service_id for attempt in paying.terminal.charged] == ["SID1", "SID2"]
    assert [attempt.transaction_id for attempt in paying.terminal.charged] == ["p2", "p3"]


def test_stopping_asks_the_terminal_and_believes_its_answer(paying: Any) -> None:
    paying.terminal.waits = True
    paying.play(
        *paying.pays(),
        on(PayByVietQR, PayAnswer.CARD),
        on(PayByCard, PayByCardAnswer.STOP),
        on(PayByCard, step=CardStep.STOPPING),
        on(CardRefused, CardRefusedAnswer.CASHIER, why=CardRefusal.STOPPED),
        *ends(paying, "slip.unpaid", "pay.hidden"),
    )
    assert len(paying.terminal.aborted) == 1
    assert [result.outcome for result in paying.gateway.card_results] == [wire.CardOutcome.ABORTED]


def test_an_unknown_outcome_is_never_paid_twice(paying: Any) -> None:
    paying.terminal.answers = [Answer(Charged.UNKNOWN)]
    paying.play(
        *to_the_terminal(paying),
        on(Problem, ProblemChoice.GO_ON, code=CARD_UNRESOLVED),
        *ends(paying, "slip.unpaid", "pay.unknown"),
    )
    assert len(paying.terminal.charged) == 1
    assert paying.printer.slips[1].paid_at is None
    assert paying.gateway.abandoned == []


def test_a_terminal_that_was_never_reached_charged_nothing(paying: Any) -> None:
    paying.terminal.answers = [TerminalError(TerminalErrorReason.ABSENT)]
    paying.play(
        *to_the_terminal(paying),
        on(CardRefused, CardRefusedAnswer.CASHIER, why=CardRefusal.NOT_BEGUN),
        *ends(paying, "slip.unpaid", "pay.hidden"),
    )
    assert [result.outcome for result in paying.gateway.card_results] == [wire.CardOutcome.NOT_FOUND]


def test_an_attempt_that_could_not_be_written_down_never_reaches_the_terminal(paying: Any) -> None:
    paying.gateway.faults["begin-card"] = [GatewayError(GatewayReason.TIMEOUT)]
    paying.play(
        *paying.pays(),
        on(PayByVietQR, PayAnswer.CARD),
        on(CardRefused, CardRefusedAnswer.CASHIER, why=CardRefusal.NOT_BEGUN),
        *ends(paying, "slip.unpaid", "pay.hidden"),
    )
    assert paying.terminal.charged == []
    assert paying.gateway.calls.count("cancel-payment") == 2, "the code's, and the card's intent"


def test_a_charge_that_the_gateway_cannot_be_told_is_told_beside_the_session_until_it_is(paying: Any) -> None:
    silence = [GatewayError(GatewayReason.TIMEOUT) for _ in range(12)]
    paying.gateway.faults["card-result"] = list(silence)
    paying.play(
        *to_the_terminal(paying),
        on(Problem, ProblemChoice.GO_ON, code=CARD_UNRESOLVED),
        on(TicketReady, TicketAnswer.DONE, notes=("slip.unpaid", "pay.unknown")),
        paying.takes_card(),
        on(Home),
        ends=False,
        seconds=60,
    )
    assert [result.outcome for result in paying.gateway.card_results] == [APPROVED]
    assert len(paying.terminal.charged) == 1
    assert paying.printer.slips[1].paid_at is None


def test_a_payment_by_the_other_way_that_was_left_open_is_closed_before_a_code_is_shown(paying: Any) -> None:
    paying.gateway.intent_facts = [{"method": wire.PaymentMethod.CARD, "payload": ""}]
    stage = paying.play(
        *paying.pays(),
        on(PayByVietQR, does=lambda: paying.after(5, lambda: paying.gateway.bank(PAID))),
        *ends(paying, "slip.paid"),
    )
    assert [call for call in paying.gateway.calls if call in {"pay", "cancel-payment"}] == [
        "pay",
        "cancel-payment",
        "pay",
    ]
    assert stage.last(PayByVietQR).payload


def interrupted(**more: object) -> wire.PaymentIntent:
    facts: dict[str, object] = {
        "id": "p9",
        "bill_id": "b1",
        "bill_number": "VT-0358",
        "status": wire.PaymentStatus.QR_SHOWN,
        "amount": 45_000,
        "amount_paid": 0,
        "payload": "000201",
        "account_name": "BENH VIEN",
        "account_last4": "4471",
        "purpose": "TRM4K82QX",
        "expires_at": NOW.replace(hour=7, minute=30),
        "demo": True,
        "version": 3,
    }
    return wire.PaymentIntent.model_validate({**facts, **more})


def test_after_a_restart_the_same_code_stands_again_and_no_other_is_made(paying: Any) -> None:
    paying.gateway.interrupted = (interrupted(),)
    paying.gateway.intent = paying.gateway.interrupted[0]
    paying.play(
        on(Home),
        on(PayByVietQR, does=lambda: paying.after(5, lambda: paying.gateway.bank(PAID))),
        on(PaymentDone, can_print=True),
    )
    assert "pay" not in paying.gateway.calls
    assert paying.printer.slips == [], "a slip nobody asked for is never printed"
    assert paying.gateway.settled == 1


def test_after_a_restart_a_payment_that_came_meanwhile_is_shown_and_printed_when_wished(paying: Any) -> None:
    from services.journeys.prompts import PaidAnswer

    paying.gateway.interrupted = (interrupted(status=PAID, amount_paid=45_000, paid_at=NOW),)
    paying.play(on(Home), on(PaymentDone, PaidAnswer.PRINT, can_print=True), on(PaymentDone, PaidAnswer.DONE))
    assert len(paying.printer.slips) == 1


def test_after_a_restart_an_abandoned_code_is_cancelled(paying: Any) -> None:
    from services.journeys.prompts import IdleWarning

    paying.gateway.interrupted = (interrupted(),)
    paying.gateway.intent = paying.gateway.interrupted[0]
    paying.play(on(Home), on(PayByVietQR), on(IdleWarning))
    assert paying.gateway.calls.count("cancel-payment") == 1


def test_after_a_restart_the_terminal_is_asked_what_became_of_the_card(paying: Any) -> None:
    attempt = wire.CardAttempt(
        id="a1", service_id="SID1", intent_id="p9", amount=45_000, outcome=wire.CardOutcome.STARTED, started_at=NOW
    )
    paying.gateway.interrupted = (interrupted(method=wire.PaymentMethod.CARD, payload="", attempt=attempt),)
    paying.gateway.intent = paying.gateway.interrupted[0]
    paying.terminal.answers = [Answer(Charged.APPROVED, 45_000, "T1", "RRN1", "123456")]
    paying.play(on(Home), on(PaymentDone, can_print=True, by_card=True))
    assert [one.service_id for one in paying.terminal.settled] == ["SID1"]
    assert [result.outcome for result in paying.gateway.card_results] == [APPROVED]
    assert paying.terminal.charged == []


def test_somebody_who_begins_meanwhile_goes_first_and_the_old_code_is_closed(paying: Any) -> None:
    from services.journeys.prompts import ChoosePatient, HomeChoice
    from services.journeys.stage import StageEvent

    paying.gateway.interrupted = (interrupted(),)
    paying.gateway.delays["left-behind"] = 5
    paying.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, does=lambda: paying.slept(10), touches=StageEvent.HOME),
    )
    assert paying.gateway.settled == 1


def test_an_expired_payment_of_before_is_not_shown(paying: Any) -> None:
    paying.gateway.interrupted = (interrupted(expires_at=NOW.replace(hour=6)),)
    paying.play(on(Home), ends=False, seconds=30)
    assert isinstance(paying.ended_on, Home)
    assert paying.gateway.settled == 1


def test_stages_of_the_driver_all_have_a_step() -> None:
    from services.journeys.steps.pay_card import _STEPS  # pyright: ignore[reportPrivateUsage]

    assert set(_STEPS) == set(Stage)
