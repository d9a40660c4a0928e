"""Step 2: who the patient is, by card or by what they can show or type."""

from __future__ import annotations

from contextlib import suppress

from services.journeys.journey import WentBack
from services.journeys.prompts import CardHolder, PatientChoice
from services.journeys.steps.by_card import meet_by_card
from services.journeys.steps.no_card import NoCard, shown_to
from services.journeys.steps.without_card import meet_without_card
from services.journeys.walk import Walk


async def identify(walk: Walk) -> None:
    """Read the patient's card; without one, take what the person shows or types. A known patient is not asked again."""
    visit = walk.visit
    while visit.patient is None:
        holder = card_of(visit.for_whom)
        try:
            visit.patient = await meet_by_card(walk, holder)
            visit.read_at = walk.kit.clock.now()
        except NoCard as without:
            with suppress(WentBack):
                visit.patient = shown_to(walk, without.code) or await meet_without_card(walk, holder)


async def identify_without_card(walk: Walk) -> None:
    """The tile "Không mang thẻ căn cước?": the card is not asked for."""
    if walk.visit.patient is None:
        holder = card_of(walk.visit.for_whom)
        walk.visit.patient = await meet_without_card(walk, holder, card_here=False)


def card_of(for_whom: PatientChoice | None) -> CardHolder:
    """Whose card is asked for in the words on the screen."""
    match for_whom:
        case PatientChoice.CHILD:
            return CardHolder.CHILD
        case PatientChoice.OTHER:
            return CardHolder.OTHER
        case PatientChoice.SELF | None:
            return CardHolder.PATIENT
