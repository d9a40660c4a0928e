"""What the gateway asks of the card terminal beside this kiosk: purchases taken back, batches closed in the evening."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

import trio

from drivers.card_terminal.errors import TerminalError
from drivers.card_terminal.terminal import Answer, Attempt, Outcome, Totals
from services.contract.models import CardDuty, CardDutyKind, CardDutyOutcome, CardDutyResult
from services.gateway_client import GatewayError
from services.gateway_client.errors import GatewayReason

log = logging.getLogger(__name__)

ASK_SECONDS = 10.0
"""Nobody waits before the kiosk for it; a cashier does at the page."""
TELL_SECONDS = 5.0


class Desk(Protocol):
    """The terminal (drivers.card_terminal.TerminalDesk)."""

    @property
    def available(self) -> bool: ...
    async def take_back(self, attempt: Attempt, service_id: str, *, begun: bool) -> Answer: ...
    async def close_batch(self, service_id: str) -> Totals: ...


class Gateway(Protocol):
    """Who asks (services.gateway_client.GatewayClient)."""

    async def card_duties(self) -> tuple[CardDuty, ...]: ...
    async def card_duty(self, duty: CardDuty, result: CardDutyResult) -> None: ...


async def serve(desk: Desk, gateway: Gateway, seconds: float = ASK_SECONDS) -> None:
    """For ever: whatever waits, one after the other, while the terminal is there."""
    while True:
        if desk.available:
            try:
                for duty in await gateway.card_duties():
                    await do(desk, gateway, duty)
            except GatewayError as error:
                log.info("duties of the card terminal: %s", error)
        await trio.sleep(seconds)


async def do(desk: Desk, gateway: Gateway, duty: CardDuty) -> None:
    """One duty: written down as begun, done, and told until the gateway has it.

    Whether the first of these got through is asked until it is answered: as long as this runs, the terminal was told
    of nothing, and a closing that might have been told is never told again.
    """
    begun = CardDutyResult(outcome=CardDutyOutcome.BEGUN)
    if not duty.begun and not await _until_told(lambda: gateway.card_duty(duty, begun)):
        return
    work = _take_back if duty.kind is CardDutyKind.REVERSE else _close
    result = await work(desk, duty)
    log.info("card terminal: %s: %s", duty.kind.value, result.outcome.value)
    await _until_told(lambda: gateway.card_duty(duty, result))


async def _take_back(desk: Desk, duty: CardDuty) -> CardDutyResult:
    if duty.attempt is None:
        return CardDutyResult(outcome=CardDutyOutcome.REFUSED)
    bought = Attempt(duty.attempt.service_id, duty.attempt.intent_id, duty.attempt.amount)
    answer = await desk.take_back(bought, duty.service_id, begun=duty.begun)
    match answer.outcome:
        case Outcome.REVERSED:
            return CardDutyResult(outcome=CardDutyOutcome.DONE, reference=answer.reference)
        case Outcome.UNKNOWN | Outcome.IN_PROGRESS:
            return CardDutyResult(outcome=CardDutyOutcome.UNKNOWN)
        case _:
            return CardDutyResult(outcome=CardDutyOutcome.REFUSED)


async def _close(desk: Desk, duty: CardDuty) -> CardDutyResult:
    """A closing that may have been told before is not told again: its sums would be those of the next batch."""
    if duty.begun:
        return CardDutyResult(outcome=CardDutyOutcome.UNKNOWN)
    try:
        totals = await desk.close_batch(duty.service_id)
    except TerminalError as error:
        log.warning("card terminal: the batch was not closed: %s", error)
        return CardDutyResult(outcome=CardDutyOutcome.UNKNOWN if error.sent else CardDutyOutcome.REFUSED)
    return CardDutyResult(outcome=CardDutyOutcome.DONE, purchased=totals.purchased, reversed=totals.reversed)


async def _until_told(tell: Callable[[], Awaitable[None]]) -> bool:
    """Repeated whatever fails; False when the gateway will never take it: it knows no such duty."""
    while True:
        try:
            await tell()
            return True
        except GatewayError as error:
            if error.reason is GatewayReason.CONFLICT and not error.retry:
                log.error("the gateway does not take what the card terminal did: %s", error)
                return False
            log.info("the gateway is told again of the card terminal: %s", error)
        await trio.sleep(TELL_SECONDS)
