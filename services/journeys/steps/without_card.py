"""Without a card: a typed number, the code of a paper insurance card, or nothing at all. The desk confirms."""

from __future__ import annotations

from services.identity.citizen import BirthDate, Citizen, Evidence, EvidenceLevel, Sex
from services.journeys.journey import WentBack
from services.journeys.prompts import AskedNumber, CardHolder, PatientChoice, TypeDigits, WithoutCard, WithoutCardAnswer
from services.journeys.steps.no_card import NoCard
from services.journeys.steps.scan_code import scan_insurance_card
from services.journeys.walk import Walk

PROVINCES = range(1, 97)
"""First three digits of an ID number: where the birth was registered, 001 to 096."""
OLDEST = 130


async def meet_without_card(walk: Walk) -> Citizen:
    """Ask what the person can show or type. Back from there leads to this question, from here out of it."""
    while True:
        way = await walk.ask(WithoutCard())
        try:
            match way:
                case WithoutCardAnswer.TYPE_NUMBER:
                    return await _typed(walk)
                case WithoutCardAnswer.INSURANCE_CODE:
                    return await _insurance_card(walk)
                case WithoutCardAnswer.NO_PAPER:
                    return Citizen(evidence=Evidence(EvidenceLevel.NONE))
        except (WentBack, NoCard):
            continue


async def _typed(walk: Walk) -> Citizen:
    """Twelve digits and the year of birth; they must fit each other."""
    error = None
    while True:
        typed = await walk.ask(TypeDigits(what=AskedNumber.ID_NUMBER, length=12, hidden=True, error=error))
        number = typed.digits
        if not is_id_number(number):
            error = "type.error.number"
            continue
        try:
            year = await _birth_year(walk, number)
        except WentBack:
            error = None
            continue
        return Citizen(
            evidence=Evidence(EvidenceLevel.TYPED), number=number, birth=BirthDate(year), sex=sex_of_number(number)
        )


async def _birth_year(walk: Walk, number: str) -> int:
    error = None
    this_year = walk.kit.clock.now().year
    while True:
        typed = await walk.ask(TypeDigits(what=AskedNumber.BIRTH_YEAR, length=4, error=error))
        year = int(typed.digits) if len(typed.digits) == 4 and typed.digits.isdecimal() else 0
        if not this_year - OLDEST <= year <= this_year:
            error = "type.error.year"
        elif year != birth_year_of_number(number):
            error = "type.error.mismatch"
        else:
            return year


async def _insurance_card(walk: Walk) -> Citizen:
    """What the code of the paper insurance card says."""
    child = walk.visit.for_whom is PatientChoice.CHILD
    with walk.reader.held():
        code = await scan_insurance_card(walk, CardHolder.CHILD if child else CardHolder.PATIENT)
    return Citizen(
        evidence=Evidence(EvidenceLevel.PAPER),
        name=code.name,
        birth=code.birth,
        sex=code.sex,
        insurance_number=code.number,
    )


def is_id_number(digits: str) -> bool:
    """Whether twelve digits can be an ID number: province, then century and sex, year, six more digits."""
    return len(digits) == 12 and digits.isascii() and digits.isdecimal() and int(digits[:3]) in PROVINCES


def birth_year_of_number(number: str) -> int:
    """Digit 4 counts the century from the 20th by twos (man, woman), digits 5 and 6 are the year."""
    return 1900 + 100 * (int(number[3]) // 2) + int(number[4:6])


def sex_of_number(number: str) -> Sex:
    """Digit 4: even for men, odd for women."""
    return Sex.FEMALE if int(number[3]) % 2 else Sex.MALE
