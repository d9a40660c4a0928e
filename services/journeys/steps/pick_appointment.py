""" "Đã có hẹn": today's appointment of a proven person is picked up; who is not proven is told of none."""

from __future__ import annotations

from functools import partial

from services.contract import models as wire
from services.failures import code_of
from services.gateway_client import GatewayError
from services.journeys.journey import Ending, Over
from services.journeys.prompts import (
    AppointmentChosen,
    AppointmentRow,
    ChooseAppointment,
    NothingAnswer,
    NothingFound,
    NothingKind,
    ProblemChoice,
)
from services.journeys.registration import person_of
from services.journeys.steps.choose_clinic import choose_clinic, find_clinic, load_clinics
from services.journeys.walk import Walk
from services.journeys.words import clinic_name, desk_name, room, time_of_day


async def pick_appointment(walk: Walk) -> None:
    """Show the appointments of today. Without one, or when another visit is wanted, the visit is a new one."""
    visit = walk.visit
    visit.appointment = None
    if visit.patient is None or not visit.patient.evidence.verified:
        visit.kind = wire.VisitKind.BOOKED  # as they say: the desk looks
        await _nothing(walk, NothingKind.UNPROVEN)
        return
    found = await _ask_gateway(walk, person_of(visit.patient))
    clinics = await load_clinics(walk)
    known = tuple(one for one in found if find_clinic(clinics, one.clinic_id) is not None)
    if not known:
        visit.kind = wire.VisitKind.NEW
        await _nothing(walk, NothingKind.APPOINTMENT)
        return
    answer = await walk.ask(partial(_question, walk, clinics, known))
    if isinstance(answer, AppointmentChosen):
        visit.appointment = next((one for one in known if one.id == answer.appointment_id), None)
    if visit.appointment is None:
        visit.kind = wire.VisitKind.NEW
        return
    visit.kind = visit.appointment.kind
    visit.clinic = find_clinic(clinics, visit.appointment.clinic_id)


async def choose_clinic_unless_booked(walk: Walk) -> None:
    """The clinic of the appointment is not asked again."""
    if walk.visit.appointment is None:
        await choose_clinic(walk)


async def _ask_gateway(walk: Walk, person: wire.Person) -> tuple[wire.Appointment, ...]:
    """Today's appointments; without an answer the person tries again, or goes on as a new visit."""
    while True:
        try:
            return await walk.working("working.booked", lambda: walk.kit.gateway.appointments(person))
        except GatewayError as error:
            code = code_of(error)
        if await walk.problem(code, ProblemChoice.RETRY, ProblemChoice.GO_ON) is ProblemChoice.GO_ON:
            return ()


async def _nothing(walk: Walk, what: NothingKind) -> None:
    def question() -> NothingFound:
        return NothingFound(what=what, desk=desk_name(walk.site.help_desk, english=walk.english))

    if await walk.ask(question) is NothingAnswer.END:
        raise Over(Ending.LEFT)


def _question(walk: Walk, clinics: wire.Clinics, found: tuple[wire.Appointment, ...]) -> ChooseAppointment:
    rows: list[AppointmentRow] = []
    for one in found:
        clinic = find_clinic(clinics, one.clinic_id)
        if clinic is not None:
            rows.append(
                AppointmentRow(
                    id=one.id,
                    time=time_of_day(one.start),
                    clinic=clinic_name(clinic, english=walk.english),
                    room=room(clinic, english=walk.english),
                    revisit=one.kind is wire.VisitKind.REVISIT,
                )
            )
    return ChooseAppointment(appointments=tuple(rows))
