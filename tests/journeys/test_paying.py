"""Paying by VietQR: never twice, never lost, never a code that nobody sees (LOOK.md section 8, Paying)."""

from __future__ import annotations

from typing import Any

import pytest

from services.contract import models as wire
from services.gateway_client import GatewayError, GatewayReason
from services.journeys.ports import Printed
from services.journeys.prompts import (
    LeavePayment,
    LeavePaymentAnswer,
    PayAnswer,
    PayByVietQR,
    PayState,
    Problem,
    ProblemChoice,
    Review,
    ReviewAnswer,
    TicketAnswer,
    TicketReady,
)
from services.journeys.scripted import Line, on
from services.journeys.stage import StageEvent
from services.receipts.slips import NumberSlip, PaymentSlip

PAID = wire.PaymentStatus.PAID


@pytest.fixture
def paying(world: Any) -> Any:
    world.uninsured()
    return world


def _bank(world: Any, seconds: float, status: wire.PaymentStatus, paid: int | None = None) -> Any:
    return lambda: world.after(seconds, lambda: world.gateway.bank(status, paid))


def _unpaid(world: Any) -> tuple[Line, ...]:
    return (
        on(TicketReady, TicketAnswer.DONE, notes=("slip.unpaid", "pay.hidden")),
        world.takes_card(),
    )


def test_the_code_shows_payee_text_amount_and_until_when_it_can_be_used(paying: Any) -> None:
    stage = paying.play(
        *paying.pays(),
        on(PayByVietQR, does=_bank(paying, 10, PAID)),
        on(TicketReady, TicketAnswer.DONE),
        paying.takes_card(),
    )
    shown = stage.last(PayByVietQR)
    assert (shown.amount, shown.account_name, shown.account_last4) == (45_000, "BENH VIEN DA KHOA HOA GIANG", "4471")
    assert (shown.bill_number, shown.purpose, shown.usable_until) == ("VT-0358", "TRM4K82QX", "07:30")
    assert shown.demo


def test_i_have_paid_asks_the_bank_at_once(paying: Any) -> None:
    paying.gateway.on_claim = PAID
    stage = paying.play(
        *paying.pays(),
        on(PayByVietQR, PayAnswer.I_HAVE_PAID),
        on(PayByVietQR, state=PayState.ASKING),
        on(TicketReady, TicketAnswer.DONE, notes=("slip.paid",)),
        paying.takes_card(),
    )
    assert "claim" in paying.gateway.calls
    assert not [p for p in stage.seen if isinstance(p, Problem)]


def test_a_payment_slip_that_does_not_come_out_is_told_with_the_number(paying: Any) -> None:
    paying.printer.answers = [Printed(True), Printed(False, "PR-02")]
    stage = paying.play(
        *paying.pays(),
        on(PayByVietQR, does=_bank(paying, 10, PAID)),
        on(TicketReady, printing=True),
        paying.takes_card(),
    )
    assert [type(slip) for slip in paying.printer.slips] == [NumberSlip]
    ticket = stage.last(TicketReady)
    assert (ticket.printed, ticket.notes) == (True, ("slip.paid", "slip.payment_missing"))


def test_money_that_comes_while_the_bank_is_asked_counts(paying: Any) -> None:
    paying.play(
        *paying.pays(),
        on(PayByVietQR, PayAnswer.I_HAVE_PAID),
        on(PayByVietQR, state=PayState.ASKING, does=_bank(paying, 40, PAID)),
        on(TicketReady, TicketAnswer.DONE, notes=("slip.paid",)),
        paying.takes_card(),
    )


def test_a_silent_bank_gives_a_slip_for_the_cashier_after_a_minute(paying: Any) -> None:
    paying.gateway.on_cancel = wire.PaymentStatus.UNKNOWN
    paying.play(
        *paying.pays(),
        on(PayByVietQR, PayAnswer.I_HAVE_PAID),
        on(PayByVietQR, state=PayState.ASKING),
        on(Problem, ProblemChoice.GO_ON, code="TT-301", back=False),
        on(TicketReady, TicketAnswer.DONE, notes=("slip.unpaid", "pay.unknown")),
        paying.takes_card(),
    )
    number, payment = paying.printer.slips
    assert isinstance(number, NumberSlip)
    assert isinstance(payment, PaymentSlip)
    assert payment.paid_at is None, "no amount received is printed"
    assert paying.gateway.abandoned == []


def test_a_claim_that_the_gateway_does_not_take_still_waits_its_minute(paying: Any) -> None:
    paying.gateway.faults["claim"] = [GatewayError(GatewayReason.TIMEOUT)]
    paying.play(
        *paying.pays(),
        on(PayByVietQR, PayAnswer.I_HAVE_PAID),
        on(PayByVietQR, does=_bank(paying, 30, PAID)),
        on(TicketReady, TicketAnswer.DONE, notes=("slip.paid",)),
        paying.takes_card(),
    )


def test_the_cashier_is_another_way_and_the_code_is_cancelled(paying: Any) -> None:
    paying.play(*paying.pays(), on(PayByVietQR, PayAnswer.CASHIER), *_unpaid(paying))
    assert paying.gateway.calls.count("cancel-payment") == 1
    assert paying.gateway.abandoned == []


