"""Step 5: where the patient wants to be seen. The kiosk asks no symptoms and suggests nothing (LOOK.md section 8).

Sites with several kinds of examination or departments ask for those first; where there is nothing to choose between,
nobody is asked. A clinic whose numbers are for a time asks for the time.
"""

from __future__ import annotations

from functools import partial

from services.contract import models as wire
from services.failures import code_of
from services.gateway_client import GatewayError
from services.journeys.journey import Ending, Over, WentBack
from services.journeys.prompts import (
    ChooseClinic,
    ChooseGroup,
    ChooseSlot,
    ClinicAnswer,
    ClinicChosen,
    ClinicRow,
    GroupKind,
    GroupRow,
    ProblemChoice,
    SlotRow,
)
from services.journeys.walk import Walk
from services.journeys.words import clinic_name, in_language, time_of_day


async def choose_clinic(walk: Walk) -> None:
    """Show the clinics as they are now; closed ones stay visible. "Không biết chọn" takes the guide desk's queue."""
    visit = walk.visit
    while True:
        visit.slot = None
        answer = await _by_exam_type(walk, await load_clinics(walk))
        if isinstance(answer, ClinicAnswer):
            visit.clinic = guide_desk(visit.clinics)
        else:
            visit.clinic = find_clinic(visit.clinics, answer.clinic_id)
        if visit.clinic is None or not _open(visit.clinic):
            continue
        try:
            if await choose_slot(walk, visit.clinic):
                return
        except WentBack:
            visit.clinic = None


async def choose_slot(walk: Walk, clinic: wire.Clinic) -> bool:
    """The time, where the clinic's numbers are for one. False when the chosen one is full: choose anew.

    Without any time left the person is received in their order.
    """
    slots = clinic.slots or ()
    if not any(slot.left > 0 for slot in slots):
        return True
    chosen = await walk.ask(partial(_slots, walk, clinic))
    walk.visit.slot = next((slot for slot in slots if slot.id == chosen.slot_id and slot.left > 0), None)
    return walk.visit.slot is not None


async def take_guide_desk(walk: Walk) -> None:
    """ "Hỏi quầy": a number for the guide desk; where there is no such queue the person walks there."""
    guide = guide_desk(await load_clinics(walk))
    if guide is None:
        raise Over(Ending.LEFT)
    walk.visit.clinic, walk.visit.slot = guide, None


async def load_clinics(walk: Walk) -> wire.Clinics:
    """Clinics with the prices that hold for this patient; without an answer the person tries again or leaves."""
    visit = walk.visit
    eligibility = visit.eligibility.id if visit.eligibility is not None and visit.use_insurance else None
    while True:
        try:
            found = await walk.working("working.clinics", lambda: walk.kit.gateway.clinics(eligibility))
        except GatewayError as error:
            if await walk.problem(code_of(error), ProblemChoice.RETRY, ProblemChoice.END) is ProblemChoice.END:
                raise Over(Ending.LEFT) from None
        else:
            visit.clinics = found
            return found


def find_clinic(clinics: wire.Clinics | None, id: str) -> wire.Clinic | None:
    """The clinic of that id."""
    return next((clinic for clinic in clinics.clinics if clinic.id == id), None) if clinics else None


def guide_desk(clinics: wire.Clinics | None) -> wire.Clinic | None:
    """The guide desk's queue."""
    return next((clinic for clinic in clinics.clinics if clinic.guide_desk), None) if clinics else None


Chosen = ClinicChosen | ClinicAnswer


async def _by_exam_type(walk: Walk, clinics: wire.Clinics) -> Chosen:
    """Ask for the kind of examination first, where clinics differ by it."""
    here = tuple(clinic for clinic in clinics.clinics if not clinic.guide_desk)
    types = [one for one in clinics.exam_types if any(_gives(clinic, one.id) for clinic in here)]
    if len(types) < 2:
        walk.visit.exam_type = types[0].id if types else None
        return await _by_department(walk, clinics, here)
    while True:
        answer = await walk.ask(partial(_groups, walk, clinics, GroupKind.EXAM_TYPE, types))
        if isinstance(answer, ClinicAnswer):
            return answer
        walk.visit.exam_type = answer.group_id
        given = tuple(clinic for clinic in here if _gives(clinic, answer.group_id))
        try:
            return await _by_department(walk, clinics, given)
        except WentBack:
            continue


async def _by_department(walk: Walk, clinics: wire.Clinics, here: tuple[wire.Clinic, ...]) -> Chosen:
    """Ask for the department where the clinics belong to several; a department of one clinic is that clinic."""
    groups = _departments(clinics, here)
    if len(groups) < 2 or len(groups) == len(here):
        return await walk.ask(partial(_question, walk, clinics, here))
    while True:
        answer = await walk.ask(partial(_groups, walk, clinics, GroupKind.DEPARTMENT, groups))
        if isinstance(answer, ClinicAnswer):
            return answer
        of_it = tuple(clinic for clinic in here if clinic.department == answer.group_id)
        if len(of_it) == 1 and _open(of_it[0]):
            return ClinicChosen(of_it[0].id)
        try:
            return await walk.ask(partial(_question, walk, clinics, of_it))
        except WentBack:
            continue


def _open(clinic: wire.Clinic) -> bool:
    """Whether a number can be taken there now."""
    return clinic.available and clinic.opens_at is None


def _gives(clinic: wire.Clinic, exam_type: str) -> bool:
    return not clinic.exam_types or exam_type in clinic.exam_types


def _departments(clinics: wire.Clinics, here: tuple[wire.Clinic, ...]) -> list[wire.Department]:
    """Departments that have clinics here; none where a clinic belongs to no department: it could not be reached."""
    known = {clinic.department for clinic in here}
    groups = [one for one in clinics.departments if one.id in known]
    return groups if {one.id for one in groups} == known else []


def _groups(
    walk: Walk, clinics: wire.Clinics, kind: GroupKind, groups: list[wire.ExamType] | list[wire.Department]
) -> ChooseGroup:
    rows = tuple(
        GroupRow(
            id=one.id,
            name=in_language(one.name, one.name_en, wanted_english=walk.english),
            icon=one.icon,
            hint=in_language(one.hint, one.hint_en, wanted_english=walk.english)
            if isinstance(one, wire.ExamType)
            else "",
        )
        for one in groups
    )
    return ChooseGroup(kind=kind, groups=rows, guide_desk=_guide_is_open(clinics))


def _question(walk: Walk, clinics: wire.Clinics, here: tuple[wire.Clinic, ...]) -> ChooseClinic:
    prices = {clinic.amounts.price for clinic in here if clinic.amounts is not None}
    rows = tuple(
        ClinicRow(
            id=clinic.id,
            name=clinic_name(clinic, english=walk.english),
            icon=clinic.icon,
            waiting=clinic.waiting,
            minutes=clinic.minutes,
            opens_at=clinic.opens_at,
            available=clinic.available,
            price=clinic.amounts.price if clinic.amounts is not None and len(prices) > 1 else None,
        )
        for clinic in here
    )
    return ChooseClinic(clinics=rows, guide_desk=_guide_is_open(clinics))


def _guide_is_open(clinics: wire.Clinics) -> bool:
    guide = guide_desk(clinics)
    return guide is not None and _open(guide)


def _slots(walk: Walk, clinic: wire.Clinic) -> ChooseSlot:
    rows = tuple(
        SlotRow(slot.id, time_of_day(slot.start), time_of_day(slot.end), slot.left) for slot in clinic.slots or ()
    )
    return ChooseSlot(clinic=clinic_name(clinic, english=walk.english), slots=rows)
