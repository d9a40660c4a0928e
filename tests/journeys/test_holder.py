"""Whether the card is the patient's own: none, staff, finger, on the kiosk, on the slip and for staff."""

from __future__ import annotations

from typing import Any

import pytest

from services.contract import models as wire
from services.identity.citizen import EvidenceLevel
from services.journeys.ports import FingerTry
from services.journeys.prompts import (
    ChooseClinic,
    ChoosePatient,
    ClinicChosen,
    CompareFinger,
    ConfirmIdentity,
    DeclarePriority,
    Finger,
    FingerAnswer,
    FingerReference,
    Home,
    HomeChoice,
    IdentityAnswer,
    InsuranceAnswer,
    InsuranceValid,
    PatientChoice,
    PayAnswer,
    PayByVietQR,
    Priority,
    Review,
    ReviewAnswer,
    TicketAnswer,
    TicketReady,
    WithoutCard,
    WithoutCardAnswer,
)
from services.journeys.scripted import Line, on
from services.journeys.stage import StageEvent
from tests.journeys.conftest import Fingers

SAME, OTHER = FingerTry(same=True), FingerTry(hint="other")


def rest(world: Any) -> tuple[Line, ...]:
    """From the insurance to the start page."""
    return (
        on(InsuranceValid, InsuranceAnswer.USE),
        on(ChooseClinic, ClinicChosen("ent")),
        on(DeclarePriority, Priority.NONE),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        on(TicketReady, TicketAnswer.DONE),
        world.takes_card(),
    )


def says(world: Any, policy: wire.HolderCheck, fingers: Fingers | None = None) -> None:
    """The site's policy, and this kiosk's reader."""
    world.insured()
    world.gateway.site = world.gateway.site.model_copy(update={"holder_check": policy})
    world.fingers = fingers


def test_a_site_that_does_not_ask_says_nothing(world: Any) -> None:
    says(world, wire.HolderCheck.NONE, Fingers(SAME))
    world.play(*world.known("hoa"), *rest(world))
    assert world.printer.slips[0].marks == ()
    assert world.gateway.registrations[0].holder is None
    assert world.fingers.asked == []


@pytest.mark.parametrize(
    ("policy", "fingers"),
    [
        (wire.HolderCheck.STAFF, Fingers(SAME)),
        (wire.HolderCheck.FINGER, None),
        (wire.HolderCheck.FINGER, Fingers(SAME, reference=None)),
    ],
    ids=["the site says staff", "no reader", "nothing to compare with"],
)
def test_staff_look_where_no_finger_can(world: Any, policy: wire.HolderCheck, fingers: Fingers | None) -> None:
    says(world, policy, fingers)
    world.play(*world.known("hoa"), *rest(world))
    assert world.printer.slips[0].marks == ("slip.holder.staff",)
    assert world.gateway.registrations[0].holder is wire.HolderProof.STAFF


def test_a_lost_reader_is_not_asked(world: Any) -> None:
    says(world, wire.HolderCheck.FINGER, Fingers(SAME))
    world.fingers.available = False
    world.play(*world.known("hoa"), *rest(world))
    assert world.gateway.registrations[0].holder is wire.HolderProof.STAFF


def test_a_finger_that_matches_is_said_on_the_slip_and_told_to_staff(world: Any) -> None:
    says(world, wire.HolderCheck.FINGER, Fingers(SAME, reference=FingerReference.ENROLLED))
    stage = world.play(*world.known("hoa"), on(CompareFinger), *rest(world))
    assert stage.last(CompareFinger).percent == 50
    assert stage.last(CompareFinger).reference is FingerReference.ENROLLED
    assert world.printer.slips[0].marks == ("slip.holder.finger",)
    assert world.gateway.registrations[0].holder is wire.HolderProof.FINGER


