"""The guardian or companion: a role of its own, read or skipped, stored apart (LOOK.md picture 22)."""

from __future__ import annotations

from services.identity.citizen import Citizen
from services.journeys.journey import WentBack
from services.journeys.prompts import CardHolder, ChooseRelation, PatientChoice, Relation
from services.journeys.steps.by_card import meet_by_card
from services.journeys.steps.no_card import NoCard, shown_to
from services.journeys.walk import Walk

FOR_CHILD = (Relation.FATHER, Relation.MOTHER, Relation.GUARDIAN, Relation.RELATIVE, Relation.COMPANION)
FOR_OTHER = (Relation.RELATIVE, Relation.COMPANION, Relation.FATHER, Relation.MOTHER, Relation.GUARDIAN)


async def meet_companion(walk: Walk) -> None:
    """Read the companion's card or none, ask how they are related. Nothing of it enters the patient's fields."""
    visit = walk.visit
    if visit.for_whom in {None, PatientChoice.SELF}:
        return
    if visit.relation is not None and not walk.backwards:
        return
    known = visit.relation is not None
    while True:
        if not known:
            visit.companion = await _card_of_companion(walk)
        choices = FOR_CHILD if visit.for_whom is PatientChoice.CHILD else FOR_OTHER
        try:
            visit.relation = await walk.ask(ChooseRelation(choices=choices))
        except WentBack:
            if known:
                raise
            continue
        return


async def _card_of_companion(walk: Walk) -> Citizen | None:
    try:
        return await meet_by_card(walk, CardHolder.COMPANION)
    except NoCard as without:
        return shown_to(walk, without.code)
