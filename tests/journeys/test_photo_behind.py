"""The photo streams in behind: the name stands before it, the card may be lifted from the beep on, nothing waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from services.contract import models as wire
from services.identity.recognise import OtherPersonsCard
from services.journeys.prompts import (
    CardHolder,
    CardLeftBehind,
    ChooseClinic,
    ChoosePatient,
    ChooseRelation,
    ClinicChosen,
    ConfirmIdentity,
    DeclarePriority,
    DifferentCard,
    Home,
    HomeChoice,
    IdentityAnswer,
    InsuranceAnswer,
    InsuranceValid,
    LiftedEarly,
    PatientChoice,
    PhotoPlace,
    PlaceCard,
    Priority,
    Problem,
    ProblemChoice,
    ReadingCard,
    Relation,
    Review,
    ReviewAnswer,
    ScanCode,
    TicketAnswer,
    TicketReady,
    YesNo,
)
from services.journeys.scripted import Line, on
from services.journeys.stage import StageEvent


def _rest() -> tuple[Line, ...]:
    return (
        on(InsuranceValid, InsuranceAnswer.USE),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(DeclarePriority, Priority.NONE),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        on(TicketReady, TicketAnswer.DONE),
    )


def _asked(world: Any) -> list[ConfirmIdentity]:
    return [prompt for prompt in world.stage.shown if isinstance(prompt, ConfirmIdentity)]


def test_the_name_stands_before_the_photo_which_comes_in_on_the_same_page(world: Any) -> None:
    world.insured()
    heard: list[tuple[bool, list[str]]] = []

    async def look() -> None:
        heard.append((world.cards.reading, list(world.sounds.heard)))
        await world.slept(2)

    world.play(
        *world.meets("hoa"),
        on(ConfirmIdentity, IdentityAnswer.YES, does=look, name="Lê Thị Hoa", photo=None),
        *_rest(),
        world.takes_card(),
    )
    assert heard == [(True, ["card-read"])], "the beep comes with the name, while the photo is still being read"
    states = [(asked.photo, asked.photo_place) for asked in _asked(world)]
    assert states == [(None, PhotoPlace.COMING), (b"photo", PhotoPlace.READ)]
    assert world.gateway.registrations[0].patient.level is wire.EvidenceLevel.CHIP_GENUINE
    assert world.cards.reads == 1


def test_a_card_lifted_while_the_photo_streams_goes_on_without_it(world: Any) -> None:
    world.insured()

    async def lifts() -> None:
        world.cards.lift()
        await world.slept(5)

    stage = world.play(*world.meets("hoa"), on(ConfirmIdentity, IdentityAnswer.YES, does=lifts), *_rest())
    assert [asked.photo_place for asked in _asked(world)] == [PhotoPlace.COMING, PhotoPlace.MISSED]
    assert all(asked.photo is None and asked.name == "Lê Thị Hoa" for asked in _asked(world))
    assert not [p for p in stage.seen if isinstance(p, LiftedEarly | Problem | CardLeftBehind)]
    assert world.sounds.heard.count("card-read") == 1
    assert world.sounds.heard.count("error") == 0
    assert world.gateway.registrations[0].patient.level is wire.EvidenceLevel.CHIP_GENUINE
    assert world.cards.photos == ["missed"]


def test_a_card_lifted_just_before_who_it_is_is_known_is_asked_for_again(world: Any) -> None:
    world.insured()
    world.cards.faults = [world.cards.lift]
    stage = world.play(
        *world.meets("hoa"),
        on(LiftedEarly, does=world.lays("hoa")),
        on(ConfirmIdentity, IdentityAnswer.YES),
        *_rest(),
        world.takes_card(),
    )
    ticks = [p for p in stage.shown if isinstance(p, ReadingCard) and p.done]
    assert len(ticks) == 1
    assert world.sounds.heard.count("card-read") == 1


def test_who_says_yes_before_the_photo_is_there_never_waits_for_it(world: Any) -> None:
    world.insured()
    world.cards.photo_seconds = 4000
    stage = world.play(
        *world.known("hoa"),
        *_rest()[:-1],
        on(TicketReady, TicketAnswer.DONE, does=lambda: world.cards.lift()),
    )
    assert not [p for p in stage.seen if isinstance(p, CardLeftBehind)]
    assert len(world.gateway.registrations) == 1
    assert world.cards.photos == ["missed"]


def test_an_altered_photo_is_an_altered_card_also_after_the_name_was_shown(world: Any) -> None:
    world.insured()
    world.trust.altered.add("hoa")
    world.play(
        *world.meets("hoa"),
        on(ConfirmIdentity),
        on(Problem, ProblemChoice.WITHOUT_CARD, code="CR-06"),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(DeclarePriority, Priority.NONE),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        on(TicketReady, TicketAnswer.DONE, notes=("slip.insurance_pending", "slip.unverified")),
        world.takes_card(),
    )
    assert [asked.photo for asked in _asked(world)] == [None], "it was never shown"
    assert world.gateway.registrations[0].patient.level is wire.EvidenceLevel.CHIP_FAILED
    assert world.gateway.insurance_requests == []


def test_an_altered_photo_found_after_the_answer_reaches_the_staff(world: Any) -> None:
    world.insured()
    world.trust.altered.add("hoa")
    world.play(
        *world.known("hoa"),
        on(InsuranceValid, InsuranceAnswer.USE, does=lambda: world.slept(5)),
        *_rest()[1:],
        world.takes_card(),
    )
    person = world.gateway.registrations[0].patient
    assert person.level is wire.EvidenceLevel.CHIP_FAILED
    assert person.evidence is not None


def test_not_me_reads_no_more_of_the_photo(world: Any) -> None:
    world.cards.photo_seconds = 60
    world.play(
        *world.meets("khang"),
        on(ConfirmIdentity, IdentityAnswer.NO),
        on(ScanCode, touches=StageEvent.HOME),
        world.takes_card(),
    )
    assert world.cards.photos == ["stopped"]


def test_the_photo_of_a_companion_is_never_read(world: Any) -> None:
    world.insured()
    world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, PatientChoice.OTHER),
        on(ScanCode, does=world.scans("tam")),
        on(PlaceCard, does=world.lays("tam")),
        on(ConfirmIdentity, IdentityAnswer.YES, does=lambda: world.slept(2)),
        on(ScanCode, does=world.scans("hoa"), holder=CardHolder.COMPANION),
        on(PlaceCard, does=world.lays("hoa"), hint="reader.swap"),
        on(ChooseRelation, Relation.RELATIVE, does=lambda: world.slept(5)),
        on(InsuranceValid, touches=StageEvent.HOME),
        world.takes_card(),
    )
    assert world.cards.photos == ["read", "stopped"]


def test_a_chip_without_a_photo_says_so_and_nothing_is_waited_for(world: Any) -> None:
    world.insured()
    world.people["hoa"] = replace(world.people["hoa"], citizen=replace(world.people["hoa"].citizen, photo=None))
    world.cards.photo_seconds = 0
    world.play(
        *world.meets("hoa"),
        on(ConfirmIdentity, IdentityAnswer.YES, does=lambda: world.slept(1)),
        *_rest(),
        world.takes_card(),
    )
    assert _asked(world)[-1].photo_place is PhotoPlace.READ


def test_back_and_on_again_shows_the_photo_that_came_meanwhile(world: Any) -> None:
    world.insured()
    world.play(
        *world.meets("hoa"),
        on(ConfirmIdentity, touches=StageEvent.BACK),
        on(ChoosePatient, PatientChoice.SELF, does=lambda: world.slept(2)),
        on(ConfirmIdentity, IdentityAnswer.YES, photo=b"photo", photo_place=PhotoPlace.READ),
        *_rest(),
        world.takes_card(),
    )
    assert world.cards.reads == 1


def test_a_different_card_laid_while_the_photo_streams_is_noticed(world: Any) -> None:
    world.play(
        *world.meets("hoa"),
        on(ConfirmIdentity, does=world.lays("tam")),
        on(DifferentCard, YesNo.YES),
        on(ChoosePatient, touches=StageEvent.HOME),
        world.takes_card(),
    )
    assert world.cards.photos == ["missed"]
    assert all(visit.empty for visit in world.visits)


def test_the_photo_of_a_slow_card_comes_in_before_the_answer(world: Any) -> None:
    world.insured()
    world.cards.photo_seconds = 10
    world.play(
        *world.meets("hoa"),
        on(ConfirmIdentity, IdentityAnswer.YES, does=lambda: world.slept(20)),
        *_rest(),
        world.takes_card(),
    )
    assert _asked(world)[-1].photo == b"photo"


def test_going_home_while_the_photo_streams_ends_the_reading_and_wipes(world: Any) -> None:
    world.cards.photo_seconds = 600
    world.play(*world.meets("hoa"), on(ConfirmIdentity, touches=StageEvent.HOME), world.takes_card())
    assert world.cards.photos == ["stopped"]
    assert world.cards.reading is False
    assert all(visit.empty for visit in world.visits)


def test_a_card_whose_chip_is_another_persons_than_the_code_asks_for_the_right_code(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The chip opened (a guessed key fits), but what it says belongs to somebody else: a sentence, never a loop."""

    async def another(*_: object) -> object:
        raise OtherPersonsCard

    monkeypatch.setattr(world.trust, "recognise", another)
    _says_wrong_code_and_offers_another_way(world, lambda: None)
    assert "card-read" not in world.sounds.heard, "no beep for somebody else's card"


def test_a_card_that_the_code_does_not_open_asks_for_the_right_code(world: Any) -> None:
    """The code of Hoa, the card of Tam: access is denied."""
    _says_wrong_code_and_offers_another_way(world, world.lays("tam"))
    assert "card-read" not in world.sounds.heard


def _says_wrong_code_and_offers_another_way(world: Any, swap: Callable[[], None]) -> None:
    stage = world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, PatientChoice.SELF),
        on(ScanCode, does=lambda: (world.lays("hoa")(), swap(), world.scans("hoa")())),
        on(ScanCode, does=world.scans("hoa"), hint="scan.other_person"),
        on(Problem, ProblemChoice.RETRY, code="QR-13"),
        on(ScanCode, does=world.scans("hoa"), hint="scan.other_person"),
        on(ScanCode, does=world.scans("hoa"), hint="scan.other_person"),
        on(Problem, code="QR-13"),
        ends=False,
        seconds=5,
    )
    assert world.cards.reads == 4, "one reading for each code that was shown, none by itself"
    assert not [p for p in stage.shown if isinstance(p, ConfirmIdentity)]
