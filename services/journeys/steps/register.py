"""The number is taken: never lost, never twice."""

from __future__ import annotations

from functools import partial

from services.contract import models as wire
from services.failures import code_of
from services.gateway_client import GatewayError
from services.identity.papers import mark_of
from services.journeys.journey import Ending, Over, Turn
from services.journeys.prompts import Priority, ProblemChoice
from services.journeys.registration import companion_of, person_of
from services.journeys.visit import SlipOutcome, Visit
from services.journeys.walk import Walk

HOLDER_MARKS = {
    wire.HolderProof.FINGER: "slip.holder.finger",
    wire.HolderProof.STAFF: "slip.holder.staff",
    wire.HolderProof.FINGER_DIFFERS: "slip.holder.staff",
}
"""What the slip says. That a finger differed is for staff alone."""


async def register(walk: Walk) -> Turn | None:
    """Send the registration; unanswered, the outbox keeps it and the leased number is the person's."""
    visit = walk.visit
    while visit.accepted is None:
        registration = _registration(walk, visit)
        if registration is None:
            return Turn.CHANGE_CLINIC
        try:
            await walk.working("working.registering", partial(_send, walk, registration), can_stop=False)
        except GatewayError as error:
            if await walk.problem(code_of(error), ProblemChoice.RETRY, ProblemChoice.ASK_DESK) is ProblemChoice.RETRY:
                continue
            raise Over(Ending.LEFT) from None
    return None


async def _send(walk: Walk, registration: wire.Registration) -> None:
    """Note the number in the very task that got it: a session that ends in this moment still gives it back."""
    visit = walk.visit
    visit.accepted = await walk.kit.gateway.register(registration)
    if visit.patient is not None:
        visit.identity_mark = mark_of(visit.patient)
    visit.holder_mark = HOLDER_MARKS.get(visit.holder) if visit.holder is not None else None
    if visit.accepted.ticket.held:
        # The person has this slip already: the number is shown, a copy comes only when wished.
        visit.slip = SlipOutcome(printed=True, at=visit.accepted.ticket.issued_at)


def _registration(walk: Walk, visit: Visit) -> wire.Registration | None:
    if visit.patient is None or visit.clinic is None:
        return None
    silent = visit.insurer_silent
    return wire.Registration(
        patient=person_of(visit.patient),
        companion=companion_of(visit.companion, visit.relation),
        clinic_id=visit.clinic.id,
        kind=visit.kind or wire.VisitKind.NEW,
        appointment_id=None if visit.appointment is None else visit.appointment.id,
        appointment_start=None if visit.appointment is None else visit.appointment.start,
        appointment_end=None if visit.appointment is None else visit.appointment.end,
        slot_id=None if visit.slot is None else visit.slot.id,
        exam_type=visit.exam_type,
        eligibility_id=None if visit.eligibility is None else visit.eligibility.id,
        use_insurance=bool(visit.use_insurance),
        insurance_unreachable=silent is not None,
        insurance_failure=None if silent is None else silent.code,
        insurance_failure_at=None if silent is None else silent.at,
        priority=wire.Priority((visit.priority or Priority.NONE).value),
        priority_proven=bool(visit.priority_proven),
        holder=visit.holder,
        errand=_errand(visit),
        arrived_at=walk.kit.clock.now(),
    )


def _errand(visit: Visit) -> wire.Errand | None:
    """What is brought to a service group's counter."""
    if visit.clinic is None or visit.clinic.group is None:
        return None
    dossier = visit.dossier or visit.followed
    return wire.Errand(
        sending_code=None if dossier is None else dossier.sending_code,
        procedure=None if visit.procedure is None else visit.procedure.code,
    )
