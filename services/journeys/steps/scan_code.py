"""The QR code to the scanner: of the ID card, or of the paper insurance card (picture 24)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import trio

from services.codes.bhyt import BhytQr
from services.codes.cccd import CccdQr
from services.codes.detect import Code, read_code
from services.codes.errors import CodeError, CodeErrorReason
from services.journeys.prompts import CardHolder, ScanAnswer, ScanCode
from services.journeys.racing import first
from services.journeys.steps.no_card import NoCard, other_way
from services.journeys.walk import Walk

C = TypeVar("C", CccdQr, BhytQr)

TRIES = 2
"""After the second code that cannot be used, another way is offered first."""


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
    """Ask until the code of a paper insurance card comes. Raises NoCard when the person has none."""
    _, code = await _scan(walk, ScanCode(holder=holder, insurance_code=True), BhytQr)
    return code


async def _scan(walk: Walk, prompt: ScanCode, wanted: type[C]) -> tuple[str, C]:
    hint, tries = prompt.hint, 0
    while True:
        await _need_scanner(walk)
        text = await _next_code(walk, prompt, hint)
        if text is None:
            continue
        code = _read(text)
        if isinstance(code, wanted):
            return text, code
        walk.kit.sounds.error()
        tries += 1
        hint = "scan.unreadable" if code is None else "scan.other_code"
        if tries >= TRIES:
            await other_way(walk, "QR-11" if code is None else "QR-12", None)
            hint, tries = None, 0


def _read(text: str) -> Code | CodeError | None:
    """The code; None when it is damaged, the error when it is whole but nothing we know."""
    try:
        return read_code(text)
    except CodeError as error:
        return error if error.reason is CodeErrorReason.UNKNOWN else None


async def _need_scanner(walk: Walk) -> None:
    while not walk.kit.scanner.available:
        await other_way(walk, "QR-10", None)


async def _next_code(walk: Walk, prompt: ScanCode, hint: str | None) -> str | None:
    """The next text shown to the scanner; None when the scanner was lost. A card laid down first is no mistake."""
    asked = ScanCode(holder=prompt.holder, insurance_code=prompt.insurance_code, hint=hint)

    async def answer() -> str | None:
        answered = await walk.ask(asked)
        assert answered in ScanAnswer  # noqa: S101 - both ways mean: no card
        raise NoCard(None)

    async def scanned() -> str | None:
        return await walk.kit.scanner.scanned()

    async def lost() -> str | None:
        await walk.kit.scanner.lost()
        return None

    async def card_first() -> str | None:
        await walk.kit.cards.inserted(after=-1 if walk.visit.card_serial is None else walk.visit.card_serial)
        if hint is None:
            walk.update(ScanCode(holder=asked.holder, insurance_code=asked.insurance_code, hint="scan.first"))
        await trio.sleep_forever()
        return None

    return await first(answer, scanned, lost, card_first)


def _is_patients(walk: Walk, code: CccdQr) -> bool:
    patient = walk.visit.patient
    return patient is not None and patient.number == code.number
