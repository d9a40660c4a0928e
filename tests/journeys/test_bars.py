"""Back keeps answers, Home wipes them: at every question of the check-in."""

from __future__ import annotations

from typing import Any

import pytest

from services.journeys.prompts import (
    CardHolder,
    ChooseClinic,
    ChoosePatient,
    ChooseRelation,
    ClinicChosen,
    ConfirmIdentity,
    DeclarePriority,
    Home,
    HomeChoice,
    IdentityAnswer,
    InsuranceAnswer,
    InsuranceValid,
    PatientChoice,
    PlaceCard,
    Priority,
    Relation,
    Review,
    ReviewAnswer,
    ScanAnswer,
    ScanCode,
    TicketAnswer,
    TicketReady,
    TypedDigits,
    TypeDigits,
    WithoutCard,
    WithoutCardAnswer,
    Working,
    WorkingAnswer,
)
from services.journeys.scripted import Line, on
from services.journeys.stage import StageEvent

BACK = StageEvent.BACK
HOME = StageEvent.HOME


def _way(world: Any) -> list[Line]:
    """An insured adult's questions, each answered once."""
    return [
        on(ChoosePatient, PatientChoice.SELF),
        on(ScanCode, does=world.scans("hoa")),
        on(PlaceCard, does=world.lays("hoa")),
        on(ConfirmIdentity, IdentityAnswer.YES),
        on(InsuranceValid, InsuranceAnswer.USE),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(DeclarePriority, Priority.NONE),
        on(Review, ReviewAnswer.TAKE_NUMBER),
    ]


@pytest.mark.parametrize("index", range(8))
def test_home_at_any_question_leads_to_the_start_page_and_wipes(world: Any, index: int) -> None:
    world.insured()
    way = _way(world)
    tail = [world.takes_card()] if index > 2 else []
    world.play(on(Home, HomeChoice.CHECK_IN), *way[:index], on(way[index].prompt, touches=HOME), *tail)
    assert world.visits[0].empty
    assert world.stage.resets == 1
    assert world.gateway.registrations == []
    assert world.gateway.abandoned == []


def test_back_from_the_first_question_leads_to_the_start_page(world: Any) -> None:
    world.play(on(Home, HomeChoice.CHECK_IN), on(ChoosePatient, touches=BACK))
    assert world.stage.resets == 1


def test_back_walks_through_every_question_and_the_answers_stay(world: Any) -> None:
    world.insured()
    way = _way(world)
    stage = world.play(
        on(Home, HomeChoice.CHECK_IN),
        *way[:7],
        on(Review, touches=BACK),
        on(DeclarePriority, touches=BACK),
        on(ChooseClinic, touches=BACK),
        on(InsuranceValid, touches=BACK),
        on(ConfirmIdentity, touches=BACK),
        on(ChoosePatient, PatientChoice.SELF),
        on(ConfirmIdentity, IdentityAnswer.YES),
        on(InsuranceValid, InsuranceAnswer.USE),
        on(ChooseClinic, ClinicChosen("ent")),
        on(Review, ReviewAnswer.TAKE_NUMBER, clinic="Tai mũi họng"),
        on(TicketReady, TicketAnswer.DONE),
        world.takes_card(),
    )
    assert world.cards.reads == 1, "a known card is not read again"
    assert len(world.gateway.insurance_requests) == 1, "the insurer is not asked again"
    slides = dict.fromkeys(type(p).__name__ for p, back in zip(stage.seen, stage.backwards, strict=True) if back)
    assert list(slides) == ["DeclarePriority", "ChooseClinic", "InsuranceValid", "ConfirmIdentity", "ChoosePatient"]


def test_back_from_the_priority_to_declare_it_otherwise(world: Any) -> None:
    world.insured()
    world.play(
        *world.reviews("hoa"),
        on(Review, touches=BACK),
        on(DeclarePriority, Priority.PREGNANT),
        on(Review, ReviewAnswer.TAKE_NUMBER, priority=True),
        on(TicketReady, TicketAnswer.DONE),
        world.takes_card(),
    )


