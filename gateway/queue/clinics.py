"""Clinics as a kiosk shows them: waiting people, minutes, price and provisional amounts, all from one read."""

from __future__ import annotations

from gateway.clock import day_of
from gateway.house import House
from gateway.insurance.amounts import Cover, with_insurance, without_insurance
from gateway.queue.numbers import Waiting, minutes, opens_at, waiting_on
from gateway.settings import ClinicSettings
from gateway.store.database import Transaction
from services.contract.models import Amounts, Clinic, Clinics


def all_clinics(house: House, transaction: Transaction, cover: Cover | None) -> Clinics:
    """Every clinic now; `cover` of an insured patient, None for one who pays."""
    waiting = waiting_on(transaction, day_of(house.now()))
    return Clinics(
        clinics=tuple(
            clinic_now(house, clinic, waiting.get(clinic.id, Waiting()), cover) for clinic in house.settings.clinics
        )
    )


def clinic_now(house: House, clinic: ClinicSettings, waiting: Waiting, cover: Cover | None) -> Clinic:
    """One clinic with its waiting people."""
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
        opens_at=opens_at(clinic, waiting, house.now()),
        amounts=amounts(house, clinic, cover),
        guide_desk=clinic.guide_desk,
    )


def amounts(house: House, clinic: ClinicSettings, cover: Cover | None) -> Amounts | None:
    """What an examination costs; None where nothing is examined (the guide desk)."""
    if clinic.guide_desk:
        return None
    if cover is None:
        return without_insurance(clinic.price)
    charge = clinic.insured_price if clinic.insured_charge is None else clinic.insured_charge
    return with_insurance(charge, clinic.insured_price, cover, house.rules, day_of(house.now()))
