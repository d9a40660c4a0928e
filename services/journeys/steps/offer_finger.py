"""After a check-in that the chip proved: leave a fingerprint template for the next visit, with a consent of its own.

Nothing is stored without that consent, nothing on the kiosk, and refusing changes nothing. Children are not asked:
their fingers grow.
"""

from __future__ import annotations

import logging
from functools import partial
from uuid import uuid4

from services.contract import models as wire
from services.failures import code_of
from services.gateway_client import GatewayError
from services.identity.citizen import Citizen
from services.journeys.ages import lowest_age
from services.journeys.ports import Fingers, FingerTry
from services.journeys.prompts import (
    AskConsent,
    AskedNumber,
    CompareFinger,
    ConsentChoice,
    FingerAnswer,
    FingerKept,
    FingerReference,
    TypeAnswer,
    TypeDigits,
)
from services.journeys.steps.one_finger import CAPTURES, FINGERS, TRIES, one_finger
from services.journeys.walk import Walk

log = logging.getLogger(__name__)
PURPOSE = "finger"
"""The consent's id in the notice; it is asked here and nowhere else."""
GROWN = 16
_ROUNDS = 2
_TAKEN_AGAIN = {wire.FingerAnswer.NO_MATCH, wire.FingerAnswer.POOR}
_POSITIONS = (2, 7, 1, 6)
"""Of FINGERS, as ISO/IEC 19785 numbers them."""


async def offer_finger(walk: Walk) -> None:
    """Ask once; whoever enrolled before is not asked again."""
    visit, fingers = walk.visit, walk.kit.fingers
    patient, text = visit.patient, _text(walk)
    if fingers is None or text is None or patient is None or visit.finger_offered or not _may(walk, patient):
        return
    if not fingers.available or await fingers.reference(patient) is FingerReference.ENROLLED:
        return
    visit.finger_offered = True
    choice = await walk.ask(partial(_question, walk, text))
    if choice is not ConsentChoice.AGREE:
        await _note_refusal(walk)
        return
    phone = await _phone(walk) if walk.site.fingers.returning else None
    kept = await _leave(walk, fingers, phone)
    if kept:
        walk.kit.sounds.card_read()
    desk = walk.site.help_desk
    await walk.ask(lambda: FingerKept(kept=kept, desk=desk.name_en if walk.english else desk.name))


def _text(walk: Walk) -> wire.ConsentText | None:
    notice = walk.kit.gateway.notice
    texts = () if notice is None else notice.consents
    return next((text for text in texts if text.id == PURPOSE), None)


def _may(walk: Walk, patient: Citizen) -> bool:
    """A proven grown-up, whose number the gateway has, and who stands here in person."""
    visit = walk.visit
    here = visit.accepted is not None and not visit.accepted.offline and visit.companion is None
    if not walk.site.fingers.enrol or not here or not patient.evidence.verified or patient.number is None:
        return False
    today = walk.kit.clock.now().date()
    return patient.birth is not None and lowest_age(patient.birth, today) >= GROWN


def _question(walk: Walk, text: wire.ConsentText) -> AskConsent:
    name, words = (text.name_en, text.text_en) if walk.english else (text.name, text.text)
    return AskConsent(name=name, text=words, icon=text.icon)


async def _phone(walk: Walk) -> str | None:
    """For coming back without the card; skipping it only means: not without the card."""
    typed = await walk.ask(TypeDigits(what=AskedNumber.PHONE_END, length=4, can_skip=True, back=False))
    return None if isinstance(typed, TypeAnswer) or len(typed.digits) != 4 else typed.digits


async def _leave(walk: Walk, fingers: Fingers, phone: str | None) -> bool:
    """Whether a template is kept. Three touches that do not match each other are taken once more, with a hint."""
    at, hint = 0, None
    for _ in range(_ROUNDS):
        taken = await _impressions(walk, fingers, at, hint)
        if taken is None:
            return False
        at, pictures = taken
        answer = await _enrol(walk, fingers, _POSITIONS[at % len(FINGERS)], pictures, phone)
        if answer not in _TAKEN_AGAIN:
            return answer is wire.FingerAnswer.MATCH
        walk.kit.sounds.error()
        hint = "finger.hint.differ"
    return False


async def _impressions(
    walk: Walk, fingers: Fingers, at: int, hint: str | None
) -> tuple[int, tuple[wire.FingerPicture, ...]] | None:
    """Three of one finger, and which finger; None when the person would rather not, or it does not go.

    Each finger has captures of its own, once through the fingers; nobody is asked for what cannot succeed any more.
    """
    captures = 0
    taken: list[wire.FingerPicture] = []
    while CAPTURES - captures >= TRIES - len(taken):
        prompt = CompareFinger(
            finger=FINGERS[at % len(FINGERS)],
            reference=FingerReference.NEW,
            number=len(taken) + 1,
            total=TRIES,
            hint=hint,
            back=False,
        )
        answer = await one_finger(walk, prompt, fingers.impression)
        match answer:
            case FingerAnswer.OTHER_WAY:
                return None
            case FingerAnswer.OTHER_FINGER:
                hint, at, taken = None, at + 1, []
                captures = 0 if at < len(FINGERS) else captures
                continue
            case FingerTry():
                walk.kit.sounds.error()
                if answer.lost:
                    return None
                hint = f"finger.hint.{answer.hint}"
            case wire.FingerPicture():
                hint = "finger.hint.lift"
                taken.append(answer)
                if len(taken) == TRIES:
                    return at, tuple(taken)
        captures += 1
    return None


async def _enrol(
    walk: Walk, fingers: Fingers, position: int, pictures: tuple[wire.FingerPicture, ...], phone: str | None
) -> wire.FingerAnswer | None:
    """What the gateway says of them; None when it cannot be asked."""
    consent = _evidence(walk, given=True)
    if consent is None:
        return None
    first, second, third = pictures
    enrolment = wire.FingerEnrolment(
        consent=consent, position=position, pictures=(first, second, third), phone_last4=phone
    )
    try:
        verdict = await walk.working("working.finger", partial(fingers.enrol, enrolment), can_stop=False)
    except GatewayError as error:
        log.warning("a finger was not enrolled: %s", code_of(error))
        return None
    return verdict.answer


async def _note_refusal(walk: Walk) -> None:
    evidence = _evidence(walk, given=False)
    if evidence is None:
        return
    try:
        await walk.kit.gateway.record_consents(evidence)
    except GatewayError as error:
        log.error("a refusal was not kept: %s", code_of(error))


def _evidence(walk: Walk, *, given: bool) -> wire.Consents | None:
    notice, accepted = walk.kit.gateway.notice, walk.visit.accepted
    if notice is None or accepted is None:
        return None
    return wire.Consents(
        registration_key=accepted.key,
        session_id=str(uuid4()),
        notice_version=notice.version,
        notice_digest=notice.digest,
        language="en" if walk.english else "vi",
        answers=(wire.ConsentAnswer(purpose=PURPOSE, given=given),),
        at=walk.kit.clock.now(),
    )
