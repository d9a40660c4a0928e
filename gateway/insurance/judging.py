"""From the insurer's answer to what the patient is told, by the dated tables. Pure: no clock, no network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gateway.insurance.copayment import exempt
from gateway.insurance.differences import birth_detail, from_machine_zone, name_detail
from gateway.insurance.result_codes import Action, ResultCode
from gateway.insurance.rules import Route, Rules
from gateway.insurance.vss import CardAnswer, CardFacts
from services.contract.models import EligibilityRequest, EligibilityResult, MismatchField


@dataclass(frozen=True)
class Facility:
    """Where this gateway stands, as routes see it: 5-character code, and the routing codes for both cases."""

    code: str
    route_registered: str
    route_other: str


@dataclass(frozen=True)
class Difference:
    """What the insurer knows otherwise: the field, and the message id of how."""

    field: MismatchField
    detail: str


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
    difference: Difference | None = None
    new_card: bool = False
    """The card that counts was issued after the one that was asked for."""


_WITHOUT_CARD = {
    Action.NOT_FOUND: EligibilityResult.NOT_FOUND,
    Action.STOPPED: EligibilityResult.STOPPED,
    Action.MOVED: EligibilityResult.MOVED,
    Action.CHILD: EligibilityResult.CHILD,
}
"""No card may be used: nothing of it is told."""


def judge(
    answer: CardAnswer,
    rules: Rules,
    facility: Facility,
    day: date,
    asked: EligibilityRequest,
    copayment: int | None = None,
) -> Judgement:
    """Judge an answer whose code says something about the patient. `copayment`: this year's sum in đồng, if known."""
    row = rules.result_code(answer.code, day)
    action = row.settled
    if row.for_paper_cards is Action.PAPER_CARD and _by_paper(answer, row, rules, day, asked):
        return Judgement(EligibilityResult.PAPER_CARD, None, route_code=facility.route_other, staff_check=True)
    if action in _WITHOUT_CARD:
        return Judgement(_WITHOUT_CARD[action], None, staff_check=True)
    if action is Action.EXPIRED:
        return Judgement(EligibilityResult.EXPIRED, _last_ended(answer.cards, day), staff_check=True)
    card = _card_on(answer.cards, rules, facility, day)
    if action is Action.MISMATCH:
        return _mismatch(answer, row, asked, facility)
    if action is Action.UNCLEAR or card is None:
        # Nobody knows whether the card in such an answer may be used: nothing of it is told, the desk looks.
        return Judgement(EligibilityResult.UNCLEAR, None, route_code=facility.route_other, staff_check=True)
    free = copayment is not None and exempt(copayment, answer.five_years_from, rules, day)
    return _cover(card, rules, facility, day, staff_check=row.staff_check, exempt=free)


def _by_paper(answer: CardAnswer, row: ResultCode, rules: Rules, day: date, asked: EligibilityRequest) -> bool:
    """Whether only the paper card can say more: the answer names no card with a benefit, and either the code says whose
    list it is on (001, 002) or the number does (QN, CA…)."""
    numbers = [card.number for card in answer.cards]
    if row.action is Action.VALID:
        return all(rules.benefit_percent(number, day) is None for number in numbers)
    return any(rules.by_paper_card(number, day) for number in (asked.number, *numbers))


def _mismatch(answer: CardAnswer, row: ResultCode, asked: EligibilityRequest, facility: Facility) -> Judgement:
    """The card is not known to be this person's: nothing of it is told, the desk looks, a slip says where."""
    field = row.field or MismatchField.NAME
    if field is MismatchField.NAME and from_machine_zone(asked.name):
        return Judgement(EligibilityResult.UNCLEAR, None, route_code=facility.route_other, staff_check=True)
    if field is MismatchField.NAME:
        detail = name_detail(asked.name, answer.name, initials_match=answer.code == "061")
    else:
        detail = birth_detail(asked.birth, answer.birth)
    return Judgement(
        EligibilityResult.MISMATCH,
        None,
        route_code=facility.route_other,
        staff_check=True,
        difference=Difference(field, detail),
    )


def _cover(
    card: CardFacts, rules: Rules, facility: Facility, day: date, *, staff_check: bool, exempt: bool
) -> Judgement:
    if card.valid_from is not None and day < card.valid_from:
        return Judgement(EligibilityResult.NOT_YET, card, staff_check=True)
    if card.valid_to is not None and day > card.valid_to:
        return Judgement(EligibilityResult.EXPIRED, card, staff_check=True)
    code, route = _route(card, rules, facility, day)
    benefit = rules.benefit_percent(card.number, day)
    if route is None or benefit is None:
        return Judgement(EligibilityResult.UNCLEAR, None, route_code=code, staff_check=True)
    if route.percent == 0:
        result = EligibilityResult.NOT_COVERED_HERE
    elif route.percent < 100:
        result = EligibilityResult.PARTLY
    else:
        result = EligibilityResult.VALID
    # The rest of a year without a share of one's own holds only where the route is not a reduced one.
    all_paid = route.full_benefit or (exempt and route.percent == 100)
    return Judgement(
        result,
        card,
        benefit_percent=100 if all_paid else benefit,
        route_percent=route.percent,
        route_message=route.message,
        route_code=code,
        registered_here=card.facility == facility.code,
        staff_check=staff_check,
    )


def _route(card: CardFacts, rules: Rules, facility: Facility, day: date) -> tuple[str, Route | None]:
    code = facility.route_registered if card.facility == facility.code else facility.route_other
    return code, rules.route(code, day)


def _last_ended(cards: tuple[CardFacts, ...], day: date) -> CardFacts | None:
    """Of a person whose card has expired the one that ended last; a day that is not over yet is nobody's last."""
    ended = [(card.valid_to, card) for card in cards if card.valid_to is not None and card.valid_to < day]
    return max(ended, key=lambda one: one[0])[1] if ended else None


def _card_on(cards: tuple[CardFacts, ...], rules: Rules, facility: Facility, day: date) -> CardFacts | None:
    """The card that counts on the day of arrival (QĐ 697): of several valid ones that with the highest benefit
    (NĐ 188/2025 article 21), then the better route, then the newest. Of none that is valid, the last one named."""

    def worth(card: CardFacts) -> tuple[int, int, date]:
        _, route = _route(card, rules, facility, day)
        percent = 0 if route is None else route.percent
        return rules.benefit_percent(card.number, day) or 0, percent, card.valid_from or date.min

    valid = [
        card
        for card in cards
        if (card.valid_from is None or card.valid_from <= day) and (card.valid_to is None or day <= card.valid_to)
    ]
    if valid:
        return max(valid, key=worth)
    return cards[-1] if cards else None
