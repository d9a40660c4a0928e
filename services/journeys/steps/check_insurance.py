"""Step 4: what the insurer says of the patient. It never stops anybody from seeing the doctor."""

from __future__ import annotations

from datetime import date
from functools import partial

from services.contract import models as wire
from services.failures import code_of
from services.gateway_client import GatewayError
from services.identity.citizen import Citizen
from services.journeys.journey import Stopped, Turn
from services.journeys.prompts import (
    InsuranceAnswer,
    InsuranceUnhappy,
    InsuranceValid,
    ProblemChoice,
    Prompt,
    UnhappyInsurance,
)
from services.journeys.steps.choose_clinic import take_guide_desk
from services.journeys.visit import InsurerSilent
from services.journeys.walk import Walk
from services.journeys.words import desk_name, place, time_of_day

_USABLE = frozenset(
    {
        UnhappyInsurance.PARTLY,
        UnhappyInsurance.MISMATCH,
        UnhappyInsurance.PAPER_CARD,
        UnhappyInsurance.UNCLEAR,
        UnhappyInsurance.CHILD,
    }
)

_IN_ORDER = frozenset({UnhappyInsurance.NOT_COVERED_HERE, UnhappyInsurance.PARTLY})
"""The card itself is in order: what it says is shown."""


async def check_insurance(walk: Walk) -> Turn | None:
    """Ask the insurer and tell the result; unreachable, the patient is received all the same (health.md 3.1 row 3).

    Of a person without a verified card nothing is looked up here: the desk does it, with the person's papers.
    """
    visit, patient = walk.visit, walk.visit.patient
    request = None if patient is None else _request(patient)
    if request is None:
        visit.use_insurance = patient is not None and bool(patient.number or patient.insurance_number)
        return None
    if visit.eligibility is None and visit.insurer_silent is None:
        await _look_up(walk, request)
    if visit.eligibility is None:
        visit.use_insurance = True
        return None
    return await _tell(walk, visit.eligibility)


def _request(patient: Citizen) -> wire.EligibilityRequest | None:
    """Whom to look up; None where the card did not prove it or a part is missing."""
    if not patient.evidence.verified or not (patient.number and patient.name and patient.birth):
        return None
    return wire.EligibilityRequest(number=patient.number, name=patient.name, birth=str(patient.birth))


async def _look_up(walk: Walk, request: wire.EligibilityRequest) -> None:
    """Ask, once more when the person wants it, or go on without; then code and time are kept as evidence.

    Not more often: the insurer bars accounts that keep on asking, and nobody should stand here for it.
    """
    visit = walk.visit
    ways = [ProblemChoice.GO_ON, ProblemChoice.RETRY]
    while True:
        try:
            visit.eligibility = await walk.working(
                "working.insurance",
                lambda: walk.kit.gateway.check_insurance(request),
                at_most=walk.kit.slow_seconds,
            )
            return
        except Stopped:
            visit.insurer_silent = InsurerSilent(None, walk.kit.clock.now())
            return
        except GatewayError as error:
            code, at = code_of(error), walk.kit.clock.now()
        if await walk.problem(code, *ways) is ProblemChoice.GO_ON:
            visit.insurer_silent = InsurerSilent(code, at)
            return
        ways = [ProblemChoice.GO_ON]


async def _tell(walk: Walk, eligibility: wire.Eligibility) -> Turn | None:
    match await walk.ask(partial(_result, walk, eligibility)):
        case InsuranceAnswer.USE:
            walk.visit.use_insurance = True
        case InsuranceAnswer.SKIP:
            walk.visit.use_insurance = False
        case InsuranceAnswer.ASK_DESK:
            walk.visit.use_insurance = False
            await take_guide_desk(walk)
            return Turn.GUIDE_DESK
    return None


def _result(walk: Walk, eligibility: wire.Eligibility) -> Prompt[InsuranceAnswer]:
    """Picture 06 or 27."""
    desk = desk_name(walk.site.insurance_desk, english=walk.english)
    if eligibility.result is wire.EligibilityResult.VALID:
        return InsuranceValid(
            valid_to=_day(eligibility.valid_to),
            benefit_percent=eligibility.benefit_percent or 0,
            registered_at=_registered_at(walk, eligibility),
            route=eligibility.route,
            asked_at=time_of_day(eligibility.asked_at),
            desk=desk,
            show_card=eligibility.staff_check,
            new_card=eligibility.new_card,
            form_from=_day(eligibility.transfer_form_from),
        )
    result = UnhappyInsurance(eligibility.result.value)
    day = eligibility.valid_from if result is UnhappyInsurance.NOT_YET else eligibility.valid_to
    mismatch = eligibility.mismatch
    in_order = result in _IN_ORDER
    return InsuranceUnhappy(
        result=result,
        desk=desk,
        date=_day(day),
        percent=paid_percent(eligibility),
        usable=result in _USABLE,
        form_from=_day(eligibility.transfer_form_from),
        field="" if mismatch is None else f"mismatch.{mismatch.field.value}",
        valid_to=_day(eligibility.valid_to) if in_order else None,
        # What the card would pay elsewhere says nothing where nothing is paid.
        benefit_percent=eligibility.benefit_percent if result is UnhappyInsurance.PARTLY else None,
        registered_at=_registered_at(walk, eligibility) if in_order else "",
        route=eligibility.route if in_order else "",
    )


def _registered_at(walk: Walk, eligibility: wire.Eligibility) -> str:
    """The facility by its name; a bare code tells people nothing."""
    if eligibility.registered_here:
        return place(walk.site, english=walk.english)
    name = eligibility.registered_at or ""
    return "" if name.isdecimal() else name


def paid_percent(eligibility: wire.Eligibility) -> int | None:
    """What the fund pays of this visit: benefit times route."""
    if eligibility.benefit_percent is None:
        return None
    route = 100 if eligibility.route_percent is None else eligibility.route_percent
    return eligibility.benefit_percent * route // 100


def _day(day: date | None) -> str | None:
    return None if day is None else f"{day:%d/%m/%Y}"
