"""The code of a card cannot be scanned: number, birth and expiry typed from its face open the chip all the same."""

from __future__ import annotations

from datetime import date

from services.codes.person import read_birth, read_date
from services.failures import code_of
from services.identity.citizen import BirthDate, Citizen
from services.identity.keys import TypedCard, TypedPassport, typed_card, typed_passport
from services.journeys.journey import WentBack
from services.journeys.prompts import (
    AskedNumber,
    AskedText,
    CardHolder,
    TypeAnswer,
    TypeDigits,
    TypeLetters,
)
from services.journeys.steps.id_numbers import birth_year_of_number, is_id_number
from services.journeys.steps.no_card import other_way
from services.journeys.steps.read_chip import WrongKeys, read_chip
from services.journeys.steps.scan_code import ScannedCard
from services.journeys.walk import Walk

FIRST_EXPIRY = date(2000, 1, 1)
PASSPORT_LEAST, PASSPORT_MOST = 6, 9
"""Characters of a passport's number (ICAO 9303-4: at most nine)."""
TRIES = 2


async def meet_by_hand(walk: Walk, holder: CardHolder, *, passport: bool = False) -> Citizen:
    """Type, lay down, read. Raises WentBack out of the first question, NoCard when the person gives it up.

    Digits that do not open the chip are asked for again; after the second time staff are offered first, and other ways.
    """
    with walk.reader.held():
        error, wrong = None, 0
        while True:
            typed = await (_passport(walk, error) if passport else _card(walk, error))
            if holder is CardHolder.COMPANION and _is_patients(walk, typed):
                error = "scan.patients_card"
                continue
            try:
                return await read_chip(walk, holder, ScannedCard("", typed))
            except WentBack:
                error = None
            except WrongKeys as keys:
                error, wrong = "type.error.not-opened", wrong + 1
                if wrong >= TRIES:
                    await other_way(walk, code_of(keys.why), typed, staff_first=True)
                    wrong = 0


async def _card(walk: Walk, error: str | None) -> TypedCard:
    """Number, birth, expiry; Back leads to the question before."""
    while True:
        number = await type_id_number(walk, error)
        error = None
        try:
            birth, expiry = await _dates(walk, number, can_skip=True)
        except WentBack:
            continue
        return typed_card(number, birth, expiry)


async def _passport(walk: Walk, error: str | None) -> TypedPassport:
    while True:
        prompt = TypeLetters(what=AskedText.PASSPORT, least=PASSPORT_LEAST, most=PASSPORT_MOST, error=error)
        number = (await walk.ask(prompt)).text
        error = None
        try:
            birth, expiry = await _dates(walk, None, can_skip=False)
        except WentBack:
            continue
        if expiry is not None:
            return typed_passport(number, birth, expiry)


async def type_id_number(walk: Walk, error: str | None = None) -> str:
    """Twelve digits that can be an ID number."""
    while True:
        typed = await walk.ask(TypeDigits(what=AskedNumber.ID_NUMBER, length=12, hidden=True, error=error))
        if not isinstance(typed, TypeAnswer) and is_id_number(typed.digits, demo=walk.site.demo):
            return typed.digits
        error = "type.error.number"


async def _dates(walk: Walk, number: str | None, *, can_skip: bool) -> tuple[BirthDate, date | None]:
    """Birth and expiry. Raises WentBack out of the birth."""
    while True:
        birth = await _birth(walk, number)
        try:
            return birth, await _expiry(walk, can_skip=can_skip)
        except WentBack:
            continue


async def _birth(walk: Walk, number: str | None) -> BirthDate:
    """Day, month, year; 00 where the card gives none. It must fit the number's year, where there is one."""
    error = None
    this_year = walk.kit.clock.now().year
    while True:
        typed = await walk.ask(TypeDigits(what=AskedNumber.BIRTH_DATE, length=8, error=error))
        birth = None if isinstance(typed, TypeAnswer) else read_birth(typed.digits)
        if birth is None or birth.year > this_year:
            error = "type.error.date"
        elif number is not None and birth.year != birth_year_of_number(number):
            error = "type.error.mismatch"
        else:
            return birth


async def _expiry(walk: Walk, *, can_skip: bool) -> date | None:
    """The day printed as "Có giá trị đến", or None for a card without an end."""
    error = None
    while True:
        prompt = TypeDigits(what=AskedNumber.EXPIRY, length=8, error=error, can_skip=can_skip)
        typed = await walk.ask(prompt)
        if isinstance(typed, TypeAnswer):
            return None
        expiry = read_date(typed.digits)
        if expiry is not None and expiry >= FIRST_EXPIRY:
            return expiry
        error = "type.error.date"


def _is_patients(walk: Walk, typed: TypedCard | TypedPassport) -> bool:
    patient = walk.visit.patient
    return patient is not None and typed.number in {patient.number, patient.document}
