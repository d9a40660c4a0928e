"""Leaving a fingerprint template after a check-in, and coming back by it: asked once, said truthfully."""

from __future__ import annotations

import base64
import zlib
from typing import Any

import pytest

from services.contract import models as wire
from services.gateway_client.errors import GatewayError, GatewayReason
from services.journeys.ports import FingerTry
from services.journeys.prompts import (
    AskConsent,
    ChooseClinic,
    ChoosePatient,
    ClinicAnswer,
    ClinicChosen,
    CompareFinger,
    ConfirmIdentity,
    ConsentChoice,
    DeclarePriority,
    Finger,
    FingerAnswer,
    FingerKept,
    FingerReference,
    Home,
    HomeChoice,
    InsuranceAnswer,
    InsuranceValid,
    PatientChoice,
    Priority,
    Review,
    ReviewAnswer,
    TicketAnswer,
    TicketReady,
    TypeAnswer,
    TypedDigits,
    TypeDigits,
    WithoutCard,
    WithoutCardAnswer,
)
from services.journeys.scripted import Line, on
from services.journeys.stage import StageEvent
from tests.journeys.conftest import Fingers

SEEN = wire.FingerPicture(width=64, height=64, dpi=500, pixels=base64.b64encode(zlib.compress(bytes(4096))).decode())
LOST = FingerTry(lost=True, counts=False)
WORDS = wire.NoticeText(who="w", what="w", long="w", rights="w", contact="w", spoken="w")
FINGER = wire.ConsentText(id="finger", name="Lưu mẫu vân tay", name_en="Keep", text="Xin phép.", text_en="May we.")
OTHER = wire.ConsentText(id="document-copies", name="Bản chụp", name_en="Copies", text="Xin phép.", text_en="May we.")


def enrols(world: Any, *impressions: Any, returning: bool = False, reference: FingerReference | None = None) -> None:
    """A site that enrols fingers, and a reader that gives these."""
    world.insured()
    site = {"fingers": wire.FingerPolicy(enrol=True, returning=returning)}
    world.gateway.site = world.gateway.site.model_copy(update=site)
    world.gateway.notice = wire.Notice(version="2026-11-01", digest="0" * 64, vi=WORDS, en=WORDS, consents=(FINGER,))
    world.fingers = Fingers(reference=reference)
    world.fingers.impressions = list(impressions)


def before(world: Any) -> tuple[Line, ...]:
    """From the start page to the number."""
    return (
        *world.known("hoa"),
        on(InsuranceValid, InsuranceAnswer.USE),
        on(ChooseClinic, ClinicChosen("ent")),
        on(DeclarePriority, Priority.NONE),
        on(Review, ReviewAnswer.TAKE_NUMBER),
    )


def after(world: Any) -> tuple[Line, ...]:
    """The ticket, and the card taken away."""
    return (on(TicketReady, TicketAnswer.DONE), world.takes_card())


def test_three_impressions_are_left_with_a_consent_of_their_own(world: Any) -> None:
    enrols(world, SEEN, FingerTry(hint="wipe", counts=False), SEEN, SEEN)
    stage = world.play(
        *before(world),
        on(AskConsent, ConsentChoice.AGREE),
        on(CompareFinger, number=1, reference=FingerReference.NEW, hint=None),
        on(CompareFinger, number=2, hint="finger.hint.lift"),
        on(CompareFinger, number=2, hint="finger.hint.wipe"),
        on(CompareFinger, number=3),
        on(FingerKept, None),
        *after(world),
    )
    (sent,) = world.fingers.enrolled
    assert (sent.position, len(sent.pictures), sent.phone_last4) == (2, 3, None)
    assert sent.consent.answers == (wire.ConsentAnswer(purpose="finger", given=True),)
    assert sent.consent.registration_key
    assert stage.last(FingerKept).kept is True


def test_a_finger_that_rests_on_the_glass_is_no_picture_and_is_hinted_at_once(world: Any) -> None:
    resting = [FingerTry(hint="lift", counts=False)] * 8
    enrols(world, SEEN, *resting, SEEN, *resting, SEEN)
    stage = world.play(
        *before(world),
        on(AskConsent, ConsentChoice.AGREE),
        *[on(CompareFinger, number=number) for number in (1, 2, 3)],
        on(FingerKept, None),
        *after(world),
    )
    assert stage.last(FingerKept).kept is True
    assert "error" not in world.sounds.heard


