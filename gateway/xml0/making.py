"""From a check-in to its record: what kiosk, insurer and hospital know of a visit's first cost."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from gateway.clock import PLACE
from gateway.insurance.look_up import KeptJudgement
from gateway.settings import ClinicSettings, Settings
from gateway.xml0.checking import WITHOUT_INSURANCE
from gateway.xml0.record import CheckInRecord
from services.contract.models import Person

_SEXES = {"M": "1", "F": "2"}
UNKNOWN_SEX = "3"
EXAMINATION = "01"


@dataclass(frozen=True)
class HospitalCodes:
    """What only the hospital's own system can give; empty where it has not."""

    visit: str = ""
    """Its visit key (MA_LK)."""
    patient: str = ""
    """Its code of the patient (MA_BN)."""


@dataclass(frozen=True)
class FirstCost:
    """A priced examination that was registered."""

    check_in_id: str
    patient: Person
    clinic: ClinicSettings
    arrived_at: datetime
    use_insurance: bool
    judgement: KeptJudgement | None
    """What the insurer answered; None where it has not."""
    codes: HospitalCodes = HospitalCodes()


def make(cost: FirstCost, settings: Settings) -> CheckInRecord:
    """The record as far as it is known; `gateway.xml0.checking` says what is missing."""
    at = f"{cost.arrived_at.astimezone(PLACE):%Y%m%d%H%M}"
    patient, facility = cost.patient, settings.insurance.facility
    judgement = cost.judgement if cost.use_insurance else None
    card = None if judgement is None else judgement.eligibility
    number = (card.card_number if card else None) or ""
    return CheckInRecord(
        ma_lk=cost.codes.visit or own_visit_key(facility, at, cost.check_in_id),
        ma_bn=cost.codes.patient,
        ho_ten=_text(patient.name),
        so_cccd=patient.number or "",
        ngay_sinh=birth(patient.birth),
        gioi_tinh=_SEXES.get(patient.sex or "", UNKNOWN_SEX),
        ma_the_bhyt=number,
        ma_dkbd=judgement.facility if judgement and number else "",
        gt_the_tu=_day(card.valid_from) if card and number else "",
        gt_the_den=_day(card.valid_to) if card and number else "",
        ma_doituong_kcb=_route(cost, judgement),
        ngay_vao=at,
        ma_loai_kcb=EXAMINATION,
        ma_cskcb=facility,
        ma_dich_vu=cost.clinic.service_code or "",
        ten_dich_vu=_text(cost.clinic.service_name or cost.clinic.name) if cost.clinic.service_code else "",
        ngay_yl=at,
    )


def own_visit_key(facility: str, at: str, check_in_id: str) -> str:
    """A visit key where the hospital's system gives none: facility, day, and the check-in's random id."""
    return f"{facility}.{at[:8]}.{check_in_id}"


def birth(known: str | None) -> str:
    """yyyy, yyyy-mm or yyyy-mm-dd as yyyyMMddHHmm with zeros; empty where nothing is known."""
    return (known or "").replace("-", "").ljust(12, "0") if known else ""


def _route(cost: FirstCost, judgement: KeptJudgement | None) -> str:
    """The routing code at check-in; provisional, as everything before the visit ends."""
    if not cost.use_insurance:
        return WITHOUT_INSURANCE
    return judgement.route_code if judgement else ""


def _text(text: str | None) -> str:
    return " ".join(unicodedata.normalize("NFC", text or "").split())


def _day(day: date | None) -> str:
    return "" if day is None else f"{day:%Y%m%d}"
