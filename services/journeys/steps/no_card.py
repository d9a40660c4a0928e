"""Going on without the card: why, and what a shown QR code says of a person (it proves nothing)."""

from __future__ import annotations

from services.codes.cccd import CccdQr
from services.identity.citizen import Citizen, Evidence, EvidenceLevel
from services.identity.keys import keys_from_code
from services.journeys.journey import Ending, Over
from services.journeys.prompts import ProblemChoice
from services.journeys.walk import Walk


class NoCard(Exception):
    """The person goes on without the card. `code` is their QR code, when one was scanned that may be theirs."""

    def __init__(self, code: CccdQr | None) -> None:
        super().__init__("without a card")
        self.code = code


def shown_to(walk: Walk, code: CccdQr | None) -> Citizen | None:
    """Who showed a code without its card. The card is known by what the code opens: laid down later it is theirs."""
    if code is None:
        return None
    walk.visit.remember_card(keys_from_code(code, walk.kit.clock.now().date()))
    return shown_by(code)


def shown_by(code: CccdQr) -> Citizen:
    """Only what the person showed."""
    return Citizen(
        evidence=Evidence(EvidenceLevel.QR),
        number=code.number,
        name=code.name,
        birth=code.birth,
        sex=code.sex,
        address=code.address,
    )


async def other_way(walk: Walk, failure: str, shown: CccdQr | None) -> None:
    """Tell why the card cannot be read. Returns to try again; raises NoCard or ends the session."""
    match await walk.problem(failure, ProblemChoice.WITHOUT_CARD, ProblemChoice.RETRY, ProblemChoice.ASK_DESK):
        case ProblemChoice.WITHOUT_CARD:
            raise NoCard(shown)
        case ProblemChoice.RETRY:
            return
        case _:
            raise Over(Ending.LEFT)
