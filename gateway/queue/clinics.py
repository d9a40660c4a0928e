"""Clinics as a kiosk shows them: waiting people, minutes, price and provisional amounts, all from one read."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.clock import day_of
from gateway.house import House
from gateway.insurance.amounts import Cover, Payer, with_insurance, without_insurance
from gateway.queue.numbers import Waiting, minutes, opens_at, waiting_on
from gateway.settings import ClinicSettings
from gateway.store.database import Transaction
from gateway.visits.slots import open_slots, taken_on
from services.contract.models import Amounts, Clinic, Clinics, Department, ExamType, ServiceGroup


def all_clinics(house: House, transaction: Transaction, payer: Cover | Payer) -> Clinics:
    """Every clinic now; `payer` is an insured patient's cover, or who pays without one."""
    day, settings = day_of(house.now()), house.settings
    waiting = waiting_on(transaction, day)
    clinics = [clinic for one in settings.clinics if (clinic := house.clinic(one.id)) is not None]
    taken = taken_on(transaction, day) if any(clinic.slots for clinic in clinics) else {}
    return Clinics(
        clinics=tuple(clinic_now(house, clinic, waiting.get(clinic.id, Waiting()), payer, taken) for clinic in clinics),
        exam_types=_exam_types(house),
        departments=_departments(house),
    )


def _exam_types(house: House) -> tuple[ExamType, ...]:
    """Those of the settings with their words in both languages, else the hospital's own."""
    own = house.settings.exam_types
    if own or house.offer is None:
        return tuple(ExamType.model_validate(one.model_dump()) for one in own)
    return tuple(ExamType(id=one.code, name=one.name, name_en="") for one in house.offer.exam_types)


def _departments(house: House) -> tuple[Department, ...]:
    own = house.settings.departments
    if own or house.offer is None:
        return tuple(Department.model_validate(one.model_dump()) for one in own)
    return tuple(
        Department(id=one.code, name=one.name, name_en="", icon="stethoscope") for one in house.offer.departments
    )


def clinic_now(
    house: House,
    clinic: ClinicSettings,
    waiting: Waiting,
    payer: Cover | Payer,
    taken: Mapping[tuple[str, str], int] | None = None,
) -> Clinic:
    """One clinic with its waiting people, and with its times where it is told how many are `taken`."""
    now = house.now()
    return Clinic(
        id=clinic.id,
        name=clinic.name,
        name_en=clinic.name_en,
        icon=clinic.icon,
        room=clinic.room,
        room_en=clinic.room_en,
        way=clinic.way,
        way_en=clinic.way_en,
        waiting=waiting.total,
        minutes=minutes(waiting.total, clinic, house.settings.queue),
        opens_at=opens_at(clinic, waiting, now),
        available=house.offer is None or house.offer.available(clinic.id),
        amounts=amounts(house, clinic, payer),
        guide_desk=clinic.guide_desk,
        exam_types=clinic.exam_types,
        department=clinic.department,
        group=None if clinic.group is None else ServiceGroup(**clinic.group.model_dump()),
        slots=None if taken is None else open_slots(clinic, day_of(now), now, taken),
    )


def amounts(house: House, clinic: ClinicSettings, payer: Cover | Payer) -> Amounts | None:
    """What an examination costs; None where nothing is examined (a guide desk, a service group), or nobody knows."""
    if clinic.guide_desk or clinic.group is not None or payer is Payer.OPEN:
        return None
    if not isinstance(payer, Cover):
        return without_insurance(clinic.price)
    charge = clinic.insured_price if clinic.insured_charge is None else clinic.insured_charge
    return with_insurance(charge, clinic.insured_price, payer, house.rules, day_of(house.now()))
