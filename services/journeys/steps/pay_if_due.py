"""Paying at check-in, where a self-paying patient pays now (picture 09)."""

from __future__ import annotations

import logging

from services.contract import models as wire
from services.failures import code_of
from services.gateway_client import GatewayError
from services.journeys.journey import Ending, Over, WentHome
from services.journeys.prompts import NotByCode, WhyNotByCode
from services.journeys.steps.pay_bill import pay_bill
from services.journeys.steps.payment import Outcome
from services.journeys.walk import Walk

log = logging.getLogger(__name__)


async def pay_if_due(walk: Walk) -> None:
    """Show the code until the money is there, or the person pays at the cashier, leaves, or the bank stays silent."""
    visit, accepted = walk.visit, walk.visit.accepted
    if accepted is None or accepted.offline or not accepted.ticket.amount_due or visit.paid:
        return
    match await pay_bill(walk, accepted.ticket.bill_id or ""):
        case Outcome.LEFT:
            raise Over(Ending.LEFT)
        case Outcome.CASHIER if visit.intent is not None:
            await _ask_why(walk)
        case _:
            pass


async def _ask_why(walk: Walk) -> None:
    """Why not by code, where the site wants to know: one touch, or none."""
    accepted = walk.visit.accepted
    if accepted is None or not walk.site.ask_cash_reason:
        return
    try:
        reason = await walk.result(WhyNotByCode(), seconds=lambda: WhyNotByCode.seconds)
    except WentHome:
        reason = None
    try:
        await walk.kit.gateway.report_cash_reason(accepted, wire.CashReason((reason or NotByCode.NO_ANSWER).value))
    except GatewayError as error:
        log.warning("the reason was not kept: %s", code_of(error))