def test_refusing_changes_nothing_and_is_noted(world: Any) -> None:
    enrols(world, SEEN)
    stage = world.play(*before(world), on(AskConsent, ConsentChoice.REFUSE), *after(world))
    assert world.fingers.enrolled == [] and CompareFinger not in {type(prompt) for prompt in stage.seen}
    (noted,) = world.gateway.consents
    assert noted.answers == (wire.ConsentAnswer(purpose="finger", given=False),)


def test_who_changes_their_mind_is_told_that_nothing_is_stored(world: Any) -> None:
    enrols(world)
    stage = world.play(
        *before(world),
        on(AskConsent, ConsentChoice.AGREE),
        on(CompareFinger, FingerAnswer.OTHER_WAY),
        on(FingerKept, None),
        *after(world),
    )
    assert stage.last(FingerKept).kept is False and world.fingers.enrolled == []


def test_another_finger_begins_anew_and_is_no_picture(world: Any) -> None:
    enrols(world)
    world.play(
        *before(world),
        on(AskConsent, ConsentChoice.AGREE),
        *[on(CompareFinger, FingerAnswer.OTHER_FINGER, number=1)] * 7,
        on(CompareFinger, FingerAnswer.OTHER_WAY, number=1, hint=None),
        on(FingerKept, None),
        *after(world),
    )
    assert world.fingers.enrolled == []


POOR = FingerTry(hint="press", counts=False)


def test_another_finger_has_captures_of_its_own(world: Any) -> None:
    enrols(world, POOR, POOR, POOR, SEEN, SEEN, SEEN)
    stage = world.play(
        *before(world),
        on(AskConsent, ConsentChoice.AGREE),
        *[on(CompareFinger, number=1)] * 3,
        on(CompareFinger, FingerAnswer.OTHER_FINGER, number=1),
        *[on(CompareFinger, number=number) for number in (1, 2, 3)],
        on(FingerKept, None),
        *after(world),
    )
    assert stage.last(FingerKept).kept is True and world.fingers.enrolled[0].position == 7


def test_nobody_is_asked_on_when_three_pictures_cannot_come_any_more(world: Any) -> None:
    enrols(world, POOR, POOR, POOR, POOR, SEEN)
    lines = [on(CompareFinger, number=1)] * 4
    stage = world.play(*before(world), on(AskConsent, ConsentChoice.AGREE), *lines, on(FingerKept, None), *after(world))
    assert stage.last(FingerKept).kept is False


def test_fingers_that_give_no_picture_end_after_once_through(world: Any) -> None:
    enrols(world, *[POOR] * 4)
    lines = [on(CompareFinger, FingerAnswer.OTHER_FINGER)] * 5
    stage = world.play(
        *before(world),
        on(AskConsent, ConsentChoice.AGREE),
        *lines,
        *[on(CompareFinger)] * 2,
        on(CompareFinger, FingerAnswer.OTHER_FINGER),
        *[on(CompareFinger)] * 2,
        on(FingerKept, None),
        *after(world),
    )
    assert stage.last(FingerKept).kept is False


@pytest.mark.parametrize("verdict", [wire.FingerAnswer.NO_MATCH, wire.FingerAnswer.POOR])
def test_three_touches_that_do_not_match_each_other_are_taken_once_more(world: Any, verdict: Any) -> None:
    enrols(world, *[SEEN] * 6)
    world.fingers.verdict = verdict
    stage = world.play(
        *before(world),
        on(AskConsent, ConsentChoice.AGREE),
        on(CompareFinger, FingerAnswer.OTHER_FINGER),
        *[on(CompareFinger, number=number) for number in (1, 2, 3)],
        on(CompareFinger, number=1, finger=Finger.LEFT_INDEX, hint="finger.hint.differ"),
        *[on(CompareFinger, number=number) for number in (2, 3)],
        on(FingerKept, None),
        *after(world),
    )
    assert [sent.position for sent in world.fingers.enrolled] == [7, 7]
    assert stage.last(FingerKept).kept is False


@pytest.mark.parametrize(
    "verdict",
    [
        wire.FingerAnswer.FAILED,
        GatewayError(GatewayReason.NO_NETWORK, "test", sent=False),
    ],
)
def test_what_the_gateway_did_not_keep_is_not_said_to_be_kept(world: Any, verdict: Any) -> None:
    enrols(world, SEEN, SEEN, SEEN)
    world.fingers.verdict = verdict
    lines = (on(AskConsent, ConsentChoice.AGREE), *[on(CompareFinger)] * 3, on(FingerKept, None))
    stage = world.play(*before(world), *lines, *after(world))
    assert stage.last(FingerKept).kept is False


