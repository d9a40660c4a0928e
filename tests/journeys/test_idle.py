"""Silence: the warning, its extensions, and what happens when nobody answers (LOOK.md section 8, Time)."""

from __future__ import annotations

from typing import Any

import pytest
import trio

from services.contract import models as wire
from services.journeys.prompts import (
    CardLeftBehind,
    ChoosePatient,
    DeclarePriority,
    Home,
    HomeChoice,
    HowTo,
    IdleAnswer,
    IdleWarning,
    InsuranceUnhappy,
    InsuranceValid,
    PayByVietQR,
    PrivacyNotice,
    Review,
    ReviewAnswer,
    TicketAnswer,
    TicketReady,
    Working,
)
from services.journeys.scripted import on
from services.journeys.stage import StageEvent, TimeLeft
from services.receipts.slips import NumberSlip


def test_a_silent_question_warns_after_120_s_and_ends_20_s_later(world: Any) -> None:
    times: list[float] = []
    world.play(
        on(Home, HomeChoice.CHECK_IN, does=lambda: times.append(trio.current_time())),
        on(ChoosePatient),
        on(IdleWarning, does=lambda: times.append(trio.current_time())),
        on(Home, HomeChoice.CHECK_IN, does=lambda: times.append(trio.current_time())),
        on(ChoosePatient, touches=StageEvent.HOME),
    )
    start, warned, ended = times
    assert warned - start == pytest.approx(120)
    assert ended - warned == pytest.approx(20), "the start page follows within a second of the expiry"


def test_the_time_is_shown_from_the_start_and_the_warning_has_its_own(world: Any) -> None:
    world.play(on(Home, HomeChoice.CHECK_IN), on(ChoosePatient), on(IdleWarning))
    rings = [ring for ring in world.stage.rings if ring is not None]
    assert rings == [TimeLeft(120, 120), TimeLeft(20, 20)]


def test_any_touch_starts_the_time_anew(world: Any) -> None:
    times: list[float] = []
    world.play(
        on(Home, HomeChoice.CHECK_IN, does=lambda: times.append(trio.current_time())),
        on(ChoosePatient, does=lambda: world.after(100, world.stage.touch)),
        on(IdleWarning, does=lambda: times.append(trio.current_time())),
    )
    assert times[1] - times[0] == pytest.approx(220)


def test_the_warning_can_be_answered_at_least_ten_times_and_nothing_is_lost(world: Any) -> None:
    world.insured()
    world.play(
        *world.known("hoa"),
        on(InsuranceValid),
        *(on(IdleWarning, IdleAnswer.STAY) for _ in range(12)),
        on(IdleWarning, IdleAnswer.STAY, does=lambda: _later_home(world)),
        world.takes_card(),
    )
    assert len([p for p in world.stage.seen if isinstance(p, InsuranceValid)]) == 1, "the question stayed below"


def test_a_touch_beside_the_button_does_not_dismiss_the_warning(world: Any) -> None:
    world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient),
        on(IdleWarning, touches=StageEvent.TOUCHED),
    )
    assert world.visits[0].empty


def test_end_and_erase_ends_at_once(world: Any) -> None:
    world.play(on(Home, HomeChoice.CHECK_IN), on(ChoosePatient), on(IdleWarning, IdleAnswer.END))
    assert world.visits[0].empty
    assert world.stage.resets == 1


def test_no_clock_runs_while_a_machine_works(world: Any) -> None:
    world.insured()
    world.gateway.delays["insurance"] = 400
    stage = world.play(
        *world.known("hoa"),
        on(Working),
        on(InsuranceValid, touches=StageEvent.HOME),
        world.takes_card(),
    )
    assert not [p for p in stage.seen if isinstance(p, IdleWarning)]
    assert None in stage.rings


def test_work_of_a_moment_shows_no_page_of_its_own(world: Any) -> None:
    world.insured()
    world.gateway.delays["insurance"] = 0.1
    stage = world.play(*world.known("hoa"), on(InsuranceValid, touches=StageEvent.HOME), world.takes_card())
    assert not [p for p in stage.seen if isinstance(p, Working)]


