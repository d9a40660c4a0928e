"""From the insurer's answer to what the patient is told, by the dated tables. Pure: no clock, no network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gateway.insurance.rules import Action, Rules
from gateway.insurance.vss import CardAnswer, CardFacts
from services.contract.models import EligibilityResult


@dataclass(frozen=True)
class Facility:
    """Where this gateway stands, as routes see it: 5-character code, and the routing codes for both cases."""

    code: str
    route_registered: str
    route_other: str


@dataclass(frozen=True)
class Judgement:
    """What the answer means on one day."""

    result: EligibilityResult
    card: CardFacts | None
    benefit_percent: int | None = None
    route_percent: int | None = None
    route_message: str = ""
    route_code: str = ""
    registered_here: bool = False
    staff_check: bool = False


def judge(answer: CardAnswer, rules: Rules, facility: Facility, day: date) -> Judgement:
    """Judge an answer whose code is neither DOWN, ACCOUNT nor TOKEN."""
    row = rules.result_code(answer.code)
    card = _card_on(answer.cards, day)
    if row.action in {Action.NOT_FOUND, Action.ASK_AGAIN}:
        return Judgement(EligibilityResult.NOT_FOUND, None, staff_check=True)
    if row.action is Action.EXPIRED:
        return Judgement(EligibilityResult.EXPIRED, card)
    if card is None:
        result = EligibilityResult.MISMATCH if row.action is Action.MISMATCH else EligibilityResult.NOT_FOUND
        return Judgement(result, None, staff_check=True)
    judged = _cover(card, rules, facility, day, row.staff_check)
    if row.action is not Action.MISMATCH:
        return judged
    # The card is not known to be this person's: nothing of it is told, the desk looks.
    return Judgement(EligibilityResult.MISMATCH, None, route_code=judged.route_code, staff_check=True)


def _cover(card: CardFacts, rules: Rules, facility: Facility, day: date, staff_check: bool) -> Judgement:
    if card.valid_from is not None and day < card.valid_from:
        return Judgement(EligibilityResult.NOT_YET, card)
    if card.valid_to is not None and day > card.valid_to:
        return Judgement(EligibilityResult.EXPIRED, card)
    registered = card.facility == facility.code
    code = facility.route_registered if registered else facility.route_other
    route = rules.route(code, day)
    benefit = rules.benefit_percent(card.number, day)
    if route is None or benefit is None:
        return Judgement(EligibilityResult.MISMATCH, None, route_code=code, staff_check=True)
    if route.percent == 0:
        result = EligibilityResult.NOT_COVERED_HERE
    elif route.percent < 100:
        result = EligibilityResult.PARTLY
    else:
        result = EligibilityResult.VALID
    return Judgement(
        result,
        card,
        benefit_percent=100 if route.full_benefit else benefit,
        route_percent=route.percent,
        route_message=route.message,
        route_code=code,
        registered_here=registered,
        staff_check=staff_check,
    )


def _card_on(cards: tuple[CardFacts, ...], day: date) -> CardFacts | None:
    """The card that is valid on the day; of several the newest, else the last one named."""
    valid = [
        card
        for card in cards
        if (card.valid_from is None or card.valid_from <= day) and (card.valid_to is None or day <= card.valid_to)
    ]
    if valid:
        return max(valid, key=lambda card: card.valid_from or date.min)
    return cards[-1] if cards else None
