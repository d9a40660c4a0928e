"""Paying with a card at the terminal beside the kiosk: one attempt, written down before, never repeated by itself."""

from __future__ import annotations

import logging
from functools import partial

import trio

from drivers.card_terminal.errors import TerminalError
from drivers.card_terminal.terminal import Answer, Attempt, Decline, Stage
from drivers.card_terminal.terminal import Outcome as Charged
from services.contract import models as wire
from services.failures import code_of
from services.gateway_client import GatewayError
from services.journeys.journey import WentHome
from services.journeys.ports import Kit, PayTerminal
from services.journeys.prompts import CardRefusal, CardRefused, CardRefusedAnswer, CardStep, PayByCard
from services.journeys.racing import first
from services.journeys.steps.payment import Outcome
from services.journeys.steps.stop_paying import stop_paying
from services.journeys.walk import Walk

log = logging.getLogger(__name__)

REPORT_SECONDS = 15.0
"""So long people wait until the gateway has written down what the terminal said."""
REPORT_EVERY = 2.0
ABORT_SECONDS = 3.0
_STEPS = {
    Stage.STARTED: CardStep.SHOW,
    Stage.CARD_PRESENTED: CardStep.READING,
    Stage.PIN_WANTED: CardStep.PIN,
    Stage.WRONG_PIN: CardStep.WRONG_PIN,
    Stage.ASKING_BANK: CardStep.BANK,
    Stage.CARD_REMOVED: CardStep.TAKE,
    Stage.RESOLVING: CardStep.RESOLVING,
}
_STOPPABLE = frozenset({CardStep.STARTING, CardStep.SHOW, CardStep.READING, CardStep.PIN, CardStep.WRONG_PIN})
_WHY = {
    Decline.REFUSED: CardRefusal.REFUSED,
    Decline.WRONG_PIN: CardRefusal.WRONG_PIN,
    Decline.CARD_PULLED: CardRefusal.PULLED,
    Decline.CANCELLED: CardRefusal.STOPPED,
    Decline.TIME_OVER: CardRefusal.TIME_OVER,
    Decline.INVALID_CARD: CardRefusal.INVALID,
    Decline.UNSPECIFIED: CardRefusal.REFUSED,
}
_OUTCOMES = {
    Charged.APPROVED: wire.CardOutcome.APPROVED,
    Charged.DECLINED: wire.CardOutcome.DECLINED,
    Charged.ABORTED: wire.CardOutcome.ABORTED,
    Charged.NOT_FOUND: wire.CardOutcome.NOT_FOUND,
    Charged.REVERSED: wire.CardOutcome.REVERSED,
    Charged.IN_PROGRESS: wire.CardOutcome.UNKNOWN,
    Charged.UNKNOWN: wire.CardOutcome.UNKNOWN,
}


async def pay_by_card(walk: Walk, terminal: PayTerminal) -> Outcome:
    """One attempt for the visit's intent; PAID, UNCLEAR, or what the person wants instead."""
    intent = walk.visit.intent
    if intent is None:
        raise RuntimeError("no payment is open")
    try:
        attempt = await walk.working("working.terminal", lambda: walk.kit.gateway.begin_card(intent.id), can_stop=False)
    except GatewayError as error:
        log.warning("no attempt at the card terminal: %s", code_of(error))
        # Nobody told the terminal anything; the intent must not stay live.
        walk.visit.code_live = True
        await stop_paying(walk)
        return await _refused(walk, intent, CardRefusal.NOT_BEGUN)
    with walk.reader.held():
        # A card that is shown to the terminal is no different person's ID card.
        answer = await _AtTerminal(walk, terminal, intent, attempt).charge()
    await _report(walk, attempt, answer)
    if walk.visit.part_paid:
        return Outcome.PAID
    if answer.outcome is Charged.APPROVED or not answer.outcome.final:
        # Taken and not written down yet, or not known: the same to the person, never a second time.
        walk.visit.claimed = True
        return Outcome.UNCLEAR
    if answer.outcome is Charged.NOT_FOUND:
        return await _refused(walk, intent, CardRefusal.NOT_BEGUN)
    return await _refused(walk, intent, _WHY[answer.decline or Decline.UNSPECIFIED])


