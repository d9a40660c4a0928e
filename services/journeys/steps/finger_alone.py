"""Coming back without the card: birth date, last four digits of the phone number, finger. Off unless a site wants it.

A match shows no name and no photo; what the desk needs to confirm it stands only at the gateway.
"""

from __future__ import annotations

from functools import partial

from services.codes.person import read_birth
from services.identity.citizen import Citizen, Evidence, EvidenceLevel, Paper
from services.journeys.journey import WentBack
from services.journeys.ports import Fingers
from services.journeys.prompts import (
    AskedNumber,
    CompareFinger,
    FingerAnswer,
    FingerReference,
    TypeAnswer,
    TypeDigits,
)
from services.journeys.steps.one_finger import CAPTURES, FINGERS, TRIES, one_finger
from services.journeys.walk import Walk


def can_return(walk: Walk) -> bool:
    """Whether this way is offered here and now."""
    return walk.site.fingers.returning and walk.kit.fingers is not None and walk.kit.fingers.available


async def meet_by_finger(walk: Walk, fingers: Fingers) -> Citizen:
    """Type, type, touch. Raises WentBack to the other ways: out of the first question, or after the last try."""
    birth = await _birth(walk)
    phone = await _phone(walk)
    hint, number, at, captures = None, 1, 0, 0
    while captures < CAPTURES:
        prompt = CompareFinger(
            finger=FINGERS[at % len(FINGERS)],
            reference=FingerReference.ENROLLED,
            number=number,
            total=TRIES,
            hint=hint,
        )
        answer = await one_finger(walk, prompt, partial(fingers.come_back, birth, phone))
        if answer is FingerAnswer.OTHER_WAY:
            raise WentBack
        if isinstance(answer, FingerAnswer):
            hint, at = None, at + 1
            continue
        captures += 1
        tried, known = answer
        if tried.same and known is not None:
            walk.kit.sounds.card_read()
            return Citizen(Evidence(EvidenceLevel.FINGER), paper=Paper.NOTHING, finger=known)
        walk.kit.sounds.error()
        number += 1 if tried.counts else 0
        if tried.lost or number > TRIES:
            raise WentBack
        hint = f"finger.hint.{tried.hint}"
    raise WentBack


async def _birth(walk: Walk) -> str:
    """A whole date: yyyy-mm-dd."""
    error = None
    while True:
        typed = await walk.ask(TypeDigits(what=AskedNumber.OWN_BIRTH_DATE, length=8, error=error))
        birth = None if isinstance(typed, TypeAnswer) else read_birth(typed.digits)
        if birth is not None and len(str(birth)) == len("2026-11-23"):
            return str(birth)
        error = "type.error.date"


async def _phone(walk: Walk) -> str:
    error = None
    while True:
        typed = await walk.ask(TypeDigits(what=AskedNumber.PHONE_END, length=4, error=error))
        if not isinstance(typed, TypeAnswer) and len(typed.digits) == 4 and typed.digits.isdecimal():
            return typed.digits
        error = "type.error.phone-end"
