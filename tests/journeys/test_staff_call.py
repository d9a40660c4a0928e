""" "Gọi nhân viên": one touch, one call, told truthfully, on any screen (LOOK.md picture 28)."""

from __future__ import annotations

from typing import Any

import pytest
import trio

from services.contract import models as wire
from services.gateway_client import GatewayError, GatewayReason
from services.journeys.prompts import (
    ChooseClinic,
    ChoosePatient,
    ConfirmIdentity,
    DifferentCard,
    Home,
    HomeChoice,
    IdentityAnswer,
    IdleWarning,
    InsuranceAnswer,
    InsuranceValid,
    PatientChoice,
    ReadingCard,
    ScanCode,
    StaffCall,
    StaffCallAnswer,
    StaffCallState,
    YesNo,
)
from services.journeys.scripted import on
from services.journeys.stage import StageEvent, TimeLeft

CALL = StageEvent.CALL_STAFF


def _states(world: Any) -> list[StaffCallState]:
    return list(dict.fromkeys(p.state for p in world.stage.shown if isinstance(p, StaffCall)))


def test_a_call_is_taken_heard_and_answered(world: Any) -> None:
    world.gateway.delays["call-staff"] = 2
    world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, touches=CALL),
        on(
            StaffCall,
            state=StaffCallState.CALLING,
            does=lambda: world.after(20, lambda: world.gateway.staff_says(wire.StaffCallStatus.ACKNOWLEDGED)),
        ),
        ends=False,
        seconds=40,
    )
    assert _states(world) == [StaffCallState.CALLING, StaffCallState.HEARD, StaffCallState.COMING]
    assert "ticket-ready" in world.sounds.heard, "somebody comes: with a chime"


def test_after_60_s_without_an_answer_the_nearest_desk_is_named_and_the_call_stays_open(world: Any) -> None:
    world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, touches=CALL),
        on(
            StaffCall,
            does=lambda: world.after(90, lambda: world.gateway.staff_says(wire.StaffCallStatus.ACKNOWLEDGED)),
        ),
        ends=False,
        seconds=120,
    )
    assert _states(world) == [
        StaffCallState.CALLING,
        StaffCallState.HEARD,
        StaffCallState.UNANSWERED,
        StaffCallState.COMING,
    ]
    first_unanswered = next(p for p in world.stage.shown if getattr(p, "state", None) is StaffCallState.UNANSWERED)
    assert first_unanswered.waited == 60
    assert first_unanswered.desk == "quầy số 1, bên trái cửa chính"


def test_without_network_the_desk_is_named_at_once(world: Any) -> None:
    world.gateway.faults["call-staff"] = [GatewayError(GatewayReason.NO_NETWORK)]
    world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, touches=CALL),
        on(StaffCall),
        ends=False,
        seconds=30,
    )
    assert _states(world) == [StaffCallState.CALLING, StaffCallState.OFFLINE]
    assert world.stage.last(StaffCall).desk == "quầy số 1, bên trái cửa chính"


def test_a_second_touch_never_makes_a_second_call(world: Any) -> None:
    world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, touches=CALL),
        on(StaffCall, touches=CALL),
        ends=False,
        seconds=10,
    )
    assert world.gateway.calls.count("call-staff") == 1


def test_touching_again_after_going_on_shows_the_call_that_still_rings(world: Any) -> None:
    world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, touches=CALL),
        on(StaffCall, does=lambda: world.after(5, lambda: _go_on(world))),
        on(StaffCall),
        ends=False,
        seconds=10,
    )
    assert world.gateway.calls.count("call-staff") == 1
    assert world.stage.last(StaffCall).state is StaffCallState.HEARD


def test_touching_again_after_staff_closed_the_call_makes_a_new_one(world: Any) -> None:
    def closed_then_again() -> None:
        world.gateway.staff_says(wire.StaffCallStatus.ACKNOWLEDGED)
        world.gateway.staff_says(wire.StaffCallStatus.CLOSED)
        world.after(5, lambda: world.stage.touch(CALL))

    world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, touches=CALL),
        on(StaffCall, does=lambda: world.after(5, lambda: _continue(world, closed_then_again))),
        on(StaffCall),
        ends=False,
        seconds=20,
    )
    assert world.gateway.calls.count("call-staff") == 2
    assert world.stage.last(StaffCall).state is StaffCallState.HEARD
    assert isinstance(world.ended_on, StaffCall)


def test_after_a_refused_call_a_new_touch_tries_again(world: Any) -> None:
    world.gateway.faults["call-staff"] = [GatewayError(GatewayReason.NO_NETWORK)]
    world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, touches=CALL),
        on(StaffCall, does=lambda: world.after(5, lambda: _go_on(world))),
        on(StaffCall),
        ends=False,
        seconds=10,
    )
    assert world.gateway.calls.count("call-staff") == 2
    assert _states(world)[-1] is StaffCallState.HEARD


def test_cancelling_takes_the_call_back_even_while_it_is_still_on_its_way(world: Any) -> None:
    world.gateway.delays["call-staff"] = 8
    world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, touches=CALL),
        on(StaffCall, StaffCallAnswer.CANCEL),
        ends=False,
        seconds=30,
    )
    assert world.gateway.calls.count("cancel-staff") == 1
    assert world.gateway.staff.status is wire.StaffCallStatus.CANCELLED


