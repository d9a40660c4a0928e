"""The QR code to the scanner: of the ID card, or of the paper insurance card (picture 24)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

import trio

from drivers.smartcard.connection import CardError
from services.codes.bhyt import BhytQr
from services.codes.cccd import CccdQr
from services.codes.detect import Code, read_code
from services.codes.errors import CodeError, CodeErrorReason
from services.failures import SCANNER_LOST, code_of
from services.journeys.prompts import CardHolder, ScanCode
from services.journeys.racing import first
from services.journeys.steps.no_card import CardByHand, NoCard, other_way
from services.journeys.walk import Walk

C = TypeVar("C", CccdQr, BhytQr)

TRIES = 2
"""After the second code that cannot be used, staff are offered first, and other ways beside them."""


class ScannerLost(Exception):
    """The scanner went away while a code was waited for."""


@dataclass(frozen=True)
class ScannedCard:
    """The code of an ID card, as text and as it reads."""

    text: str
    code: CccdQr


async def scan_id_card(walk: Walk, holder: CardHolder, hint: str | None) -> ScannedCard:
    """Ask until the code of an ID card comes. Raises NoCard when the person has none."""
    while True:
        text, code = await _scan(walk, ScanCode(holder=holder, hint=hint), CccdQr)
        if holder is not CardHolder.COMPANION or not _is_patients(walk, code):
            return ScannedCard(text, code)
        walk.kit.sounds.error()
        hint = "scan.patients_card"


async def scan_insurance_card(walk: Walk, holder: CardHolder) -> BhytQr:
    """Ask until the code of an insurance card comes. Raises CardByHand to type its number instead."""
    _, code = await _scan(walk, ScanCode(holder=holder, insurance_code=True), BhytQr)
    return code


async def _scan(walk: Walk, prompt: ScanCode, wanted: type[C]) -> tuple[str, C]:
    """Show codes until one is wanted; twice in vain, or without a device, another way is offered."""
    tries = 0
    while True:
        try:
            text = await _next_code(walk, prompt)
        except ScannerLost:
            await other_way(walk, SCANNER_LOST, None, by_hand=True)
            continue
        except CardError as error:
            await other_way(walk, code_of(error), None)
            continue
        code = _read(text)
        if isinstance(code, wanted):
            return text, code
        walk.kit.sounds.error()
        tries += 1
        other = "scan.insurance_only" if prompt.insurance_code else "scan.other_code"
        prompt = replace(prompt, hint="scan.unreadable" if code is None else other)
        if tries >= TRIES:
            failure = "QR-11" if code is None else "QR-12"
            await other_way(walk, failure, None, by_hand=code is None, staff_first=True)
            prompt, tries = replace(prompt, hint=None), 0


def _read(text: str) -> Code | CodeError | None:
    """The code; None when it is damaged, the error when it is whole but nothing we know."""
    try:
        return read_code(text)
    except CodeError as error:
        return error if error.reason is CodeErrorReason.UNKNOWN else None


async def _next_code(walk: Walk, prompt: ScanCode) -> str:
    """The next text shown to the scanner. A card laid down first is no mistake.

    Raises NoCard, ScannerLost, and CardError when an ID card is wanted that nobody could read.
    """

    async def answer() -> str:
        await walk.ask(prompt)
        raise CardByHand if prompt.insurance_code else NoCard(None)

    async def scanner_lost() -> str:
        await walk.kit.scanner.lost()
        raise ScannerLost

    async def reader_lost() -> str:
        if prompt.insurance_code:
            await trio.sleep_forever()
        raise await walk.kit.cards.lost()

    async def card_first() -> str:
        if prompt.hint is None and not prompt.insurance_code:
            await walk.kit.cards.inserted(after=-1 if walk.visit.card_serial is None else walk.visit.card_serial)
            walk.update(replace(prompt, hint="scan.first"))
        await trio.sleep_forever()
        raise AssertionError

    return await first(answer, walk.kit.scanner.scanned, scanner_lost, reader_lost, card_first)


def _is_patients(walk: Walk, code: CccdQr) -> bool:
    patient = walk.visit.patient
    return patient is not None and patient.number == code.number
