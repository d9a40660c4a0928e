"""Somebody of the community digital team signs in at the kiosk: by their own card, or by name and PIN."""

from __future__ import annotations

from functools import partial

from services.contract.one_stop import AssistStart
from services.failures import code_of
from services.gateway_client import GatewayError
from services.journeys.journey import Ending, Over, WentBack
from services.journeys.prompts import (
    AskedNumber,
    AskedText,
    CardHolder,
    HelperSignIn,
    HelperWay,
    ProblemChoice,
    TypedDigits,
    TypeDigits,
    TypeLetters,
)
from services.journeys.registration import person_of
from services.journeys.steps.by_card import meet_by_card
from services.journeys.steps.no_card import NoCard
from services.journeys.walk import Walk

SHORTEST_NAME, LONGEST_NAME = 2, 36
SHORTEST_PIN, LONGEST_PIN = 6, 12
WRONG = {403: "helper.wrong", 429: "helper.paused"}


async def sign_in(walk: Walk) -> None:
    """Signed in, this session ends: whoever is helped begins at the start page. Back leads to the guides."""
    error: str | None = None
    while True:
        try:
            way = await walk.ask(HelperSignIn(error=error))
        except WentBack:
            return
        try:
            start = await (_by_card(walk) if way is HelperWay.CARD else _by_pin(walk))
        except WentBack:
            error = None
            continue
        except NoCard:
            error = "helper.nocard"
            continue
        try:
            assist = await walk.working("working.helper", partial(walk.kit.gateway.helpers.sign_in, start))
        except GatewayError as refused:
            error = WRONG.get(refused.status or 0)
            if error is None:
                await walk.problem(code_of(refused), ProblemChoice.GO_ON)
            continue
        walk.front.assisting.begin(assist)
        walk.front.later(walk.front.assisting.until_over)
        raise Over(Ending.DONE)


async def _by_card(walk: Walk) -> AssistStart:
    with walk.reader.held():
        helper = await meet_by_card(walk, CardHolder.PATIENT)
    if not helper.evidence.verified:
        raise NoCard(None)
    return AssistStart(person=person_of(helper))


async def _by_pin(walk: Walk) -> AssistStart:
    while True:
        name = (await walk.ask(TypeLetters(what=AskedText.HELPER, least=SHORTEST_NAME, most=LONGEST_NAME))).text
        pin = TypeDigits(what=AskedNumber.HELPER_PIN, length=LONGEST_PIN, least=SHORTEST_PIN, hidden=True, secret=True)
        try:
            typed = await walk.ask(pin)
        except WentBack:
            continue
        if isinstance(typed, TypedDigits):
            return AssistStart(name=name.lower(), pin=typed.digits)
