"""Paying one bill: by code or by card, part after part where it goes to several accounts. Never twice.

A code that nobody sees is cancelled; what the bank says when it is closed goes before what was thought.
"""

from __future__ import annotations

import logging

from services.contract import models as wire
from services.contract.problem_codes import (
    BILL_NOT_READ,
    BILL_SETTLED,
    CARD_UNRESOLVED,
    NO_PAYMENT_CODE,
    PAYMENT_UNCLEAR,
)
from services.failures import code_of
from services.gateway_client import GatewayError
from services.journeys.journey import WentHome
from services.journeys.prompts import ProblemChoice
from services.journeys.racing import first
from services.journeys.steps.pay_card import pay_by_card
from services.journeys.steps.payment import Outcome, Payment
from services.journeys.steps.stop_paying import stop_paying
from services.journeys.walk import Walk

log = logging.getLogger(__name__)

CODE_OVER = "TT-303"
BILL_CHANGED = "TT-307"


async def pay_bill(walk: Walk, bill_id: str) -> Outcome:
    """Pay the bill until the money is there, or the person pays at the cashier, leaves, or the bank stays silent.

    PAID is the whole bill. A part that was paid stays in the visit, whatever becomes of the others.
    """
    visit, by_card = walk.visit, False
    while True:
        outcome = await (_by_card(walk, bill_id) if by_card else _by_code(walk, bill_id))
        by_card = outcome is Outcome.BY_CARD
        if visit.part_paid:
            if visit.paid:
                return Outcome.PAID
            visit.next_part()
        elif outcome in {Outcome.BY_CARD, Outcome.BY_CODE}:
            continue
        elif not await _told_again(walk, outcome):
            return outcome


async def resume_code(walk: Walk) -> Outcome:
    """A code that a restart interrupted: shown again, never made again."""
    outcome = await _show(walk)
    if not walk.visit.part_paid:
        await _told_again(walk, outcome)
    return Outcome.PAID if walk.visit.paid else outcome


async def _by_card(walk: Walk, bill_id: str) -> Outcome:
    terminal = walk.kit.terminal
    if terminal is None:
        return Outcome.BY_CODE
    made = await _make(walk, bill_id, wire.PaymentMethod.CARD)
    return made or await pay_by_card(walk, terminal)


async def _by_code(walk: Walk, bill_id: str) -> Outcome:
    made = await _make(walk, bill_id, wire.PaymentMethod.QR)
    if made is not None:
        return made
    walk.visit.code_live = True
    return await _show(walk)


async def _show(walk: Walk) -> Outcome:
    """Show the code, then close it."""
    terminal = walk.kit.terminal
    payment = Payment(walk, by_card=terminal is not None and terminal.available)
    outcome = await first(payment.by_person, payment.by_bank, payment.by_claim, payment.by_time, payment.by_network)
    await stop_paying(walk)
    if walk.visit.payment_unclear and outcome in {Outcome.BY_CARD, Outcome.HIDDEN}:
        # Part of the money came, or somebody says so: nothing else is begun.
        return Outcome.UNCLEAR
    return outcome


async def _make(walk: Walk, bill_id: str, method: wire.PaymentMethod) -> Outcome | None:
    """Make the one live intent of the bill; an outcome where there is none to make."""

    async def make() -> None:
        walk.visit.claimed = None
        walk.visit.intent = intent = await walk.kit.gateway.pay(bill_id, method)
        if intent.method is not method:
            # A bill has one live payment: the one by the other way was not closed yet.
            walk.visit.intent = await walk.kit.gateway.cancel_payment(intent.id)
            walk.visit.intent = await walk.kit.gateway.pay(bill_id, method)

    while True:
        try:
            await walk.working("working.paying", make, can_stop=False, at_most=walk.kit.slow_seconds)
            return None
        except GatewayError as error:
            log.warning("no payment: %s", code_of(error))
            code = error.code
        if code in {PAYMENT_UNCLEAR, CARD_UNRESOLVED}:
            await told(walk, code, ProblemChoice.GO_ON)
            return Outcome.CASHIER
        if code == BILL_SETTLED:
            walk.visit.bill_settled = True
            await told(walk, code, ProblemChoice.GO_ON)
            return Outcome.SETTLED
        known = BILL_NOT_READ if code == BILL_NOT_READ else NO_PAYMENT_CODE
        if await told(walk, known, ProblemChoice.GO_ON, ProblemChoice.RETRY) is ProblemChoice.GO_ON:
            return Outcome.CASHIER


async def _told_again(walk: Walk, outcome: Outcome) -> bool:
    """Say what became of it; True when the bill is to be paid by a new code."""
    intent = walk.visit.intent
    match outcome:
        case Outcome.UNCLEAR:
            by_card = intent is not None and intent.method is wire.PaymentMethod.CARD
            await told(walk, CARD_UNRESOLVED if by_card else PAYMENT_UNCLEAR, ProblemChoice.GO_ON)
        case Outcome.HIDDEN:
            ended = None if intent is None else intent.ended
            if ended is wire.EndReason.BILL_CHANGED:
                choice = await told(walk, BILL_CHANGED, ProblemChoice.RETRY, ProblemChoice.GO_ON)
                return choice is ProblemChoice.RETRY
            if ended in {wire.EndReason.PAID_ELSEWHERE, wire.EndReason.BILL_CANCELLED}:
                walk.visit.bill_settled = True
                await told(walk, BILL_SETTLED, ProblemChoice.GO_ON)
            else:
                await told(walk, CODE_OVER, ProblemChoice.GO_ON)
        case _:
            pass
    return False


async def told(walk: Walk, code: str, *choices: ProblemChoice) -> ProblemChoice:
    """Tell what is wrong with the money. Home is a way on as well: what is known must reach the person."""
    try:
        return await walk.problem(code, *choices, back=False)
    except WentHome:
        return ProblemChoice.GO_ON