def test_work_of_more_than_ten_seconds_tells_the_time_left(world: Any) -> None:
    world.insured()
    world.gateway.delays["insurance"] = 12.5
    stage = world.play(
        *world.known("hoa"), on(Working), on(InsuranceValid, touches=StageEvent.HOME), world.takes_card()
    )
    assert [p.seconds_left for p in stage.shown if isinstance(p, Working)] == [None, 5, 4, 3]


def test_the_visit_is_wiped_before_the_reminder_of_the_card(world: Any) -> None:
    world.insured()
    wiped: list[bool] = []
    world.play(
        *world.known("hoa"),
        on(InsuranceValid),
        on(IdleWarning),
        on(CardLeftBehind, does=lambda: wiped.append(world.visits[0].empty)),
    )
    assert wiped == [True]


def test_a_printed_number_goes_home_by_itself_after_30_s_without_a_warning(world: Any) -> None:
    world.insured()
    stage = world.play(*world.reviews("hoa"), on(Review, ReviewAnswer.TAKE_NUMBER), on(TicketReady), world.takes_card())
    assert TimeLeft(30, 30, result=True) in stage.rings
    assert not [p for p in stage.seen if isinstance(p, IdleWarning)]


def test_silence_while_paying_warns_that_the_code_will_be_hidden_then_cancels_it(world: Any) -> None:
    world.uninsured()
    world.play(
        *world.pays("hoa"),
        on(PayByVietQR),
        on(IdleWarning, code_live=True),
        on(TicketReady, TicketAnswer.DONE, notes=("slip.unpaid", "pay.hidden")),
        world.takes_card(),
    )
    assert "cancel-payment" in world.gateway.calls
    assert world.gateway.abandoned == [], "the number is handed out, the bill stays payable at the cashier"
    (slip,) = world.printer.slips
    assert isinstance(slip, NumberSlip)
    assert slip.marks == ("slip.unpaid",)
    assert slip.number_masked is None, "of someone who fell silent not even the masked number is printed"


def test_money_that_arrived_in_the_last_moment_is_not_lost(world: Any) -> None:
    world.uninsured()
    world.gateway.on_cancel = wire.PaymentStatus.PAID
    world.play(
        *world.pays("hoa"),
        on(PayByVietQR),
        on(IdleWarning),
        on(TicketReady, TicketAnswer.DONE, notes=("slip.paid",)),
        world.takes_card(),
    )
    assert len(world.printer.slips) == 2


def test_staying_while_paying_keeps_the_code(world: Any) -> None:
    world.uninsured()
    stage = world.play(
        *world.pays("hoa"),
        on(PayByVietQR),
        on(
            IdleWarning,
            IdleAnswer.STAY,
            does=lambda: world.after(10, lambda: world.gateway.bank(wire.PaymentStatus.PAID)),
        ),
        on(TicketReady, TicketAnswer.DONE, notes=("slip.paid",)),
        world.takes_card(),
    )
    assert len([p for p in stage.seen if isinstance(p, PayByVietQR)]) == 1


def test_the_pages_of_the_start_page_close_by_themselves(world: Any) -> None:
    world.play(
        on(Home, HomeChoice.HOW_TO),
        on(HowTo),
        on(IdleWarning),
        on(Home, HomeChoice.PRIVACY),
        on(PrivacyNotice, touches=StageEvent.BACK),
        on(Home, HomeChoice.PRIVACY),
        on(PrivacyNotice, None),
    )
    assert world.stage.resets == 3


@pytest.mark.parametrize("prompt", [InsuranceUnhappy, DeclarePriority])
def test_silence_at_any_question_wipes_the_session(world: Any, prompt: Any) -> None:
    world.uninsured()
    lines = world.known("hoa") if prompt is InsuranceUnhappy else world.reviews("hoa")[:-1]
    world.play(*lines, on(prompt), on(IdleWarning), on(CardLeftBehind, does=world.cards.lift))
    assert world.visits[0].empty
    assert world.gateway.registrations == []


def _later_home(world: Any) -> None:
    world.after(1, lambda: world.stage.touch(StageEvent.HOME))
