"""The card (DESIGN section 3): lifted early, lifted after the beep, the same again, a different one, left behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from drivers.smartcard.connection import CardErrorReason
from services.contract import models as wire
from services.journeys.prompts import (
    CardHolder,
    CardLeftBehind,
    ChooseClinic,
    ChoosePatient,
    ClinicChosen,
    ConfirmIdentity,
    DeclarePriority,
    DifferentCard,
    Home,
    HomeChoice,
    IdentityAnswer,
    IdleAnswer,
    IdleWarning,
    InsuranceAnswer,
    InsuranceValid,
    LiftedEarly,
    PatientChoice,
    PayByVietQR,
    PlaceCard,
    PlaceCardAnswer,
    Priority,
    Problem,
    ProblemChoice,
    ReadingCard,
    ReadStage,
    Review,
    ReviewAnswer,
    ScanCode,
    TicketAnswer,
    TicketReady,
    WithoutCard,
    YesNo,
)
from services.journeys.scripted import Line, on
from services.journeys.stage import StageEvent


def _rest(world: Any) -> tuple[Line, ...]:
    """From the insurance of an insured adult to the end."""
    return (
        on(InsuranceValid, InsuranceAnswer.USE),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(DeclarePriority, Priority.NONE),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        on(TicketReady, TicketAnswer.DONE),
        world.takes_card(),
    )


def test_a_card_lifted_in_mid_read_is_read_again_without_a_new_scan(world: Any) -> None:
    world.insured()
    world.cards.faults = [world.cards.lift]
    stage = world.play(
        *world.meets("hoa"),
        on(LiftedEarly, does=world.lays("hoa"), tries_left=3),
        on(ConfirmIdentity, IdentityAnswer.YES),
        *_rest(world),
    )
    assert world.cards.reads == 2
    assert len([p for p in stage.seen if isinstance(p, ScanCode)]) == 1
    assert world.sounds.heard.count("card-read") == 1


def test_after_three_rereads_the_card_is_given_up_with_cr_05(world: Any) -> None:
    world.cards.faults = [world.cards.lift] * 4
    world.play(
        *world.meets("hoa"),
        on(LiftedEarly, does=world.lays("hoa"), tries_left=3),
        on(LiftedEarly, does=world.lays("hoa"), tries_left=2),
        on(LiftedEarly, does=world.lays("hoa"), tries_left=1),
        on(Problem, ProblemChoice.WITHOUT_CARD, code="CR-05"),
        on(ChooseClinic, touches=StageEvent.HOME),
    )
    assert world.cards.reads == 4
    assert world.gateway.insurance_requests == [], "what the code said was not proven"


def test_after_cr_05_another_three_tries_can_be_asked_for(world: Any) -> None:
    world.insured()
    world.cards.faults = [world.cards.lift] * 4
    world.play(
        *world.meets("hoa"),
        *(on(LiftedEarly, does=world.lays("hoa")) for _ in range(3)),
        on(Problem, ProblemChoice.RETRY, code="CR-05"),
        on(PlaceCard, does=world.lays("hoa")),
        on(ConfirmIdentity, IdentityAnswer.YES),
        *_rest(world),
    )


def test_who_has_no_patience_after_lifting_goes_on_without_the_card(world: Any) -> None:
    world.cards.faults = [world.cards.lift]
    world.play(
        *world.meets("hoa"),
        on(LiftedEarly, PlaceCardAnswer.NO_CARD),
        on(ChooseClinic, touches=StageEvent.HOME),
    )


def test_the_beep_sounds_once_and_the_green_tick_is_seen(world: Any) -> None:
    world.insured()
    stage = world.play(*world.known("hoa"), *_rest(world))
    assert world.sounds.heard[0] == "card-read"
    rows = [(p.stage, p.done) for p in stage.shown if isinstance(p, ReadingCard)]
    assert rows == [(ReadStage.OPEN, False), (ReadStage.CHECK, False), (ReadStage.DATA, False), (ReadStage.DATA, True)]


def test_a_card_lifted_after_the_beep_changes_nothing_and_nobody_is_reminded(world: Any) -> None:
    world.insured()
    stage = world.play(
        *world.meets("hoa"),
        on(ConfirmIdentity, IdentityAnswer.YES, does=world.cards.lift),
        *_rest(world)[:-1],
    )
    assert not [p for p in stage.seen if isinstance(p, CardLeftBehind | LiftedEarly)]
    assert stage.last(TicketReady).card_on_reader is False


def test_a_card_lifted_in_the_very_moment_of_the_tick_changes_nothing(world: Any) -> None:
    world.insured()
    world.play(
        *world.meets("hoa"),
        on(ReadingCard, does=lambda: world.cards.when_read(world.cards.lift)),
        on(ConfirmIdentity, IdentityAnswer.YES),
        *_rest(world)[:-1],
    )


def test_the_same_card_laid_down_again_is_ignored(world: Any) -> None:
    world.insured()
    world.play(
        *world.meets("hoa"),
        on(ConfirmIdentity, IdentityAnswer.YES, does=world.cards.lift),
        on(InsuranceValid, InsuranceAnswer.USE),
        on(ChooseClinic, does=world.lays("hoa")),
        ends=False,
        seconds=30,
    )
    assert world.cards.opened == 1
    assert world.cards.reads == 1, "it is only tried, never read again"
    assert isinstance(world.ended_on, ChooseClinic)


def test_a_different_card_covers_everything_and_yes_starts_anew(world: Any) -> None:
    world.insured()
    stage = world.play(
        *world.known("hoa"),
        on(InsuranceValid, does=world.lays("tam")),
        on(DifferentCard, YesNo.YES),
        on(ChoosePatient, PatientChoice.SELF),
        on(ScanCode, does=world.scans("tam")),
        on(ConfirmIdentity, IdentityAnswer.YES, name="Phạm Thị Tâm"),
        on(InsuranceValid, InsuranceAnswer.USE),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        on(TicketReady, TicketAnswer.DONE),
        world.takes_card(),
    )
    assert len(world.visits) == 2
    assert all(visit.empty for visit in world.visits)
    assert stage.resets == 2, "the first session ended by its usual tail"
    assert len(world.gateway.registrations) == 1


def test_a_different_card_and_no_continues_the_old_work_and_keeps_nothing_of_the_other(world: Any) -> None:
    world.insured()
    world.play(
        *world.known("hoa"),
        on(InsuranceValid, does=world.lays("tam")),
        on(DifferentCard, YesNo.NO, does=lambda: world.stage.answer_on_top(InsuranceValid, InsuranceAnswer.USE)),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(DeclarePriority, Priority.NONE),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        on(TicketReady, TicketAnswer.DONE),
        world.takes_card(),
    )
    assert world.cards.reads == 1, "not a byte of the other card was read"
    assert world.gateway.registrations[0].patient.number == world.people["hoa"].citizen.number


def test_a_card_that_is_no_id_card_in_mid_journey_counts_as_different(world: Any) -> None:
    world.insured()
    world.people["bank"] = replace(world.people["tam"], emrtd=False)
    world.play(
        *world.known("hoa"),
        on(InsuranceValid, does=world.lays("bank")),
        on(DifferentCard),
        ends=False,
    )


def test_nobody_answers_about_the_different_card_so_the_session_ends(world: Any) -> None:
    world.insured()
    world.play(
        *world.known("hoa"),
        on(InsuranceValid, does=world.lays("tam")),
        on(DifferentCard),
        on(IdleWarning, card_on_reader=True),
        on(CardLeftBehind),
    )
    assert world.visits[0].empty


def test_a_different_card_while_paying_cancels_the_code_and_gives_the_number_back(world: Any) -> None:
    world.uninsured()
    world.play(
        *world.pays("hoa"),
        on(PayByVietQR, does=world.lays("tam")),
        on(DifferentCard, YesNo.YES),
        on(ChoosePatient, touches=StageEvent.HOME),
        on(CardLeftBehind, does=world.cards.lift),
    )
    assert "cancel-payment" in world.gateway.calls
    assert world.gateway.abandoned == [wire.AbandonReason.OTHER_CARD]
    assert world.printer.slips == []


def test_a_card_laid_down_by_someone_without_a_card_means_nothing(world: Any) -> None:
    world.play(
        on(Home, HomeChoice.CHECK_IN_WITHOUT_CARD),
        on(ChoosePatient, PatientChoice.SELF),
        on(WithoutCard, does=world.lays("hoa")),
        ends=False,
        seconds=30,
    )
    assert isinstance(world.ended_on, WithoutCard)


def test_who_went_on_by_the_code_alone_is_not_taken_for_somebody_else_with_that_card(world: Any) -> None:
    world.cards.faults = [world.cards.lift]
    world.play(
        *world.meets("hoa"),
        on(LiftedEarly, PlaceCardAnswer.NO_CARD),
        on(ChooseClinic, does=world.lays("hoa")),
        ends=False,
        seconds=30,
    )
    assert isinstance(world.ended_on, ChooseClinic)


def test_somebody_elses_card_is_noticed_also_where_only_a_code_was_shown(world: Any) -> None:
    world.cards.faults = [world.cards.lift]
    world.play(
        *world.meets("hoa"),
        on(LiftedEarly, PlaceCardAnswer.NO_CARD),
        on(ChooseClinic, does=world.lays("tam")),
        on(DifferentCard),
        ends=False,
    )


def test_a_card_left_at_the_end_is_reminded_with_three_notes_every_five_seconds(world: Any) -> None:
    world.insured()
    stage = world.play(*world.known("hoa"), *_rest(world)[:-1], on(CardLeftBehind))
    assert world.sounds.heard.count("card-forgotten") in {6, 7}, "30 s"
    assert stage.last(TicketReady).card_on_reader is True


def test_the_reminder_ends_when_the_card_is_taken(world: Any) -> None:
    world.insured()
    world.play(*world.known("hoa"), *_rest(world))
    assert world.sounds.heard.count("card-forgotten") == 1


def test_a_forgotten_card_does_not_start_a_session_by_itself(world: Any) -> None:
    world.insured()
    world.play(*world.known("hoa"), *_rest(world)[:-1], on(CardLeftBehind), seconds=600)
    assert isinstance(world.ended_on, Home)
    assert len(world.visits) == 1


def test_a_card_laid_down_on_the_start_page_begins_a_check_in(world: Any) -> None:
    world.play(
        on(Home, does=world.lays("hoa")),
        on(ChoosePatient, PatientChoice.SELF),
        on(ScanCode),
        ends=False,
    )
    assert world.stage.last(ScanCode).hint == "scan.first"


def test_a_card_laid_down_before_the_scan_is_no_mistake_and_is_read_at_once(world: Any) -> None:
    world.insured()
    stage = world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, PatientChoice.SELF),
        on(ScanCode, does=_both(world.lays("hoa"), world.scans_later("hoa"))),
        on(ConfirmIdentity, IdentityAnswer.YES),
        *_rest(world),
    )
    hints = [p.hint for p in stage.shown if isinstance(p, ScanCode)]
    assert hints == [None, "scan.first"]
    assert not [p for p in stage.seen if isinstance(p, PlaceCard)]


def test_another_persons_code_is_told_and_the_right_one_opens_the_card_that_lies_there(world: Any) -> None:
    world.insured()
    world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, PatientChoice.SELF),
        on(ScanCode, does=world.scans("khang")),
        on(PlaceCard, does=world.lays("hoa")),
        on(ScanCode, does=world.scans("hoa"), hint="scan.other_person"),
        on(ConfirmIdentity, IdentityAnswer.YES, name="Lê Thị Hoa"),
        *_rest(world),
    )


def test_another_persons_code_twice_offers_another_way_and_forgets_that_code(world: Any) -> None:
    stage = world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, PatientChoice.SELF),
        on(ScanCode, does=world.scans("khang")),
        on(PlaceCard, does=world.lays("hoa")),
        on(ScanCode, does=world.scans("khang"), hint="scan.other_person"),
        on(Problem, ProblemChoice.WITHOUT_CARD, code="QR-13"),
        on(WithoutCard, touches=StageEvent.HOME),
        world.takes_card(),
    )
    assert not [p for p in stage.shown if isinstance(p, ConfirmIdentity)]


def test_a_card_that_is_no_emrtd_is_told_and_another_may_be_laid_down(world: Any) -> None:
    world.insured()
    world.people["bank"] = replace(world.people["hoa"], emrtd=False)
    world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, PatientChoice.SELF),
        on(ScanCode, does=world.scans("hoa")),
        on(PlaceCard, does=world.lays("bank")),
        on(Problem, ProblemChoice.RETRY, code="CR-03"),
        on(PlaceCard, does=world.lays("hoa")),
        on(ConfirmIdentity, IdentityAnswer.YES),
        *_rest(world),
    )


def test_a_chip_that_stumbles_once_is_read_again_as_it_lies(world: Any) -> None:
    world.insured()
    world.cards.faults = [CardErrorReason.PROTOCOL]
    world.play(*world.known("hoa"), *_rest(world))
    assert world.cards.reads == 2


@pytest.mark.parametrize(
    ("reason", "code"),
    [(CardErrorReason.MUTE, "CR-08"), (CardErrorReason.PROTOCOL, "CR-09"), (CardErrorReason.WORKER, "CR-10")],
)
def test_a_chip_that_keeps_stumbling_is_told_and_given_up_after_three_rereads(
    world: Any, reason: CardErrorReason, code: str
) -> None:
    world.cards.faults = [reason] * 4
    world.play(
        *world.meets("hoa"),
        on(Problem, does=world.lays("hoa"), code=code),
        on(Problem, ProblemChoice.RETRY, code=code),
        on(Problem, ProblemChoice.WITHOUT_CARD, code="CR-05"),
        on(ChooseClinic, touches=StageEvent.HOME),
        world.takes_card(),
    )
    assert world.cards.reads == 4


@pytest.mark.parametrize(
    ("reason", "code"), [(CardErrorReason.NO_READER, "CR-01"), (CardErrorReason.NO_SERVICE, "CR-02")]
)
def test_without_a_reader_other_ways_are_offered_before_anybody_tries(
    world: Any, reason: CardErrorReason, code: str
) -> None:
    world.cards.lose(reason)
    world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, PatientChoice.SELF),
        on(ScanCode),
        on(Problem, ProblemChoice.WITHOUT_CARD, code=code),
        on(WithoutCard, touches=StageEvent.HOME),
    )


def test_a_reader_lost_while_the_card_is_waited_for_is_told(world: Any) -> None:
    world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, PatientChoice.SELF),
        on(ScanCode, does=world.scans("hoa")),
        on(PlaceCard, does=lambda: world.cards.lose(CardErrorReason.NO_SERVICE)),
        on(Problem, ProblemChoice.WITHOUT_CARD, code="CR-02"),
        on(ChooseClinic, touches=StageEvent.HOME),
    )


def test_a_reader_lost_in_mid_read_is_told_and_read_again_when_it_is_back(world: Any) -> None:
    def back() -> None:
        world.cards.available = True

    world.insured()
    world.cards.faults = [lambda: world.cards.lose(CardErrorReason.NO_READER)]
    world.play(
        *world.meets("hoa"),
        on(LiftedEarly),
        on(Problem, ProblemChoice.RETRY, code="CR-01", does=back),
        on(LiftedEarly, does=world.lays("hoa")),
        on(ConfirmIdentity, IdentityAnswer.YES),
        *_rest(world),
    )


def test_stopping_the_reading_leads_back_to_the_scanner(world: Any) -> None:
    world.play(
        *world.meets("hoa"),
        on(ReadingCard, None),
        on(ScanCode, touches=StageEvent.HOME, holder=CardHolder.PATIENT),
        world.takes_card(),
    )


def test_the_idle_warning_tells_of_a_card_on_the_reader(world: Any) -> None:
    world.insured()
    world.play(
        *world.known("hoa"),
        on(InsuranceValid),
        on(IdleWarning, IdleAnswer.END, card_on_reader=True),
        world.takes_card(),
    )


def _both(*acts: Callable[[], object]) -> Callable[[], object]:
    def act() -> None:
        for each in acts:
            each()

    return act