def test_who_enrolled_before_is_not_asked_again(world: Any) -> None:
    enrols(world, reference=FingerReference.ENROLLED)
    stage = world.play(*before(world), *after(world))
    assert AskConsent not in {type(prompt) for prompt in stage.seen}


def test_a_reader_that_is_lost_in_between_ends_the_offer(world: Any) -> None:
    enrols(world, SEEN, LOST)
    lines = (on(AskConsent, ConsentChoice.AGREE), on(CompareFinger), on(CompareFinger), on(FingerKept, None))
    stage = world.play(*before(world), *lines, *after(world))
    assert stage.last(FingerKept).kept is False


def test_the_phone_is_asked_only_where_people_may_come_back_without_the_card(world: Any) -> None:
    enrols(world, SEEN, SEEN, SEEN, returning=True)
    world.play(
        *before(world),
        on(AskConsent, ConsentChoice.AGREE),
        on(TypeDigits, TypedDigits("0829")),
        *[on(CompareFinger)] * 3,
        on(FingerKept, None),
        *after(world),
    )
    assert world.fingers.enrolled[0].phone_last4 == "0829"


def test_skipping_the_phone_keeps_the_finger_for_the_card_alone(world: Any) -> None:
    enrols(world, SEEN, SEEN, SEEN, returning=True)
    lines = (on(AskConsent, ConsentChoice.AGREE), on(TypeDigits, TypeAnswer.SKIP), *[on(CompareFinger)] * 3)
    world.play(*before(world), *lines, on(FingerKept, None), *after(world))
    assert world.fingers.enrolled[0].phone_last4 is None


def back_again(world: Any, *puts: FingerTry) -> tuple[Line, ...]:
    """Without the card, by a finger."""
    enrols(world, returning=True)
    world.fingers.puts = list(puts)
    return (
        on(Home, HomeChoice.CHECK_IN_WITHOUT_CARD),
        on(ChoosePatient, PatientChoice.SELF),
        on(WithoutCard, WithoutCardAnswer.FINGER),
        on(TypeDigits, TypedDigits("01011985")),
        on(TypeDigits, TypedDigits("0829")),
    )


def test_a_returning_person_is_known_by_birth_date_phone_and_finger_and_shown_nothing(world: Any) -> None:
    stage = world.play(
        *back_again(world, FingerTry(same=True)),
        on(CompareFinger),
        on(ChooseClinic, ClinicAnswer.GUIDE_DESK),
        on(DeclarePriority, Priority.NONE),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        on(TicketReady, TicketAnswer.DONE),
    )
    (sent,) = world.gateway.registrations
    assert sent.patient.level is wire.EvidenceLevel.FINGER and sent.patient.finger == "0123456789abcdef" * 2
    assert (sent.patient.name, sent.patient.number) == (None, None)
    assert world.fingers.typed == [("1985-01-01", "0829")]
    assert ConfirmIdentity not in {type(prompt) for prompt in stage.seen}
    assert "slip.unverified.finger" in world.printer.slips[0].marks


def test_a_returning_persons_finger_that_rests_is_waited_for(world: Any) -> None:
    resting = [FingerTry(hint="lift", counts=False)] * 8
    world.play(
        *back_again(world, *resting, FingerTry(same=True)),
        on(CompareFinger, number=1),
        on(ChooseClinic, touches=StageEvent.HOME),
    )
    assert len(world.fingers.typed) == 9


def test_three_fingers_that_differ_lead_to_the_other_ways(world: Any) -> None:
    other = FingerTry(hint="other")
    world.play(
        *back_again(world, other, other, other),
        on(CompareFinger, number=1),
        on(CompareFinger, number=2),
        on(CompareFinger, number=3),
        on(WithoutCard, WithoutCardAnswer.NO_PAPER),
        on(ChooseClinic, ClinicAnswer.GUIDE_DESK),
        on(DeclarePriority, Priority.NONE),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        on(TicketReady, TicketAnswer.DONE),
    )
    assert world.gateway.registrations[0].patient.level is wire.EvidenceLevel.NONE


def test_a_site_that_does_not_want_it_does_not_offer_it(world: Any) -> None:
    enrols(world)
    stage = world.play(
        on(Home, HomeChoice.CHECK_IN_WITHOUT_CARD),
        on(ChoosePatient, PatientChoice.SELF),
        on(WithoutCard, WithoutCardAnswer.NO_PAPER),
        on(ChooseClinic, ClinicAnswer.GUIDE_DESK),
        on(DeclarePriority, Priority.NONE),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        on(TicketReady, TicketAnswer.DONE),
    )
    assert WithoutCardAnswer.FINGER not in stage.last(WithoutCard).choices
