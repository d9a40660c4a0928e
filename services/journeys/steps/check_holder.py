"""Whether the card is the patient's own: nobody looks, a finger is compared here, or staff compare face and photo.

A policy of the site (`holder_check`). The finger is an offer: without a reader, without anything to compare with, after
three tries in vain or when the person would rather not, staff look, as at a site that always says staff. A finger that
does not match is told to staff and holds nobody up.
"""

from __future__ import annotations

import logging
from functools import partial

from services.contract.models import HolderCheck, HolderProof
from services.identity.citizen import Citizen
from services.journeys.ports import Fingers
from services.journeys.prompts import CompareFinger, FingerAnswer
from services.journeys.steps.one_finger import CAPTURES, FINGERS, TRIES, one_finger
from services.journeys.walk import Walk

log = logging.getLogger(__name__)


async def check_holder(walk: Walk) -> None:
    """Do as the site says, once for each patient. Who came without a chip is looked at by the desk in any case."""
    visit = walk.visit
    policy, patient = walk.site.holder_check, visit.patient
    if policy is HolderCheck.NONE or patient is None or not patient.evidence.verified:
        return
    if visit.holder is HolderProof.FINGER or (visit.holder is not None and not walk.backwards):
        return
    if policy is HolderCheck.STAFF or walk.kit.fingers is None:
        visit.holder = HolderProof.STAFF
        return
    visit.holder = await _by_finger(walk, walk.kit.fingers, patient)


async def _by_finger(walk: Walk, fingers: Fingers, patient: Citizen) -> HolderProof:
    reference = await fingers.reference(patient) if fingers.available else None
    if reference is None:
        return HolderProof.STAFF
    hint, number, at, captures = None, 1, 0, 0
    while captures < CAPTURES:
        prompt = CompareFinger(
            finger=FINGERS[at % len(FINGERS)], reference=reference, number=number, total=TRIES, hint=hint
        )
        answer = await one_finger(walk, prompt, partial(fingers.compare, patient, prompt.finger))
        if answer is FingerAnswer.OTHER_WAY:
            return HolderProof.STAFF
        if isinstance(answer, FingerAnswer):
            hint, at = None, at + 1
            continue
        captures += 1
        if answer.same:
            walk.kit.sounds.card_read()
            return HolderProof.FINGER
        walk.kit.sounds.error()
        if answer.lost:
            return HolderProof.STAFF
        hint = f"finger.hint.{answer.hint}"
        number += 1 if answer.counts else 0
        if number > TRIES:
            log.info("the finger did not match in %s tries", TRIES)
            return HolderProof.FINGER_DIFFERS
    return HolderProof.STAFF
