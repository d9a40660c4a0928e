"""Laying the card on the reader: the first time, again after it was lifted, again after the chip stumbled."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from drivers.emrtd.reading import AccessKeys
from drivers.smartcard.connection import CardError, CardErrorReason
from services.codes.cccd import CccdQr
from services.failures import code_of
from services.identity.keys import TypedCard, TypedPassport
from services.journeys.card_watch import is_the_technicians
from services.journeys.ports import CardPresence, Nonce
from services.journeys.prompts import (
    CardHolder,
    LiftedEarly,
    PlaceCard,
    PlaceCardAnswer,
    ProblemChoice,
    Prompt,
)
from services.journeys.racing import first
from services.journeys.steps.no_card import NoCard, other_way
from services.journeys.walk import Walk

REREADS = 3
"""How often a card is read again without a new scan (DESIGN section 3)."""


@dataclass(frozen=True)
class ReadTask:
    """What one reading needs."""

    walk: Walk
    holder: CardHolder
    code: CccdQr
    keys: AccessKeys
    nonce: Nonce


async def laid_down_card(task: ReadTask, *, after: int = -1) -> CardPresence:
    """The card that lies there, or ask for it.

    A card of this session that still lies there is not the one meant, and a technician's never is.
    """
    walk = task.walk
    after = max(after, -1 if walk.visit.card_serial is None else walk.visit.card_serial)
    lying = walk.kit.cards.card
    if lying is not None and lying.serial > after:
        if not await is_the_technicians(walk, lying):
            return lying
        after = lying.serial
    hint = None if lying is None else "reader.swap"
    return await _ask_for_card(task, place_card(task.holder, task.code, hint), after)


def place_card(holder: CardHolder, code: CccdQr, hint: str | None) -> PlaceCard:
    """Picture 25, in the words of what was scanned or typed."""
    passport = isinstance(code, TypedPassport)
    return PlaceCard(holder=holder, hint=hint, typed=passport or isinstance(code, TypedCard), passport=passport)


async def laid_down_again(task: ReadTask, card: CardPresence, error: CardError, rereads: int) -> CardPresence:
    """The card for the next try: laid down again after it was lifted, or as it lies after a first stumble."""
    if error.reason is CardErrorReason.REMOVED or gone(task, card):
        task.walk.kit.sounds.error()
        return await _ask_for_card(task, LiftedEarly(tries_left=REREADS - rereads), card.serial)
    if rereads == 0:
        return card
    task.walk.kit.sounds.error()
    return await _ask_to_try_again(task, code_of(error), card)


async def _ask_for_card(task: ReadTask, prompt: Prompt[PlaceCardAnswer], after: int) -> CardPresence:
    """Ask until a card is laid down, newer than `after`. Raises NoCard."""

    async def answer() -> CardPresence:
        await task.walk.ask(prompt)
        raise NoCard(task.code)

    return await _until_laid_down(task, answer, after)


async def _ask_to_try_again(task: ReadTask, code: str, card: CardPresence) -> CardPresence:
    """The chip stumbles again: tell, and read when the card is laid down anew or the person wants it as it lies."""

    async def answer() -> CardPresence:
        choices = (ProblemChoice.RETRY, ProblemChoice.WITHOUT_CARD)
        if await task.walk.ask(partial(task.walk.told, code, *choices)) is ProblemChoice.WITHOUT_CARD:
            raise NoCard(task.code)
        return card if not gone(task, card) else await laid_down_card(task, after=card.serial)

    return await _until_laid_down(task, answer, card.serial)


async def _until_laid_down(task: ReadTask, answer: Callable[[], Awaitable[CardPresence]], after: int) -> CardPresence:
    """A card newer than `after`, or what the person's answer gives; tells when the reader is lost meanwhile."""
    walk = task.walk

    async def laid_down() -> CardPresence:
        card = await walk.kit.cards.inserted(after=after)
        while await is_the_technicians(walk, card):
            card = await walk.kit.cards.inserted(after=card.serial)
        return card

    async def lost() -> CardPresence:
        raise await walk.kit.cards.lost()

    while True:
        try:
            return await first(answer, laid_down, lost)
        except CardError as error:
            await other_way(walk, code_of(error), task.code)


def gone(task: ReadTask, card: CardPresence) -> bool:
    """Whether this laying-down is over."""
    return task.walk.kit.cards.card != card
