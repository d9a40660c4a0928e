"""The card on the reader: laid down, read, and again when it was lifted early (pictures 25, 04; DESIGN section 3)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from drivers.emrtd.reading import AccessKeys, ChipReading, ReadProgress, ReadStep
from drivers.smartcard.connection import CardError, CardErrorReason
from services.codes.cccd import CccdQr
from services.failures import code_of
from services.identity.citizen import Citizen, EvidenceLevel
from services.identity.keys import keys_from_code
from services.identity.recognise import OtherPersonsCard
from services.journeys.journey import WentBack
from services.journeys.ports import CardPresence, Nonce
from services.journeys.prompts import (
    CardHolder,
    CardReadDone,
    LiftedEarly,
    PlaceCard,
    PlaceCardAnswer,
    Problem,
    ProblemChoice,
    Prompt,
    ReadingCard,
    ReadStage,
)
from services.journeys.racing import beside, first
from services.journeys.steps.no_card import NoCard, other_way, shown_by
from services.journeys.steps.scan_code import ScannedCard
from services.journeys.walk import Walk

REREADS = 3
TICK_SECONDS = 0.6
"""The tick stands at least so long; it is part of the way to the next screen, so it is short."""
_STAGES = {ReadStep.OPENED: ReadStage.CHECK}
"""The row at work after a step; later steps all fetch data."""


class WrongKeys(Exception):
    """The code does not open this card: it is of another card."""

    def __init__(self, why: CardError) -> None:
        super().__init__("the code does not open this card")
        self.why = why


@dataclass(frozen=True)
class _Task:
    """What one reading needs."""

    walk: Walk
    holder: CardHolder
    code: CccdQr
    keys: AccessKeys
    nonce: Nonce


async def read_chip(walk: Walk, holder: CardHolder, scanned: ScannedCard) -> Citizen:
    """Read the card that belongs to the scanned code and recognise its holder.

    Raises WrongKeys, NoCard, WentBack. A chip whose check failed gives only what the code said, with the evidence.
    """
    keys = keys_from_code(scanned.code, walk.kit.clock.now().date())
    task = _Task(walk, holder, scanned.code, keys, await walk.kit.gateway.nonce())
    card, reading = await _read_with_patience(task, await _laid_down(task))
    walk.kit.sounds.card_read()
    citizen = await _recognise(walk, reading, scanned.text, task.nonce)
    walk.visit.remember_card(keys, card.serial)
    if citizen.evidence.level is EvidenceLevel.CHIP_FAILED:
        return replace(shown_by(scanned.code), evidence=citizen.evidence)
    return citizen


async def _read_with_patience(task: _Task, card: CardPresence) -> tuple[CardPresence, ChipReading]:
    """Read; what laying down again can mend is read again up to three times, without a new scan."""
    rereads = 0
    while True:
        try:
            return card, await _read(task, card)
        except CardError as error:
            if error.reason is CardErrorReason.ACCESS_DENIED:
                raise WrongKeys(error) from None
            if not error.retry:
                await other_way(task.walk, code_of(error), task.code)
                rereads = 0
                card = await _laid_down(task, after=card.serial if _gone(task, card) or _not_eid(error) else -1)
            elif rereads == REREADS:
                await other_way(task.walk, "CR-05", task.code)
                rereads = 0
                card = await _laid_down(task)
            else:
                card = await _again(task, card, error, rereads)
                rereads += 1


def _gone(task: _Task, card: CardPresence) -> bool:
    return task.walk.kit.cards.card != card


def _not_eid(error: CardError) -> bool:
    return error.reason is CardErrorReason.NOT_EMRTD


async def _read(task: _Task, card: CardPresence) -> ChipReading:
    """Read once, showing how far it is. "Dừng đọc thẻ" is a way back."""
    walk = task.walk

    def tell(progress: ReadProgress) -> None:
        stage = _STAGES.get(progress.step, ReadStage.DATA)
        walk.update(ReadingCard(stage=stage, percent=progress.percent))

    async def work() -> ChipReading:
        return await walk.kit.cards.read(card, task.keys, task.nonce.value, tell)

    async def stop() -> ChipReading:
        await walk.ask(ReadingCard())
        raise WentBack

    return await first(work, stop)


async def _recognise(walk: Walk, reading: ChipReading, text: str, nonce: Nonce) -> Citizen:
    """Judge the reading while the tick stands. Raises WrongKeys when the chip is another person's than the code."""
    try:
        return await beside(
            lambda: walk.kit.trust.recognise(reading, text, nonce), lambda: walk.show_for(TICK_SECONDS, CardReadDone())
        )
    except OtherPersonsCard:
        raise WrongKeys(CardError(CardErrorReason.ACCESS_DENIED, "the chip belongs to another code")) from None


async def _laid_down(task: _Task, *, after: int = -1) -> CardPresence:
    """The card that lies there, or ask for it. A card of this session that still lies there is not the one meant."""
    walk = task.walk
    after = max(after, -1 if walk.visit.card_serial is None else walk.visit.card_serial)
    lying = walk.kit.cards.card
    if lying is not None and lying.serial > after:
        return lying
    hint = None if lying is None else "reader.swap"
    return await _ask_for_card(task, PlaceCard(holder=task.holder, hint=hint), after)


async def _again(task: _Task, card: CardPresence, error: CardError, rereads: int) -> CardPresence:
    """The card for the next try: laid down again after it was lifted, or as it lies after a first stumble."""
    if error.reason is CardErrorReason.REMOVED or _gone(task, card):
        task.walk.kit.sounds.error()
        return await _ask_for_card(task, LiftedEarly(tries_left=REREADS - rereads), card.serial)
    if rereads == 0:
        return card
    task.walk.kit.sounds.error()
    return await _ask_to_try_again(task, code_of(error), card)


async def _ask_for_card(task: _Task, prompt: Prompt[PlaceCardAnswer], after: int) -> CardPresence:
    """Ask until a card is laid down, newer than `after`. Raises NoCard."""

    async def answer() -> CardPresence:
        await task.walk.ask(prompt)
        raise NoCard(shown_by(task.code))

    return await _until_laid_down(task, answer, after)


async def _ask_to_try_again(task: _Task, code: str, card: CardPresence) -> CardPresence:
    """The chip stumbles again: tell, and read when the card is laid down anew or the person wants it as it lies."""

    async def answer() -> CardPresence:
        choices = (ProblemChoice.RETRY, ProblemChoice.WITHOUT_CARD)
        if await task.walk.ask(Problem(code=code, choices=choices)) is ProblemChoice.WITHOUT_CARD:
            raise NoCard(shown_by(task.code))
        return card if not _gone(task, card) else await _laid_down(task, after=card.serial)

    return await _until_laid_down(task, answer, card.serial)


async def _until_laid_down(task: _Task, answer: Callable[[], Awaitable[CardPresence]], after: int) -> CardPresence:
    """A card newer than `after`, or what the person's answer gives; tells when the reader is lost meanwhile."""
    walk = task.walk

    async def laid_down() -> CardPresence:
        return await walk.kit.cards.inserted(after=after)

    async def lost() -> CardPresence:
        raise await walk.kit.cards.lost()

    while True:
        try:
            return await first(answer, laid_down, lost)
        except CardError as error:
            await other_way(walk, code_of(error), task.code)