def test_three_fingers_that_differ_hold_nobody_up_and_only_staff_learn_it(world: Any) -> None:
    says(world, wire.HolderCheck.FINGER, Fingers(OTHER, OTHER, OTHER))
    stage = world.play(
        *world.known("hoa"),
        on(CompareFinger, number=1, hint=None),
        on(CompareFinger, number=2, hint="finger.hint.other"),
        on(CompareFinger, number=3, hint="finger.hint.other"),
        *rest(world),
    )
    assert CompareFinger in {type(prompt) for prompt in stage.seen}
    assert world.printer.slips[0].marks == ("slip.holder.staff",)
    assert world.gateway.registrations[0].holder is wire.HolderProof.FINGER_DIFFERS


def test_a_picture_nobody_can_compare_is_no_try(world: Any) -> None:
    says(world, wire.HolderCheck.FINGER, Fingers(FingerTry(hint="press", counts=False), SAME))
    world.play(
        *world.known("hoa"),
        on(CompareFinger, number=1),
        on(CompareFinger, number=1, hint="finger.hint.press"),
        *rest(world),
    )
    assert world.gateway.registrations[0].holder is wire.HolderProof.FINGER


def test_another_finger_is_there_from_the_first_try_and_another_way_always(world: Any) -> None:
    says(world, wire.HolderCheck.FINGER, Fingers())
    world.play(
        *world.known("hoa"),
        on(CompareFinger, FingerAnswer.OTHER_FINGER, finger=Finger.RIGHT_INDEX),
        on(CompareFinger, FingerAnswer.OTHER_FINGER, finger=Finger.LEFT_INDEX),
        on(CompareFinger, FingerAnswer.OTHER_WAY, finger=Finger.RIGHT_THUMB),
        *rest(world),
    )
    assert world.gateway.registrations[0].holder is wire.HolderProof.STAFF


def test_a_reader_that_goes_away_meanwhile_leaves_it_to_staff(world: Any) -> None:
    says(world, wire.HolderCheck.FINGER, Fingers(FingerTry(lost=True)))
    world.play(*world.known("hoa"), on(CompareFinger), *rest(world))
    assert world.gateway.registrations[0].holder is wire.HolderProof.STAFF


def test_back_from_the_insurance_does_not_ask_a_matched_finger_again(world: Any) -> None:
    says(world, wire.HolderCheck.FINGER, Fingers(SAME))
    world.play(
        *world.known("hoa"),
        on(CompareFinger),
        on(InsuranceValid, touches=StageEvent.BACK),
        on(ConfirmIdentity, IdentityAnswer.YES),
        *rest(world),
    )
    assert world.gateway.registrations[0].holder is wire.HolderProof.FINGER


def test_back_from_the_insurance_asks_a_finger_that_was_not_given(world: Any) -> None:
    says(world, wire.HolderCheck.FINGER, Fingers())
    world.play(
        *world.known("hoa"),
        on(CompareFinger, FingerAnswer.OTHER_WAY),
        on(InsuranceValid, touches=StageEvent.BACK),
        on(CompareFinger, FingerAnswer.OTHER_WAY),
        *rest(world),
    )


def test_who_came_without_a_chip_is_looked_at_by_the_desk_in_any_case(world: Any) -> None:
    says(world, wire.HolderCheck.FINGER, Fingers(SAME))
    world.play(
        on(Home, HomeChoice.CHECK_IN_WITHOUT_CARD),
        on(ChoosePatient, PatientChoice.SELF),
        on(WithoutCard, WithoutCardAnswer.NO_PAPER),
        *rest(world)[1:-2],
        on(PayByVietQR, PayAnswer.CASHIER),
        on(TicketReady, TicketAnswer.DONE),
    )
    assert world.printer.slips[0].marks == ("slip.unpaid", "slip.unverified.nothing")
    assert world.gateway.registrations[0].holder is None
    assert world.fingers.asked == []


def test_a_chip_without_full_proof_has_its_finger_compared_all_the_same(world: Any) -> None:
    world.trust.levels["hoa"] = EvidenceLevel.CHIP_READ
    says(world, wire.HolderCheck.FINGER, Fingers(SAME))
    world.play(*world.known("hoa"), on(CompareFinger), *rest(world))
    assert set(world.printer.slips[0].marks) == {"slip.see_card", "slip.holder.finger"}
