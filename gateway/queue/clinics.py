"""Clinics as a kiosk shows them: waiting people, minutes, price and provisional amounts, all from one read."""

from __future__ import annotations

from gateway.clock import day_of
from gateway.house import House
from gateway.insurance.amounts import Cover, Payer, with_insurance, without_insurance
from gateway.queue.numbers import Waiting, minutes, opens_at, waiting_on
from gateway.settings import ClinicSettings
from gateway.store.database import Transaction
from services.contract.models import Amounts, Clinic, Clinics


def all_clinics(house: House, transaction: Transaction, payer: Cover | Payer) -> Clinics:
    """Every clinic now; `payer` is an insured patient's cover, or who pays without one."""
    waiting = waiting_on(transaction, day_of(house.now()))
    return Clinics(
        clinics=tuple(
            clinic_now(house, clinic, waiting.get(clinic.id, Waiting()), payer) for clinic in house.settings.clinics
        )
    )


def clinic_now(house: House, clinic: ClinicSettings, waiting: Waiting, payer: Cover | Payer) -> Clinic:
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
        amounts=amounts(house, clinic, payer),
        guide_desk=clinic.guide_desk,
    )


def amounts(house: House, clinic: ClinicSettings, payer: Cover | Payer) -> Amounts | None:
    """What an examination costs; None where nothing is examined (the guide desk), or nobody knows who pays what."""
    if clinic.guide_desk or payer is Payer.OPEN:
        return None
    if not isinstance(payer, Cover):
        return without_insurance(clinic.price)
    charge = clinic.insured_price if clinic.insured_charge is None else clinic.insured_charge
    return with_insurance(charge, clinic.insured_price, payer, house.rules, day_of(house.now()))
