"""Step 1: who is examined. The one who acts is another role (LOOK.md picture 22)."""

from __future__ import annotations

from services.journeys.prompts import ChoosePatient
from services.journeys.walk import Walk


async def choose_patient(walk: Walk) -> None:
    """Ask for whom; another answer than before begins with another person."""
    visit = walk.visit
    for_whom = await walk.ask(ChoosePatient())
    if for_whom is not visit.for_whom:
        visit.forget_patient()
    visit.for_whom = for_whom
