"""Paying what a dossier asks for, from its timeline: looked at, then by code or card like any bill."""

from __future__ import annotations

from functools import partial

from services.contract import models as wire
from services.failures import code_of
from services.gateway_client import GatewayError
from services.journeys.journey import Ending, Over, Turn, WentBack
from services.journeys.prompts import ProblemChoice
from services.journeys.steps.choose_bill import details
from services.journeys.steps.pay_bill import pay_bill
from services.journeys.steps.payment import Outcome
from services.journeys.walk import Walk


async def pay_dossier(walk: Walk) -> Turn | None:
    """Nothing to do unless a bill was touched. Where no money moved, the dossier comes back as it is now."""
    visit = walk.visit
    if visit.dossier_bill is None or visit.money_moved:
        return None
    try:
        bill = await _read(walk, visit.dossier_bill)
        await walk.ask(partial(details, walk, bill))
    except WentBack:
        return Turn.DOSSIER
    visit.bill = bill
    outcome = await pay_bill(walk, bill.id)
    if visit.money_moved:
        return None
    if outcome is Outcome.LEFT:
        raise Over(Ending.LEFT)
    visit.next_bill()
    await _look_again(walk)
    return Turn.DOSSIER


async def _read(walk: Walk, bill_id: str) -> wire.Bill:
    """The bill as it is now. Raises WentBack when it cannot be had and the cashier is the way."""
    while True:
        try:
            return await walk.working("working.bills", partial(walk.kit.gateway.bill, bill_id))
        except GatewayError as error:
            code = code_of(error)
        if await walk.problem(code, ProblemChoice.RETRY, ProblemChoice.ASK_DESK) is ProblemChoice.ASK_DESK:
            raise WentBack


async def _look_again(walk: Walk) -> None:
    """What was asked for may have been paid elsewhere meanwhile; unanswered, the dossier stays as it was told."""
    request = walk.visit.dossiers_request
    if request is None:
        return
    try:
        found = await walk.working("working.dossiers", partial(walk.kit.gateway.find_dossiers, request))
    except GatewayError:
        return
    walk.visit.dossiers = found.dossiers or walk.visit.dossiers
