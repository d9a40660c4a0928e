"""After a restart: a payment that was going on is picked up where it was, and a card's outcome is asked for.

Only soon after: later nobody stands there any more, and the code is closed instead (DESIGN section 6).
"""

from __future__ import annotations

import logging

import trio

from drivers.card_terminal.terminal import Attempt
from services.contract import models as wire
from services.failures import code_of
from services.gateway_client import GatewayError
from services.journeys.ports import Kit
from services.journeys.steps.pay_card import result_of, tell_later

log = logging.getLogger(__name__)

LOOK_SECONDS = 20.0
"""So long after the start an interrupted payment is looked for; with a gateway that is silent longer, nobody waits."""
AGAIN_SECONDS = 1.0
_CODE_ON_SCREEN = frozenset(
    {wire.PaymentStatus.CREATED, wire.PaymentStatus.QR_SHOWN, wire.PaymentStatus.UNDERPAID, wire.PaymentStatus.PAID}
)
_OPEN_ATTEMPTS = frozenset({wire.CardOutcome.STARTED, wire.CardOutcome.UNKNOWN})


async def interrupted(kit: Kit) -> wire.PaymentIntent | None:
    """The one payment that is worth to be shown again; cards that were charged meanwhile are asked about on the way."""
    with trio.move_on_after(LOOK_SECONDS):
        while True:
            try:
                found = await kit.gateway.left_behind()
            except GatewayError as error:
                log.info("payments of before the restart: %s", code_of(error))
                if not error.retry:
                    return None
                await trio.sleep(AGAIN_SECONDS)
                continue
            return await _worth_showing(kit, found)
    return None


async def _worth_showing(kit: Kit, found: tuple[wire.PaymentIntent, ...]) -> wire.PaymentIntent | None:
    settled = [await settle_card(kit, intent) for intent in found]
    now = kit.clock.now()
    for intent in settled:
        if intent.status in _CODE_ON_SCREEN and intent.expires_at > now:
            by_card = intent.method is wire.PaymentMethod.CARD
            if not by_card or intent.status is wire.PaymentStatus.PAID:
                return intent
    return None


async def settle_card(kit: Kit, intent: wire.PaymentIntent) -> wire.PaymentIntent:
    """Ask the terminal what became of an attempt without an outcome, and tell the gateway."""
    attempt, terminal = intent.attempt, kit.terminal
    if attempt is None or attempt.outcome not in _OPEN_ATTEMPTS or terminal is None:
        return intent
    answer = await terminal.settle(Attempt(attempt.service_id, intent.id, attempt.amount))
    log.info("card terminal: an attempt of before the restart: %s", answer.outcome.value)
    try:
        await tell_later(kit, attempt, result_of(answer, kit))
        return await kit.gateway.payment(intent.id)
    except GatewayError as error:
        log.warning("result of the card terminal not taken: %s", code_of(error))
        return intent