def test_staff_closing_the_call_lifts_the_cover(world: Any) -> None:
    world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, touches=CALL),
        on(
            StaffCall,
            does=lambda: world.after(20, lambda: world.gateway.staff_says(wire.StaffCallStatus.CLOSED)),
        ),
        ends=False,
        seconds=60,
    )
    assert isinstance(world.ended_on, ChoosePatient)


def test_the_idle_clock_stands_for_five_minutes_then_warns_at_once(world: Any) -> None:
    times: list[float] = []
    world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, touches=CALL),
        on(StaffCall, does=lambda: times.append(trio.current_time())),
        on(IdleWarning, does=lambda: times.append(trio.current_time())),
    )
    assert times[1] - times[0] == pytest.approx(300)
    assert TimeLeft(300, 300, hold=True) in world.stage.rings


def test_going_on_gives_the_question_its_whole_time_back(world: Any) -> None:
    times: list[float] = []
    world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, does=lambda: world.after(110, lambda: world.stage.touch(CALL))),
        on(StaffCall, StaffCallAnswer.CONTINUE, does=lambda: times.append(trio.current_time())),
        on(IdleWarning, does=lambda: times.append(trio.current_time())),
    )
    assert times[1] - times[0] == pytest.approx(120)


def test_staff_can_be_called_from_the_start_page(world: Any) -> None:
    stage = world.play(
        on(Home, touches=CALL),
        on(StaffCall, StaffCallAnswer.CONTINUE),
        ends=False,
        seconds=5,
    )
    assert isinstance(world.ended_on, Home)
    assert stage.rings[-1] is None, "the start page has no clock"


def test_a_call_over_the_idle_warning_counts_as_being_there(world: Any) -> None:
    world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient),
        on(IdleWarning, touches=CALL),
        on(StaffCall, StaffCallAnswer.CONTINUE, does=lambda: world.after(1, lambda: _home(world))),
    )
    assert world.gateway.calls.count("call-staff") == 1


def test_nothing_personal_appears_over_the_cover_of_a_call(world: Any) -> None:
    world.insured()
    world.cards.seconds = 3.0
    stage = world.play(
        *world.meets("hoa"),
        on(ReadingCard, touches=CALL),
        on(
            StaffCall,
            StaffCallAnswer.CONTINUE,
            does=lambda: world.slept(60),
        ),
        on(ConfirmIdentity, IdentityAnswer.YES),
        on(InsuranceValid, touches=StageEvent.HOME),
        world.takes_card(),
    )
    order = [type(p).__name__ for p in stage.seen]
    assert order.index("StaffCall") < order.index("ConfirmIdentity")
    assert world.cards.reads == 1, "the reading went on below"


def test_staff_can_be_called_over_the_question_of_a_different_card(world: Any) -> None:
    world.insured()
    world.play(
        *world.known("hoa"),
        on(InsuranceValid, does=world.lays("tam")),
        on(DifferentCard, touches=CALL),
        on(
            StaffCall,
            StaffCallAnswer.CONTINUE,
            does=lambda: _no_then_use(world),
        ),
        on(ChooseClinic, touches=StageEvent.HOME),
        world.takes_card(),
    )


def test_back_and_home_do_nothing_under_a_cover(world: Any) -> None:
    def touch_both() -> None:
        world.stage.touch(StageEvent.BACK)
        world.stage.touch(StageEvent.HOME)

    world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, PatientChoice.SELF),
        on(ScanCode, touches=CALL),
        on(StaffCall, does=touch_both),
        ends=False,
        seconds=10,
    )
    assert isinstance(world.ended_on, StaffCall)
    assert not world.visits[0].empty


def test_news_of_a_call_survive_a_gateway_that_does_not_answer_for_a_while(world: Any) -> None:
    world.gateway.faults["staff-changed"] = [GatewayError(GatewayReason.TIMEOUT), GatewayError(GatewayReason.SERVER)]
    world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, touches=CALL),
        on(
            StaffCall,
            does=lambda: world.after(2, lambda: world.gateway.staff_says(wire.StaffCallStatus.ACKNOWLEDGED)),
        ),
        ends=False,
        seconds=30,
    )
    assert world.stage.last(StaffCall).state is StaffCallState.COMING


def _go_on(world: Any) -> None:
    world.stage.answer_on_top(StaffCall, StaffCallAnswer.CONTINUE)
    world.stage.touch(StageEvent.TOUCHED)
    world.after(1, lambda: world.stage.touch(CALL))


def _continue(world: Any, then: Any) -> None:
    world.stage.answer_on_top(StaffCall, StaffCallAnswer.CONTINUE)
    world.after(1, then)


def _home(world: Any) -> None:
    world.stage.touch(StageEvent.HOME)


def _no_then_use(world: Any) -> None:
    world.stage.answer_on_top(DifferentCard, YesNo.NO)
    world.stage.answer_on_top(InsuranceValid, InsuranceAnswer.USE)