def test_money_that_came_before_the_cancel_goes_before_the_choice_of_the_cashier(paying: Any) -> None:
    paying.gateway.on_cancel = PAID
    paying.play(
        *paying.pays(),
        on(PayByVietQR, PayAnswer.CASHIER),
        on(TicketReady, TicketAnswer.DONE, notes=("slip.paid",)),
        paying.takes_card(),
    )
    assert len(paying.printer.slips) == 2


def test_too_little_money_shows_what_is_missing_on_the_same_screen(paying: Any) -> None:
    stage = paying.play(
        *paying.pays(),
        on(PayByVietQR, does=_bank(paying, 5, wire.PaymentStatus.UNDERPAID, 20_000)),
        ends=False,
        seconds=20,
    )
    shown = stage.last(PayByVietQR)
    assert (shown.state, shown.missing) == (PayState.UNDERPAID, 25_000)
    assert isinstance(paying.ended_on, PayByVietQR)


@pytest.mark.parametrize("status", [wire.PaymentStatus.EXPIRED, wire.PaymentStatus.CANCELLED])
def test_a_code_that_ran_out_is_hidden_and_the_cashier_named(paying: Any, status: wire.PaymentStatus) -> None:
    paying.play(
        *paying.pays(),
        on(PayByVietQR, does=_bank(paying, 5, status)),
        on(Problem, ProblemChoice.GO_ON, code="TT-303", back=False),
        *_unpaid(paying),
    )


@pytest.mark.parametrize("bar", [StageEvent.BACK, StageEvent.HOME])
def test_leaving_asks_about_the_money_and_leads_back_to_the_code(paying: Any, bar: StageEvent) -> None:
    paying.play(
        *paying.pays(),
        on(PayByVietQR, touches=bar),
        on(LeavePayment, LeavePaymentAnswer.BACK_TO_CODE, demo=True),
        on(PayByVietQR, does=_bank(paying, 5, PAID)),
        on(TicketReady, TicketAnswer.DONE, notes=("slip.paid",)),
        paying.takes_card(),
    )
    assert paying.gateway.calls.count("pay") == 1


def test_who_says_on_leaving_that_they_have_paid_waits_for_the_bank(paying: Any) -> None:
    paying.gateway.on_claim = PAID
    paying.play(
        *paying.pays(),
        on(PayByVietQR, touches=StageEvent.HOME),
        on(LeavePayment, LeavePaymentAnswer.PAID),
        on(PayByVietQR, state=PayState.ASKING),
        on(TicketReady, TicketAnswer.DONE, notes=("slip.paid",)),
        paying.takes_card(),
    )


def test_going_back_unpaid_keeps_the_number_for_the_cashier(paying: Any) -> None:
    paying.play(
        *paying.pays(),
        on(PayByVietQR, touches=StageEvent.BACK),
        on(LeavePayment, LeavePaymentAnswer.NOT_PAID),
        *_unpaid(paying),
    )
    assert paying.gateway.abandoned == []


def test_going_home_unpaid_gives_the_number_back(paying: Any) -> None:
    paying.play(
        *paying.pays(),
        on(PayByVietQR, touches=StageEvent.HOME),
        on(LeavePayment, LeavePaymentAnswer.NOT_PAID),
        paying.takes_card(),
    )
    assert paying.gateway.abandoned == [wire.AbandonReason.LEFT]
    assert "cancel-payment" in paying.gateway.calls
    assert paying.printer.slips == []


def test_money_that_comes_while_leaving_is_asked_wins(paying: Any) -> None:
    paying.play(
        *paying.pays(),
        on(PayByVietQR, touches=StageEvent.HOME),
        on(LeavePayment, does=_bank(paying, 3, PAID)),
        on(TicketReady, TicketAnswer.DONE, notes=("slip.paid",)),
        paying.takes_card(),
    )
    assert paying.gateway.abandoned == []


def test_without_a_code_the_cashier_is_named(paying: Any) -> None:
    paying.gateway.faults["pay"] = [GatewayError(GatewayReason.SERVER), GatewayError(GatewayReason.TIMEOUT)]
    paying.play(
        *paying.pays(),
        on(Problem, ProblemChoice.RETRY, code="TT-302"),
        on(Problem, ProblemChoice.GO_ON, code="TT-302"),
        on(TicketReady, TicketAnswer.DONE, notes=("slip.unpaid",)),
        paying.takes_card(),
    )


def test_a_network_cut_while_paying_keeps_the_code_and_hears_the_bank_afterwards(paying: Any) -> None:
    paying.gateway.faults["payment-changed"] = [GatewayError(GatewayReason.NO_NETWORK)] * 3
    paying.play(
        *paying.pays(),
        on(PayByVietQR, does=_bank(paying, 4, PAID)),
        on(TicketReady, TicketAnswer.DONE, notes=("slip.paid",)),
        paying.takes_card(),
    )


def test_a_cancel_that_is_not_answered_does_not_hold_the_person_up(paying: Any) -> None:
    paying.gateway.delays["cancel-payment"] = 1000
    paying.play(*paying.pays(), on(PayByVietQR, PayAnswer.CASHIER), *_unpaid(paying))


def test_offline_there_is_no_paying_at_the_kiosk(paying: Any) -> None:
    paying.gateway.accept_offline = True
    paying.gateway.online = False
    paying.play(
        *paying.reviews(),
        on(Review, ReviewAnswer.TAKE_NUMBER, pays_now=False),
        on(TicketReady, TicketAnswer.DONE, number="B07", notes=("slip.unpaid", "slip.offline")),
        paying.takes_card(),
    )
    assert "pay" not in paying.gateway.calls
