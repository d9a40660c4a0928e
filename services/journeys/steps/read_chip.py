"""The card is read, and again when it was lifted early (pictures 25, 04; DESIGN section 3)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from math import ceil

import trio

from drivers.emrtd.reading import ChipReading, ReadProgress, ReadStep
from drivers.smartcard.connection import CardError, CardErrorReason
from services.failures import code_of
from services.identity.citizen import Citizen, EvidenceLevel
from services.identity.keys import keys_from_code
from services.identity.recognise import OtherPersonsCard
from services.journeys.coming_photo import ComingPhoto
from services.journeys.journey import WentBack
from services.journeys.ports import CardPresence
from services.journeys.prompts import CardHolder, ReadingCard, ReadStage
from services.journeys.racing import first
from services.journeys.steps.chip_read import ChipRead
from services.journeys.steps.lay_down import REREADS, ReadTask, gone, laid_down_again, laid_down_card
from services.journeys.steps.no_card import other_way, shown_by
from services.journeys.steps.scan_code import ScannedCard
from services.journeys.walk import Walk

TICK_SECONDS = 0.2
"""The tick stands still so long before the page with it slides away; the next page says in green what was read."""
SURE_PERCENT = 10
"""Before that the pace says nothing."""
_STAGES = {ReadStep.OPENED: ReadStage.CHECK}
"""The row at work after a step; later steps all fetch data."""


class WrongKeys(Exception):
    """The code does not open this card: it is of another card."""

    def __init__(self, why: CardError) -> None:
        super().__init__("the code does not open this card")
        self.why = why


async def read_chip(walk: Walk, holder: CardHolder, scanned: ScannedCard) -> Citizen:
    """Read the card that belongs to the scanned code and recognise its holder.

    The "bíp" comes when the chip said who it is and was judged: from then on the card may be lifted. A patient's photo
    streams in behind (`Visit.photo`); nothing waits for it. Raises WrongKeys, NoCard, WentBack. A chip whose check
    failed gives only what the code said, with the evidence.
    """
    keys = keys_from_code(scanned.code, walk.kit.clock.now().date())
    task = ReadTask(walk, holder, scanned.code, keys, await walk.kit.gateway.nonce())
    card, citizen = await _read_with_patience(task, await laid_down_card(task), scanned.text)
    walk.visit.remember_card(keys, card.serial)
    photo = walk.visit.photo
    # No checkpoint follows until the visit knows its patient: a photo that comes later finds them there.
    return citizen if holder is CardHolder.COMPANION or photo is None else photo.whole or citizen


def _begin_photo(task: ReadTask, text: str, read: ChipRead, citizen: Citizen) -> None:
    """Let the photo of a patient come in behind; nobody's else is looked at."""
    if task.holder is CardHolder.COMPANION or citizen.evidence.level is EvidenceLevel.CHIP_FAILED:
        read.stop()
        return
    photo = task.walk.visit.photo = ComingPhoto(read.stop)
    task.walk.behind.start(partial(_bring_photo, task, text, read, citizen, photo))


async def _bring_photo(task: ReadTask, text: str, read: ChipRead, citizen: Citizen, photo: ComingPhoto) -> None:
    """When the photo is here the whole card is judged once more: an altered photo is an altered card."""
    visit = task.walk.visit
    try:
        reading = await read.whole()
        photo.missed = reading is None
        if reading is not None:
            photo.whole = _as_proven(task, await task.walk.kit.trust.recognise(reading, text, task.nonce))
            if visit.patient is citizen:
                visit.patient = photo.whole
    finally:
        photo.over.set()


def _as_proven(task: ReadTask, citizen: Citizen) -> Citizen:
    """Of a card whose check failed only what its code said."""
    if citizen.evidence.level is EvidenceLevel.CHIP_FAILED:
        return replace(shown_by(task.code), evidence=citizen.evidence)
    return citizen


async def _read_with_patience(task: ReadTask, card: CardPresence, text: str) -> tuple[CardPresence, Citizen]:
    """Read; what laying down again can mend is read again up to three times, without a new scan."""
    rereads = 0
    while True:
        try:
            return card, await _read(task, card, text)
        except CardError as error:
            if error.reason is CardErrorReason.ACCESS_DENIED:
                raise WrongKeys(error) from None
            if not error.retry:
                await other_way(task.walk, code_of(error), task.code)
                rereads = 0
                card = await laid_down_card(task, after=card.serial if gone(task, card) or _not_eid(error) else -1)
            elif rereads == REREADS:
                await other_way(task.walk, "CR-05", task.code)
                rereads = 0
                card = await laid_down_card(task)
            else:
                card = await laid_down_again(task, card, error, rereads)
                rereads += 1


def _not_eid(error: CardError) -> bool:
    return error.reason is CardErrorReason.NOT_EMRTD


async def _read(task: ReadTask, card: CardPresence, text: str) -> Citizen:
    """Read once until it is known who it is, showing how far it is. "Dừng đọc thẻ" is a way back."""
    walk = task.walk
    began = trio.current_time()

    def tell(progress: ReadProgress) -> None:
        left = seconds_left(trio.current_time() - began, progress.percent)
        stage = _STAGES.get(progress.step, ReadStage.DATA)
        walk.update(ReadingCard(stage=stage, percent=progress.percent, seconds_left=left))

    read = ChipRead(task, card, tell)
    walk.behind.start(read.run)

    async def work() -> Citizen:
        citizen = await _recognise(task, await read.identity(), text)
        _begin_photo(task, text, read, citizen)
        walk.kit.sounds.card_read()
        walk.update(ReadingCard(stage=ReadStage.DATA, percent=100, done=True))
        await trio.sleep(TICK_SECONDS)
        return citizen

    async def stop() -> Citizen:
        await walk.ask(ReadingCard())
        raise WentBack

    try:
        return await first(work, stop)
    except BaseException:
        read.stop()
        raise


def seconds_left(elapsed: float, percent: int) -> int | None:
    """How long a reading still takes at the pace so far, in whole seconds from 1; None while nobody can tell."""
    if percent < SURE_PERCENT:
        return None
    return max(1, ceil(elapsed * (100 - percent) / percent))


async def _recognise(task: ReadTask, reading: ChipReading, text: str) -> Citizen:
    """Judge the reading. Raises WrongKeys when the chip is another person's than the code."""
    try:
        return _as_proven(task, await task.walk.kit.trust.recognise(reading, text, task.nonce))
    except OtherPersonsCard:
        raise WrongKeys(CardError(CardErrorReason.ACCESS_DENIED, "the chip belongs to another code")) from None
