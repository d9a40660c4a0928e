"""Paying by VietQR, where a self-paying patient pays now (picture 09). Never twice; a code nobody sees is cancelled."""

from __future__ import annotations

import logging

import trio

from services.contract import models as wire
from services.contract.problem_codes import NO_PAYMENT_CODE, PAYMENT_UNCLEAR
from services.failures import code_of
from services.gateway_client import GatewayError
from services.journeys.journey import Ending, Over, WentHome
from services.journeys.ports import Accepted
from services.journeys.prompts import NotByCode, ProblemChoice, WhyNotByCode
from services.journeys.racing import first
from services.journeys.steps.payment import Outcome, Payment
from services.journeys.walk import Walk

log = logging.getLogger(__name__)

CANCEL_SECONDS = 10.0
"""Longer is not waited for: the gateway's own expiry closes the code."""


async def pay_if_due(walk: Walk) -> None:
    """Show the code until the money is there, or the person pays at the cashier, leaves, or the bank stays silent."""
    visit, accepted = walk.visit, walk.visit.accepted
    if accepted is None or accepted.offline or not accepted.ticket.amount_due or visit.paid:
        return
    if not await _make_code(walk, accepted):
        return
    payment = Payment(walk)
    outcome = await first(payment.by_person, payment.by_bank, payment.by_claim)
    await _settle(walk, outcome)


async def _make_code(walk: Walk, accepted: Accepted) -> bool:
    """Make the one live intent of the bill; False sends to the cashier."""

    async def make() -> bool:
        walk.visit.intent = await walk.kit.gateway.pay(accepted)
        walk.visit.code_live = True
        return True

    while True:
        try:
            return await walk.working("working.paying", make, can_stop=False, at_most=walk.kit.slow_seconds)
        except GatewayError as error:
            log.warning("no payment code: %s", code_of(error))
            unclear = error.code == PAYMENT_UNCLEAR
        if unclear:
            await _told(walk, PAYMENT_UNCLEAR, ProblemChoice.GO_ON)
            return False
        if await _told(walk, NO_PAYMENT_CODE, ProblemChoice.GO_ON, ProblemChoice.RETRY) is ProblemChoice.GO_ON:
            return False


async def _settle(walk: Walk, outcome: Outcome) -> None:
    """Close the code. What the bank says at that moment goes before what was thought."""
    visit = walk.visit
    await stop_paying(walk)
    if visit.paid:
        return
    match outcome:
        case Outcome.UNCLEAR:
            await _told(walk, PAYMENT_UNCLEAR, ProblemChoice.GO_ON)
        case Outcome.HIDDEN:
            await _told(walk, "TT-303", ProblemChoice.GO_ON)
        case Outcome.LEFT:
            raise Over(Ending.LEFT)
        case Outcome.CASHIER:
            await _ask_why(walk)
        case Outcome.PAID:
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


async def _told(walk: Walk, code: str, *choices: ProblemChoice) -> ProblemChoice:
    """Tell what is wrong with the money. Home is a way on as well: the number is taken, it must reach the person."""
    try:
        return await walk.problem(code, *choices, back=False)
    except WentHome:
        return ProblemChoice.GO_ON


async def stop_paying(walk: Walk) -> None:
    """Hide and cancel a code that may still be paid; the bill stays payable at the cashier."""
    visit = walk.visit
    intent, live = visit.intent, visit.code_live
    visit.code_live = None
    if intent is None or not live or visit.paid:
        return
    with trio.move_on_after(CANCEL_SECONDS):
        try:
            visit.intent = await walk.working(
                "working.bank", lambda: walk.kit.gateway.cancel_payment(intent.id), can_stop=False
            )
        except GatewayError as error:
            log.warning("payment code not cancelled: %s", code_of(error))
