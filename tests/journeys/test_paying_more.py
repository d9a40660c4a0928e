"""Where money moved, nothing is undone: a number stays, and the cashier gets a slip to look at."""

from __future__ import annotations

from typing import Any

import pytest

from services.contract import models as wire
from services.journeys.prompts import (
    ChoosePatient,
    DifferentCard,
    LeavePayment,
    LeavePaymentAnswer,
    PayAnswer,
    PayByVietQR,
    Problem,
    ProblemChoice,
    TicketAnswer,
    TicketReady,
    YesNo,
)
from services.journeys.scripted import on
from services.journeys.stage import StageEvent
from services.receipts.slips import PaymentSlip

UNDERPAID = wire.PaymentStatus.UNDERPAID
CODE_CLOSED = ("slip.unpaid", "pay.unknown")


@pytest.fixture
def paying(world: Any) -> Any:
    world.uninsured()
    return world


def test_a_part_that_came_is_looked_at_by_the_cashier(paying: Any) -> None:
    def part() -> None:
        paying.gateway.bank(UNDERPAID, 20_000)
        paying.after(2, lambda: paying.stage.answer_on_top(PayByVietQR, PayAnswer.CASHIER))

    paying.gateway.on_cancel = UNDERPAID
    paying.play(
        *paying.pays(),
        on(PayByVietQR, does=part),
        on(TicketReady, TicketAnswer.DONE, notes=CODE_CLOSED),
        paying.takes_card(),
    )
    payment = paying.printer.slips[1]
    assert isinstance(payment, PaymentSlip)
    assert payment.paid_at is None


def test_going_home_after_a_part_came_keeps_the_number(paying: Any) -> None:
    def part() -> None:
        paying.gateway.bank(UNDERPAID, 20_000)
        paying.after(2, lambda: paying.stage.touch(StageEvent.HOME))

    paying.gateway.on_cancel = UNDERPAID
    paying.play(
        *paying.pays(),
        on(PayByVietQR, does=part),
        on(LeavePayment, LeavePaymentAnswer.NOT_PAID),
        on(TicketReady, TicketAnswer.DONE, notes=CODE_CLOSED),
        paying.takes_card(),
    )
    assert paying.gateway.abandoned == []


def test_a_different_card_after_i_have_paid_does_not_undo_the_number(paying: Any) -> None:
    paying.gateway.on_cancel = wire.PaymentStatus.UNKNOWN
    paying.play(
        *paying.pays(),
        on(PayByVietQR, PayAnswer.I_HAVE_PAID),
        on(PayByVietQR, does=paying.lays("tam")),
        on(DifferentCard, YesNo.YES),
        on(TicketReady, TicketAnswer.DONE, notes=CODE_CLOSED),
        on(ChoosePatient, touches=StageEvent.HOME),
        paying.takes_card(),
    )
    assert paying.gateway.abandoned == []


def test_an_intent_the_gateway_calls_unclear_is_told_as_unclear(paying: Any) -> None:
    paying.gateway.on_cancel = wire.PaymentStatus.UNKNOWN
    paying.play(
        *paying.pays(),
        on(PayByVietQR, does=lambda: paying.after(3, lambda: paying.gateway.bank(wire.PaymentStatus.UNKNOWN))),
        on(Problem, ProblemChoice.GO_ON, code="TT-301"),
        on(TicketReady, TicketAnswer.DONE, notes=CODE_CLOSED),
        paying.takes_card(),
    )


def test_home_beside_the_news_that_the_code_ran_out_still_leads_to_the_number(paying: Any) -> None:
    paying.play(
        *paying.pays(),
        on(PayByVietQR, does=lambda: paying.after(3, lambda: paying.gateway.bank(wire.PaymentStatus.EXPIRED))),
        on(Problem, touches=StageEvent.HOME, code="TT-303"),
        on(TicketReady, TicketAnswer.DONE, notes=("slip.unpaid", "pay.hidden")),
        paying.takes_card(),
    )
    assert paying.gateway.abandoned == []
