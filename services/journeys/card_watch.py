"""A different card on the reader in mid-session: "Người khác đăng ký?" (DESIGN section 3, the card)."""

from __future__ import annotations

from typing import NoReturn

from drivers.smartcard.connection import CardError, CardErrorReason
from services.journeys.journey import Ending, Over
from services.journeys.ports import CardPresence
from services.journeys.prompts import DifferentCard, YesNo
from services.journeys.racing import first
from services.journeys.walk import Walk

_NOT_OURS = frozenset({CardErrorReason.ACCESS_DENIED, CardErrorReason.NOT_EMRTD})


async def watch_for_different_card(walk: Walk) -> NoReturn:
    """Look at every card laid down while no step reads one. Raises Over(OTHER_CARD) when a new turn is wanted.

    A card lifted after the beep, and the same card laid down again, mean nothing.
    """
    looked_at = -1
    while True:
        await walk.reader.free()
        card = await _next_card(walk, max(looked_at, walk.visit.card_serial or -1))
        if card is None:
            continue
        looked_at = card.serial
        if await is_the_technicians(walk, card) or await _belongs_here(walk, card):
            continue
        if await _someone_else(walk):
            raise Over(Ending.OTHER_CARD)


async def _next_card(walk: Walk, after: int) -> CardPresence | None:
    """The next card laid down, or None when a step took the reader meanwhile."""

    async def taken() -> None:
        await walk.reader.taken()

    async def laid_down() -> CardPresence | None:
        return await walk.kit.cards.inserted(after=after)

    return await first(taken, laid_down)


async def _belongs_here(walk: Walk, card: CardPresence) -> bool:
    """Whether one of this session's keys opens the card.

    A card nobody can judge (none was read here, or it is gone or mute already) is left alone. Nothing but the
    opening is tried: not a byte of another person's card is read.
    """
    for keys in walk.visit.known_cards or ():
        try:
            if await walk.kit.cards.opens(card, keys):
                return True
        except CardError as error:
            if error.reason not in _NOT_OURS:
                return True
    return not walk.visit.known_cards


async def is_the_technicians(walk: Walk, card: CardPresence) -> bool:
    """Whether it lets a technician in, who then waits for the end of this session; nobody is asked anything."""
    room = walk.kit.technician
    if room is None or not await room.opened_by(card):
        return False
    room.handshake.request()
    return True


async def _someone_else(walk: Walk) -> bool:
    """Cover everything and ask; unanswered, the idle warning follows and ends the session."""
    prompt = DifferentCard()

    async def answer() -> YesNo:
        return await walk.front.stage.ask(prompt)

    with walk.front.covers.held() as level:

        async def expire() -> YesNo:
            await walk.front.idle.watch(prompt, prompt.seconds, level=level)

        chosen = await first(answer, expire)
        walk.front.stage.time_left(None)
        return chosen is YesNo.YES
