"""A code that nobody sees must not live: hidden, and cancelled at the provider."""

from __future__ import annotations

import logging

import trio

from services.failures import code_of
from services.gateway_client import GatewayError
from services.journeys.walk import Walk

log = logging.getLogger(__name__)

CANCEL_SECONDS = 10.0
"""Longer is not waited for: the gateway's own expiry closes the code."""


async def stop_paying(walk: Walk) -> None:
    """Hide and cancel a code that may still be paid; the bill stays payable at the cashier."""
    visit = walk.visit
    intent, live = visit.intent, visit.code_live
    visit.code_live = None
    if intent is None or not live or visit.part_paid:
        return
    with trio.move_on_after(CANCEL_SECONDS):
        try:
            visit.intent = await walk.working(
                "working.bank", lambda: walk.kit.gateway.cancel_payment(intent.id), can_stop=False
            )
        except GatewayError as error:
            log.warning("payment code not cancelled: %s", code_of(error))
