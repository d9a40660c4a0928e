"""The steps of check-in that know a person, taken only by somebody who fills in a form here."""

from __future__ import annotations

from services.journeys.journey import Turn
from services.journeys.prompts import PatientChoice
from services.journeys.steps.confirm_identity import confirm_identity
from services.journeys.steps.identify import identify
from services.journeys.walk import Walk


async def begin_preparing(walk: Walk) -> None:
    """The form is filled in here: no checklist was looked at before."""
    walk.visit.preparing = True


async def identify_applicant(walk: Walk) -> None:
    """The card of the one who stands here."""
    if not walk.visit.preparing:
        return
    walk.visit.for_whom = PatientChoice.SELF
    await identify(walk)


async def confirm_applicant(walk: Walk) -> Turn | None:
    """ "Đây có đúng là ông/bà?" """
    return await confirm_identity(walk) if walk.visit.preparing else None
