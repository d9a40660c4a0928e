"""Going on without the card: why, and what a shown QR code says of a person (it proves nothing)."""

from __future__ import annotations

from services.codes.cccd import CccdQr
from services.identity.citizen import Citizen, Evidence, EvidenceLevel, Paper
from services.identity.keys import TypedCard, TypedPassport, keys_from_code
from services.journeys.journey import Ending, Over
from services.journeys.prompts import ProblemChoice
from services.journeys.walk import Walk


class NoCard(Exception):
    """The person goes on without the card. `code` is their QR code, when one was scanned that may be theirs."""

    def __init__(self, code: CccdQr | None) -> None:
        super().__init__("without a card")
        self.code = code


class CardByHand(Exception):
    """The card is here, its code cannot be scanned: what is printed on it is typed."""

    def __init__(self, *, passport: bool = False) -> None:
        super().__init__("typed from the card")
        self.passport = passport


def shown_to(walk: Walk, code: CccdQr | None) -> Citizen | None:
    """Who showed a code without its card. The card is known by what the code opens: laid down later it is theirs."""
    if code is None:
        return None
    walk.visit.remember_card(keys_from_code(code, walk.kit.clock.now().date()))
    return shown_by(code)


def shown_by(code: CccdQr) -> Citizen:
    """Only what the person showed, or typed from the card."""
    if isinstance(code, TypedPassport):
        return Citizen(Evidence(EvidenceLevel.TYPED), birth=code.birth, document=code.number, paper=Paper.PASSPORT)
    if isinstance(code, TypedCard):
        return Citizen(Evidence(EvidenceLevel.TYPED), number=code.number, birth=code.birth)
    return Citizen(
        evidence=Evidence(EvidenceLevel.QR),
        number=code.number,
        name=code.name,
        birth=code.birth,
        sex=code.sex,
        address=code.address,
    )


async def other_way(
    walk: Walk, failure: str, shown: CccdQr | None, *, by_hand: bool = False, staff_first: bool = False
) -> None:
    """Tell why the card cannot be read. Returns to try again; raises NoCard or ends the session.

    With `by_hand` what is printed on the card may be typed instead of scanned: raises CardByHand. `staff_first`: the
    person made the same mistake twice, somebody comes to help (LOOK.md section 8).
    """
    choices = (ProblemChoice.WITHOUT_CARD, ProblemChoice.RETRY, ProblemChoice.ASK_DESK)
    if by_hand:
        choices = (ProblemChoice.BY_HAND, ProblemChoice.RETRY, ProblemChoice.WITHOUT_CARD)
    if staff_first:
        choices = (ProblemChoice.CALL_STAFF, *(way for way in choices if way is not ProblemChoice.ASK_DESK))
    match await walk.problem(failure, *choices):
        case ProblemChoice.BY_HAND:
            raise CardByHand
        case ProblemChoice.WITHOUT_CARD:
            raise NoCard(shown)
        case ProblemChoice.RETRY:
            return
        case _:
            raise Over(Ending.LEFT)
