"""The tail: the one way every session ends, good or bad.

What the person must keep is printed or shown, they are reminded of their card, what was begun and not finished is
undone, everything is forgotten, and the start page comes back.
"""

from __future__ import annotations

from functools import partial

import trio

from services.contract import models as wire
from services.failures import CRASH
from services.journeys.crash import log_crash
from services.journeys.journey import Ending
from services.journeys.papers import forget_papers
from services.journeys.prompts import CardLeftBehind
from services.journeys.racing import first
from services.journeys.steps.confirm_payment import confirm_payment
from services.journeys.steps.print_filing import print_sent
from services.journeys.steps.print_ticket import print_ticket
from services.journeys.steps.stop_paying import stop_paying
from services.journeys.visit import SlipOutcome
from services.journeys.walk import Walk

NOTES_SECONDS = 5.0
"""Between two rounds of the three notes."""
_REASONS = {
    Ending.LEFT: wire.AbandonReason.LEFT,
    Ending.IDLE: wire.AbandonReason.IDLE,
    Ending.OTHER_CARD: wire.AbandonReason.OTHER_CARD,
    Ending.FAILURE: wire.AbandonReason.FAILURE,
}


async def end(walk: Walk, ending: Ending) -> None:
    """End the session. Never raises; what takes long to undo is undone beside the next session."""
    visit = walk.visit
    visit.forget_patient()
    try:
        await _settle(walk, ending)
    except Exception as error:
        log_crash("tail", error)
    finally:
        _give_back(walk, ending)
        forget_papers(walk)
        visit.wipe()
    if ending is not Ending.OTHER_CARD:
        await _remind_of_card(walk)
    walk.kit.cards.forget()
    walk.front.mourning = False
    walk.kit.sounds.reset()
    walk.front.stage.time_left(None)
    walk.front.stage.reset()


async def _settle(walk: Walk, ending: Ending) -> None:
    """Money first, then the number."""
    visit = walk.visit
    if visit.dossier is not None and not visit.handed_over:
        # Sent is sent: who left before the number still gets the code of what they sent.
        await print_sent(walk)
    printing_crashed = ending is Ending.FAILURE and visit.slip is None
    if visit.accepted is None:
        await stop_paying(walk)
        if visit.money_moved and not visit.handed_over:
            await confirm_payment(walk)
        return
    if visit.handed_over and not printing_crashed:
        return
    await stop_paying(walk)
    if visit.money_moved or ending in {Ending.IDLE, Ending.FAILURE}:
        # Where money moved the number is never lost. One whose owner fell silent stays payable at the cashier.
        await _hand_over(walk)


async def _hand_over(walk: Walk) -> None:
    """Print and show the number; when even printing crashes, show it."""
    try:
        await print_ticket(walk)
    except Exception as error:
        log_crash("handing over", error)
        walk.visit.slip = walk.visit.slip or SlipOutcome(printed=False, at=walk.kit.clock.now(), code=CRASH)
        await print_ticket(walk)


def _give_back(walk: Walk, ending: Ending) -> None:
    """A number that reached nobody is given back, except where money moved."""
    visit = walk.visit
    accepted = visit.accepted
    if accepted is not None and not (visit.handed_over or visit.money_moved):
        walk.front.later(partial(walk.kit.gateway.abandon, accepted, _REASONS.get(ending, wire.AbandonReason.FAILURE)))


async def _remind_of_card(walk: Walk) -> None:
    """ "Thẻ vẫn còn trên đầu đọc": with three notes every 5 s, until it is taken or the time is over."""
    card, room = walk.kit.cards.card, walk.kit.technician
    if card is None or (room is not None and room.handshake.pending and await room.opened_by(card)):
        return  # a technician's card lies there to wait

    async def shown() -> None:
        await walk.result(CardLeftBehind())

    async def taken() -> None:
        await walk.kit.cards.removed(card)

    async def notes() -> None:
        while True:
            walk.kit.sounds.card_forgotten()
            await trio.sleep(NOTES_SECONDS)

    try:
        await first(shown, taken, notes)
    except Exception as error:
        log_crash("reminder", error)
