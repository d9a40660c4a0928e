"""Step 5: where the patient wants to be seen. The kiosk asks no symptoms and suggests nothing (LOOK.md section 8)."""

from __future__ import annotations

from functools import partial

from services.contract import models as wire
from services.failures import code_of
from services.gateway_client import GatewayError
from services.journeys.journey import Ending, Over
from services.journeys.prompts import ChooseClinic, ClinicChosen, ClinicRow, ProblemChoice
from services.journeys.walk import Walk
from services.journeys.words import clinic_name


async def choose_clinic(walk: Walk) -> None:
    """Show the clinics as they are now; closed ones stay visible. "Không biết chọn" takes the guide desk's queue."""
    visit = walk.visit
    while True:
        clinics = await _clinics(walk)
        chosen = await walk.ask(partial(_question, walk, clinics))
        if isinstance(chosen, ClinicChosen):
            visit.clinic = next((clinic for clinic in clinics if clinic.id == chosen.clinic_id), None)
        else:
            visit.clinic = next((clinic for clinic in clinics if clinic.guide_desk), None)
        if visit.clinic is not None and visit.clinic.opens_at is None:
            return


async def take_guide_desk(walk: Walk) -> None:
    """ "Hỏi quầy": a number for the guide desk; where there is no such queue the person walks there."""
    guide = next((clinic for clinic in await _clinics(walk) if clinic.guide_desk), None)
    if guide is None:
        raise Over(Ending.LEFT)
    walk.visit.clinic = guide


async def _clinics(walk: Walk) -> tuple[wire.Clinic, ...]:
    """Clinics with the prices that hold for this patient; without an answer the person tries again or leaves."""
    visit = walk.visit
    eligibility = visit.eligibility.id if visit.eligibility is not None and visit.use_insurance else None
    while True:
        try:
            visit.clinics = await walk.working("working.clinics", lambda: walk.kit.gateway.clinics(eligibility))
        except GatewayError as error:
            if await walk.problem(code_of(error), ProblemChoice.RETRY, ProblemChoice.END) is ProblemChoice.END:
                raise Over(Ending.LEFT) from None
        else:
            return visit.clinics


def _question(walk: Walk, clinics: tuple[wire.Clinic, ...]) -> ChooseClinic:
    rows = tuple(
        ClinicRow(
            id=clinic.id,
            name=clinic_name(clinic, english=walk.english),
            icon=clinic.icon,
            waiting=clinic.waiting,
            minutes=clinic.minutes,
            opens_at=clinic.opens_at,
        )
        for clinic in clinics
        if not clinic.guide_desk
    )
    guide = any(clinic.guide_desk and clinic.opens_at is None for clinic in clinics)
    return ChooseClinic(clinics=rows, guide_desk=guide)
