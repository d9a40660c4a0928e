"""Step 7: the last look before the number is taken (picture 26)."""

from __future__ import annotations

from functools import partial

from services.contract import models as wire
from services.journeys.journey import Turn
from services.journeys.prompts import Amounts, Priority, Review, ReviewAnswer
from services.journeys.steps.choose_clinic import take_guide_desk
from services.journeys.visit import Visit
from services.journeys.walk import Walk
from services.journeys.words import clinic_name, desk_name, room, time_of_day


async def review(walk: Walk) -> Turn | None:
    """Show clinic, priority and provisional amounts; go on, choose another clinic, or ask the desk."""
    clinic = walk.visit.clinic
    if clinic is None:
        return Turn.CHANGE_CLINIC
    match await walk.ask(partial(_question, walk, clinic)):
        case ReviewAnswer.TAKE_NUMBER:
            return None
        case ReviewAnswer.CHANGE_CLINIC:
            walk.visit.appointment = None
            return Turn.CHANGE_CLINIC
        case ReviewAnswer.ASK_DESK:
            if clinic.guide_desk:
                return None
            walk.visit.appointment = None
            await take_guide_desk(walk)
            return Turn.GUIDE_DESK


def _question(walk: Walk, clinic: wire.Clinic) -> Review:
    visit, english = walk.visit, walk.english
    insured = bool(visit.use_insurance)
    pending = insured and visit.eligibility is None
    amounts = None if clinic.amounts is None or pending else _amounts(clinic.amounts, insured=insured)
    return Review(
        clinic=clinic_name(clinic, english=english),
        room=room(clinic, english=english),
        waiting=clinic.waiting,
        minutes=clinic.minutes,
        time=_time(visit),
        priority=visit.priority not in {None, Priority.NONE},
        insured=insured,
        amounts=amounts,
        guide_desk=clinic.guide_desk,
        desk=desk_name(walk.site.insurance_desk, english=english),
        pays_now=not insured and amounts is not None and bool(amounts.patient) and walk.kit.gateway.online,
    )


def _time(visit: Visit) -> str | None:
    """The time it is for: of the appointment, or the chosen one."""
    agreed = visit.appointment or visit.slot
    return None if agreed is None else time_of_day(agreed.start)


def _amounts(amounts: wire.Amounts, *, insured: bool) -> Amounts:
    """As the gateway computed them; never a promise of 0 đ (LOOK.md section 8, Money)."""
    if not insured:
        return Amounts(price=amounts.price, fund=None, patient=amounts.price or None)
    return Amounts(
        price=amounts.price,
        fund=amounts.fund,
        patient=amounts.patient or None,
        limit=amounts.limit,
        limit_percent=amounts.limit_percent,
    )
