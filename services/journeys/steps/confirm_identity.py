"""Step 3: "Đây có đúng là ông/bà?" Name and photo appear only after the card's check did not fail."""

from __future__ import annotations

from services.identity.citizen import Citizen, EvidenceLevel
from services.journeys.ages import highest_age, lowest_age
from services.journeys.journey import Ending, Over, Turn
from services.journeys.prompts import (
    CardHolder,
    CardWording,
    ConfirmIdentity,
    IdentityAnswer,
    ProblemChoice,
)
from services.journeys.steps.identify import card_of
from services.journeys.walk import Walk
from services.trust.judgement import CHECK_FAILED

CHILD_UNDER = 16
UNDER_SIX = 6


async def confirm_identity(walk: Walk) -> Turn | None:
    """Ask whether the card's holder is the patient; say kindly when the card's check failed.

    Who came without a chip is not shown anything: only what they typed or showed is known.
    """
    patient = walk.visit.patient
    if patient is None:
        return Turn.OTHER_PERSON
    if patient.evidence.level is EvidenceLevel.CHIP_FAILED:
        return await _unchecked(walk, patient)
    if not patient.evidence.verified:
        return None
    if await walk.ask(_question(walk, patient)) is IdentityAnswer.NO:
        walk.visit.forget_patient()
        return Turn.OTHER_PERSON
    walk.visit.confirmed = True
    return None


async def _unchecked(walk: Walk, patient: Citizen) -> Turn | None:
    """CR-06: the desk looks at the card; the person goes on as without one, staff see the evidence."""
    choice = await walk.problem(
        patient.evidence.failure_code or CHECK_FAILED, ProblemChoice.WITHOUT_CARD, ProblemChoice.ASK_DESK
    )
    if choice is ProblemChoice.ASK_DESK:
        raise Over(Ending.LEFT)
    return None


def _question(walk: Walk, patient: Citizen) -> ConfirmIdentity:
    today = walk.kit.clock.now().date()
    holder, under_six = card_of(walk.visit.for_whom), False
    if patient.birth is not None:
        under_six = highest_age(patient.birth, today) < UNDER_SIX
        if holder is CardHolder.CHILD and lowest_age(patient.birth, today) >= CHILD_UNDER:
            holder = CardHolder.OTHER
    return ConfirmIdentity(
        name=patient.name or "",
        birth_year=patient.birth.year if patient.birth is not None else 0,
        number_masked=patient.masked_number,
        wording=CardWording.GENUINE_CHIP if patient.evidence.level is EvidenceLevel.CHIP_GENUINE else CardWording.READ,
        holder=holder,
        photo=None if under_six else patient.photo,
        under_six=under_six,
    )
