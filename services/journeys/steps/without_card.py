"""Without a chip: what the person can show or type, or nothing at all. The desk confirms (services.identity.papers)."""

from __future__ import annotations

from contextlib import suppress

from services.codes.bhyt import is_insurance_number
from services.identity.citizen import BirthDate, Citizen, Evidence, EvidenceLevel, Paper
from services.journeys.journey import WentBack
from services.journeys.prompts import (
    AskedNumber,
    AskedText,
    CardHolder,
    PatientChoice,
    TypeAnswer,
    TypeDigits,
    TypeLetters,
    WithoutCard,
    WithoutCardAnswer,
)
from services.journeys.steps.by_hand import meet_by_hand, type_id_number
from services.journeys.steps.finger_alone import can_return, meet_by_finger
from services.journeys.steps.id_numbers import birth_year_of_number, sex_of_number
from services.journeys.steps.no_card import CardByHand, NoCard, shown_to
from services.journeys.steps.scan_code import scan_insurance_card
from services.journeys.walk import Walk

OLDEST = 130
INSURANCE_LEAST, INSURANCE_MOST = 10, 15
_SHOWN_AT_THE_DESK = {
    WithoutCardAnswer.VNEID: Paper.VNEID,
    WithoutCardAnswer.BIRTH_PAPER: Paper.BIRTH_PAPER,
    WithoutCardAnswer.NO_PAPER: Paper.NOTHING,
}


async def meet_without_card(walk: Walk, holder: CardHolder, *, card_here: bool = True) -> Citizen:
    """Ask what the person can show or type. Back from there leads to this question, from here out of it.

    `card_here`: the card may lie in their hand with a code nobody can scan.
    """
    while True:
        offered = ways(walk.visit.for_whom, card_here=card_here, finger=can_return(walk))
        way = await walk.ask(WithoutCard(choices=offered))
        try:
            match way:
                case WithoutCardAnswer.BY_HAND:
                    return await meet_by_hand(walk, holder)
                case WithoutCardAnswer.PASSPORT:
                    return await meet_by_hand(walk, holder, passport=True)
                case WithoutCardAnswer.FINGER if walk.kit.fingers is not None:
                    return await meet_by_finger(walk, walk.kit.fingers)
                case WithoutCardAnswer.FINGER:
                    continue
                case WithoutCardAnswer.TYPE_NUMBER:
                    return await _typed(walk)
                case WithoutCardAnswer.INSURANCE_CODE:
                    return await _insurance_card(walk)
                case WithoutCardAnswer.VNEID | WithoutCardAnswer.BIRTH_PAPER | WithoutCardAnswer.NO_PAPER:
                    return Citizen(Evidence(EvidenceLevel.NONE), paper=_SHOWN_AT_THE_DESK[way])
        except NoCard as without:
            shown = shown_to(walk, without.code)
            if shown is not None:
                return shown
        except WentBack:
            continue


def ways(for_whom: PatientChoice | None, *, card_here: bool, finger: bool = False) -> tuple[WithoutCardAnswer, ...]:
    """What can be shown: a card only where it may be here, a birth paper only of a child, a finger only of oneself."""
    leave_out = set[WithoutCardAnswer]()
    if not finger or for_whom is PatientChoice.CHILD:
        leave_out.add(WithoutCardAnswer.FINGER)
    if not card_here:
        leave_out.add(WithoutCardAnswer.BY_HAND)
    if for_whom is not PatientChoice.CHILD:
        leave_out.add(WithoutCardAnswer.BIRTH_PAPER)
    return tuple(way for way in WithoutCardAnswer if way not in leave_out)


async def _typed(walk: Walk) -> Citizen:
    """Twelve digits and the year of birth; they must fit each other."""
    while True:
        number = await type_id_number(walk)
        try:
            year = await _birth_year(walk, number)
        except WentBack:
            continue
        return Citizen(
            evidence=Evidence(EvidenceLevel.TYPED),
            number=number,
            birth=BirthDate(year),
            sex=sex_of_number(number),
            paper=Paper.BARCODE_CARD,
        )


async def _birth_year(walk: Walk, number: str) -> int:
    error = None
    this_year = walk.kit.clock.now().year
    while True:
        typed = await walk.ask(TypeDigits(what=AskedNumber.BIRTH_YEAR, length=4, error=error))
        digits = "" if isinstance(typed, TypeAnswer) else typed.digits
        year = int(digits) if len(digits) == 4 and digits.isdecimal() else 0
        if not this_year - OLDEST <= year <= this_year:
            error = "type.error.year"
        elif year != birth_year_of_number(number):
            error = "type.error.mismatch"
        else:
            return year


async def _insurance_number(walk: Walk) -> Citizen:
    """Typed from a card whose code cannot be scanned, or known by heart: the desk sees the card."""
    error = None
    while True:
        prompt = TypeLetters(what=AskedText.INSURANCE, least=INSURANCE_LEAST, most=INSURANCE_MOST, error=error)
        number = (await walk.ask(prompt)).text
        if is_insurance_number(number):
            return Citizen(Evidence(EvidenceLevel.PAPER), insurance_number=number, paper=Paper.INSURANCE_CODE)
        error = "type.error.insurance"


async def _insurance_card(walk: Walk) -> Citizen:
    """What the code of the insurance card says, or its number."""
    child = walk.visit.for_whom is PatientChoice.CHILD
    while True:
        try:
            with walk.reader.held():
                code = await scan_insurance_card(walk, CardHolder.CHILD if child else CardHolder.PATIENT)
            break
        except CardByHand:
            with suppress(WentBack):
                return await _insurance_number(walk)
    return Citizen(
        evidence=Evidence(EvidenceLevel.PAPER),
        name=code.name,
        birth=code.birth,
        sex=code.sex,
        insurance_number=code.number,
        paper=Paper.INSURANCE_CODE,
    )