def test_back_skips_what_the_chip_proved(world: Any) -> None:
    world.insured()
    world.play(
        *world.known("tam"),
        on(InsuranceValid, InsuranceAnswer.USE),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(Review, touches=BACK),
        on(ChooseClinic, touches=HOME),
        world.takes_card(),
    )


def test_back_from_the_reader_leads_to_the_scanner_and_from_there_to_the_first_question(world: Any) -> None:
    world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, PatientChoice.SELF),
        on(ScanCode, does=world.scans("hoa")),
        on(PlaceCard, touches=BACK),
        on(ScanCode, touches=BACK),
        on(ChoosePatient, touches=HOME),
    )


def test_examining_somebody_else_after_all_forgets_the_first_patient(world: Any) -> None:
    world.insured()
    world.play(
        *world.meets("hoa"),
        on(ConfirmIdentity, touches=BACK),
        on(ChoosePatient, PatientChoice.CHILD),
        on(ScanCode, touches=HOME, holder=CardHolder.CHILD),
        world.takes_card(),
    )


def test_back_without_a_card_leads_out_question_by_question(world: Any) -> None:
    world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, PatientChoice.SELF),
        on(ScanCode, ScanAnswer.NO_CARD),
        on(WithoutCard, WithoutCardAnswer.TYPE_NUMBER),
        on(TypeDigits, TypedDigits("001188004471")),
        on(TypeDigits, touches=BACK),
        on(TypeDigits, touches=BACK),
        on(WithoutCard, WithoutCardAnswer.INSURANCE_CODE),
        on(ScanCode, touches=BACK),
        on(WithoutCard, touches=BACK),
        on(ScanCode, touches=BACK),
        on(ChoosePatient, touches=BACK),
    )


def test_back_among_the_companions_questions(world: Any) -> None:
    world.insured()
    world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, PatientChoice.OTHER),
        on(ScanCode, does=world.scans("tam")),
        on(PlaceCard, does=world.lays("tam")),
        on(ConfirmIdentity, IdentityAnswer.YES),
        on(ScanCode, ScanAnswer.NO_COMPANION_CARD),
        on(ChooseRelation, touches=BACK),
        on(ScanCode, ScanAnswer.NO_COMPANION_CARD, holder=CardHolder.COMPANION),
        on(ChooseRelation, Relation.RELATIVE),
        on(InsuranceValid, touches=BACK),
        on(ChooseRelation, touches=BACK),
        on(ConfirmIdentity, IdentityAnswer.YES),
        on(InsuranceValid, touches=HOME),
        world.takes_card(),
    )


def test_stopping_the_look_up_goes_on_with_the_insurance_to_be_confirmed(world: Any) -> None:
    world.insured()
    world.gateway.delays["insurance"] = 60
    world.play(
        *world.known("hoa"),
        on(Working, WorkingAnswer.STOP, message="working.insurance", can_stop=True),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(DeclarePriority, Priority.NONE),
        on(Review, ReviewAnswer.TAKE_NUMBER, insured=True, amounts=None),
        on(TicketReady, TicketAnswer.DONE, notes=("slip.insurance_pending",)),
        world.takes_card(),
    )
    assert world.gateway.registrations[0].insurance_unreachable


def test_nothing_goes_back_once_the_number_is_taken(world: Any) -> None:
    world.insured()
    world.play(
        *world.reviews("hoa"),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        on(TicketReady, touches=BACK),
        world.takes_card(),
    )
    assert len(world.gateway.registrations) == 1
    assert world.gateway.abandoned == []


def test_touching_a_bar_twice_is_one_touch(world: Any) -> None:
    def twice() -> None:
        world.stage.touch(HOME)
        world.stage.touch(HOME)

    world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, does=twice),
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, touches=BACK),
    )