class _AtTerminal:
    """What the screen beside the terminal shows while it works."""

    def __init__(
        self, walk: Walk, terminal: PayTerminal, intent: wire.PaymentIntent, attempt: wire.CardAttempt
    ) -> None:
        self._walk = walk
        self._terminal = terminal
        self._intent = intent
        self._attempt = Attempt(attempt.service_id, intent.id, attempt.amount)
        self._step = CardStep.STARTING

    async def charge(self) -> Answer:
        """Until the terminal has said what became of it."""
        try:
            return await first(self._work, self._person)
        except trio.Cancelled:
            # The kiosk ends in the middle: what is not charged yet need not be. The restart asks for the rest.
            with trio.move_on_after(ABORT_SECONDS, shield=True):
                await self._terminal.abort(self._attempt)
            raise

    async def _work(self) -> Answer:
        try:
            return await self._terminal.charge(self._attempt, self._told)
        except TerminalError as error:
            log.warning("card terminal: %s", code_of(error))
            return Answer(Charged.NOT_FOUND)

    async def _person(self) -> Answer:
        while True:
            await self._walk.ask(self._prompt)
            self._go(CardStep.STOPPING)
            await self._terminal.abort(self._attempt)

    def _told(self, stage: Stage) -> None:
        self._go(_STEPS[stage])

    def _go(self, step: CardStep) -> None:
        self._step = step
        self._walk.update(self._prompt())

    def _prompt(self) -> PayByCard:
        return PayByCard(
            amount=self._attempt.amount,
            bill_number=self._intent.bill_number,
            step=self._step,
            can_stop=self._step in _STOPPABLE,
            demo=self._intent.demo or self._walk.site.demo,
        )


async def _report(walk: Walk, attempt: wire.CardAttempt, answer: Answer) -> None:
    """Tell the gateway; when it cannot be told in time, it is told beside the session."""
    result = result_of(answer, walk.kit)

    async def until_told() -> None:
        while not await tell(walk, attempt, result):
            await trio.sleep(REPORT_EVERY)

    with trio.move_on_after(REPORT_SECONDS) as patience:
        await walk.working("working.terminal", until_told, can_stop=False)
    if patience.cancelled_caught:
        log.error("the gateway was not told what the card terminal said: it is told as soon as it answers")
        walk.front.later(partial(tell_later, walk.kit, attempt, result))


async def tell(walk: Walk, attempt: wire.CardAttempt, result: wire.CardResult) -> bool:
    """Once; False when it may help to tell it again."""
    visit = walk.visit
    try:
        intent = await walk.kit.gateway.card_result(attempt, result)
    except GatewayError as error:
        log.warning("result of the card terminal not taken: %s", code_of(error))
        return not error.retry
    if visit.intent is not None and visit.intent.id == intent.id:
        visit.intent = intent
    return True


async def tell_later(kit: Kit, attempt: wire.CardAttempt, result: wire.CardResult) -> None:
    """Until the gateway has taken it. Raises GatewayError when it never will."""
    while True:
        try:
            await kit.gateway.card_result(attempt, result)
            return
        except GatewayError as error:
            if not error.retry:
                raise
        await trio.sleep(REPORT_EVERY)


def result_of(answer: Answer, kit: Kit) -> wire.CardResult:
    """The terminal's words as the gateway takes them."""
    return wire.CardResult(
        outcome=_OUTCOMES[answer.outcome],
        reference=answer.acquirer_reference or answer.reference,
        approval_code=answer.approval_code,
        amount=answer.amount,
        at=kit.clock.now(),
    )


async def _refused(walk: Walk, intent: wire.PaymentIntent, why: CardRefusal) -> Outcome:
    """Nothing was charged: another way, the same again, or the cashier."""
    try:
        answer = await walk.ask(CardRefused(why=why, amount=intent.amount, demo=intent.demo))
    except WentHome:
        return Outcome.LEFT
    match answer:
        case CardRefusedAnswer.BY_CODE:
            return Outcome.BY_CODE
        case CardRefusedAnswer.AGAIN:
            return Outcome.BY_CARD
        case CardRefusedAnswer.CASHIER:
            return Outcome.CASHIER
