"""Step 3: "Đây có đúng là ông/bà?" Name and photo appear only after the card's check did not fail."""

from __future__ import annotations

import trio

from services.identity.citizen import Citizen, EvidenceLevel
from services.journeys.ages import highest_age, lowest_age
from services.journeys.journey import Ending, Over, Turn
from services.journeys.papers import forget_papers
from services.journeys.prompts import (
    CardHolder,
    CardWording,
    ConfirmIdentity,
    IdentityAnswer,
    PatientChoice,
    PhotoPlace,
    ProblemChoice,
)
from services.journeys.racing import first
from services.journeys.steps.identify import card_of
from services.journeys.walk import Walk
from services.trust.judgement import CHECK_FAILED

CHILD_UNDER = 16
UNDER_SIX = 6


async def confirm_identity(walk: Walk) -> Turn | None:
    """Ask whether the card's holder is the patient; say kindly when the card's check failed.

    The photo may come in while it is asked; an altered one is a check that failed. Who came without a chip is not
    shown anything: only what they typed or showed is known.
    """
    patient = walk.visit.patient
    if patient is None:
        return Turn.OTHER_PERSON
    if patient.evidence.level is EvidenceLevel.CHIP_FAILED:
        return await _unchecked(walk, patient)
    if not patient.evidence.verified:
        return None
    answer = await _asked(walk, patient)
    known = walk.visit.patient or patient
    if known.evidence.level is EvidenceLevel.CHIP_FAILED:
        return await _unchecked(walk, known)
    if answer is IdentityAnswer.NO:
        if walk.visit.photo is not None:
            walk.visit.photo.stop()
        forget_papers(walk)
        walk.visit.forget_patient()
        return Turn.OTHER_PERSON
    walk.visit.confirmed = True
    if walk.visit.for_whom is None and _is_child(walk, known):
        # A booked child: nobody was asked for whom, the chip says it, and somebody acts for them.
        walk.visit.for_whom = PatientChoice.CHILD
    return None


async def _asked(walk: Walk, patient: Citizen) -> IdentityAnswer | None:
    """The answer; None when the photo came and was not the one that was signed."""

    def known() -> Citizen:
        return walk.visit.patient or patient

    async def answer() -> IdentityAnswer | None:
        return await walk.ask(lambda: _question(walk, known()))

    async def photo() -> IdentityAnswer | None:
        if walk.visit.photo is not None:
            await walk.visit.photo.over.wait()
            if known().evidence.level is EvidenceLevel.CHIP_FAILED:
                return None
            walk.update(_question(walk, known()))
        return await trio.sleep_forever()

    return await first(answer, photo)


async def _unchecked(walk: Walk, patient: Citizen) -> Turn | None:
    """CR-06: the desk looks at the card; the person goes on as without one, staff see the evidence."""
    choice = await walk.problem(
        patient.evidence.failure_code or CHECK_FAILED, ProblemChoice.WITHOUT_CARD, ProblemChoice.ASK_DESK
    )
    if choice is ProblemChoice.ASK_DESK:
        raise Over(Ending.LEFT)
    return None


def _is_child(walk: Walk, patient: Citizen) -> bool:
    today = walk.kit.clock.now().date()
    return patient.birth is not None and highest_age(patient.birth, today) < CHILD_UNDER


def _question(walk: Walk, patient: Citizen) -> ConfirmIdentity:
    today = walk.kit.clock.now().date()
    holder, under_six = card_of(walk.visit.for_whom), False
    if patient.birth is not None:
        under_six = highest_age(patient.birth, today) < UNDER_SIX
        if walk.visit.for_whom is None and _is_child(walk, patient):
            holder = CardHolder.CHILD  # a booked child: nobody was asked for whom
        if holder is CardHolder.CHILD and lowest_age(patient.birth, today) >= CHILD_UNDER:
            holder = CardHolder.OTHER
    return ConfirmIdentity(
        name=patient.name or "",
        birth_year=patient.birth.year if patient.birth is not None else 0,
        number_masked=patient.masked_number,
        wording=CardWording.GENUINE_CHIP if patient.evidence.level is EvidenceLevel.CHIP_GENUINE else CardWording.READ,
        holder=holder,
        photo=None if under_six else patient.photo,
        photo_place=PhotoPlace.READ if under_six or walk.visit.photo is None else walk.visit.photo.place,
        under_six=under_six,
    )
