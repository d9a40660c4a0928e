"""Which counter: the service group that receives the procedure's sector. One group is not asked for, several are."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from services.contract import models as wire
from services.identity.citizen import Citizen, Evidence, EvidenceLevel, Paper
from services.journeys.journey import Ending, Over
from services.journeys.prompts import ChooseClinic, ClinicAnswer, ClinicRow
from services.journeys.steps.choose_clinic import find_clinic, guide_desk, load_clinics
from services.journeys.walk import Walk
from services.journeys.words import clinic_name


async def choose_counter(walk: Walk) -> None:
    """The counter that receives the procedure that was found."""
    sector = None if walk.visit.procedure is None else walk.visit.procedure.sector
    await choose_among(walk, partial(receiving, sector=sector))


async def choose_among(walk: Walk, groups_of: Callable[[wire.Clinics], tuple[wire.Clinic, ...]]) -> None:
    """The number needs no name: who has not been identified takes it as nobody in particular."""
    visit = walk.visit
    if visit.patient is None:
        visit.patient = Citizen(Evidence(EvidenceLevel.NONE), paper=Paper.NOTHING)
    while True:
        clinics = await load_clinics(walk)
        groups = groups_of(clinics)
        if not groups:
            visit.clinic = guide_desk(clinics)
        elif len(groups) == 1 and groups[0].opens_at is None:
            visit.clinic = groups[0]
        else:
            answer = await walk.ask(partial(_question, walk, groups, guide_desk(clinics)))
            of_it = guide_desk(clinics) if isinstance(answer, ClinicAnswer) else find_clinic(clinics, answer.clinic_id)
            visit.clinic = of_it
        if visit.clinic is None and not groups:
            raise Over(Ending.LEFT)
        if visit.clinic is not None and visit.clinic.opens_at is None:
            return


def receiving(clinics: wire.Clinics, sector: str | None) -> tuple[wire.Clinic, ...]:
    """Groups that receive dossiers of `sector`; those that name it go before those that take everything.

    The police counter receives what it names: residence, ID cards.
    """
    groups = [(one, one.group) for one in clinics.clinics if one.group is not None]
    filing = [(one, group) for one, group in groups if group.purpose is wire.GroupPurpose.FILE]
    if sector is None:
        return tuple(one for one, _ in filing)
    receive = {wire.GroupPurpose.FILE, wire.GroupPurpose.POLICE}
    named = tuple(one for one, group in groups if group.purpose in receive and sector in group.sectors)
    return named or tuple(one for one, group in filing if not group.sectors)


def handing_over(clinics: wire.Clinics) -> tuple[wire.Clinic, ...]:
    """Groups that hand over results."""
    return tuple(
        one for one in clinics.clinics if one.group is not None and one.group.purpose is wire.GroupPurpose.RESULT
    )


def _question(walk: Walk, groups: tuple[wire.Clinic, ...], guide: wire.Clinic | None) -> ChooseClinic:
    rows = tuple(
        ClinicRow(
            id=one.id,
            name=clinic_name(one, english=walk.english),
            icon=one.icon,
            waiting=one.waiting,
            minutes=one.minutes,
            opens_at=one.opens_at,
        )
        for one in groups
    )
    return ChooseClinic(clinics=rows, guide_desk=guide is not None and guide.opens_at is None)
