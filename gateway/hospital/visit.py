"""One check-in, read whole from the store, as the hospital's system shall hold it."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import RowMapping, select

from gateway.clock import PLACE
from gateway.hospital.bookings import hospital_id
from gateway.hospital.system import BillFacts, CoverFacts, Guardian, PersonFacts, TicketFacts, Visit, VisitState
from gateway.house import House
from gateway.insurance.look_up import KeptJudgement, subject_of
from gateway.payments.bills import PAID_BILL
from gateway.queue.tickets import live_ticket
from gateway.store.database import Transaction
from gateway.store.tables import bills, check_ins, look_ups
from services.contract.models import (
    Companion,
    EligibilityResult,
    EvidenceLevel,
    Person,
    Priority,
    Registration,
    TicketStatus,
)

_PAYS = {EligibilityResult.VALID, EligibilityResult.PARTLY}
_OPEN = {EligibilityResult.PAPER_CARD, EligibilityResult.UNCLEAR, EligibilityResult.MISMATCH, EligibilityResult.CHILD}
"""Received as insured; the desk finds out."""


def subject_key(house: House, patient: Person, companion: Companion | None, level: EvidenceLevel, own: str) -> str:
    """Equal for equal people: by number after the chip proved it, else by everything that was told.

    A child without a number is told apart by name, birth and who came along; somebody who told too little is only
    themselves (`own`).
    """
    number = patient.number or patient.document or patient.insurance_number
    if number is not None and level in {EvidenceLevel.CHIP_GENUINE, EvidenceLevel.CHIP_READ}:
        return house.vault.hash("person", number)
    if number is None and companion is not None and companion.person is not None:
        number = companion.person.number or companion.person.document
    if number is None or not patient.name or not patient.birth:
        return house.vault.hash("check-in", own)
    return house.vault.hash("claimed", f"{number}|{patient.name.casefold()}|{patient.birth}")


def visit_of(house: House, transaction: Transaction, check_in_id: str, version: int) -> Visit | None:
    """The check-in now; None when it is not kept any more."""
    check_in = transaction.one(select(check_ins).where(check_ins.c.id == check_in_id))
    ticket = None if check_in is None else live_ticket(transaction, check_in_id)
    if check_in is None or ticket is None or check_in["stripped"]:
        return None
    registration = Registration.model_validate_json(house.vault.open(check_in["sealed_registration"]))
    level = EvidenceLevel(check_in["verified_level"])
    bill = _bill(transaction, check_in_id)
    paid = bill is not None and bill.status == PAID_BILL
    gone = ticket["status"] == TicketStatus.ABANDONED.value and not paid
    patient, companion = registration.patient, registration.companion
    key = subject_key(house, patient, companion, level, check_in_id)
    clinic_id: str = check_in["clinic_id"]
    clinic = house.clinics.get(clinic_id)
    return Visit(
        id=check_in_id,
        state=VisitState.CANCELLED if gone else VisitState.ARRIVED,
        version=version,
        patient=_person(patient, key, level),
        guardian=None if companion is None else _guardian(house, companion, key),
        arrived_at=check_in["arrived_at"],
        day=check_in["day"],
        clinic_id=clinic_id,
        service_code=house.settings.hospital.services.get(clinic_id, clinic_id),
        service_name=clinic_id if clinic is None else clinic.name,
        ticket=TicketFacts(ticket["number"], ticket["status"], ticket["issued_at"], _slot_start(ticket)),
        priority=Priority(check_in["priority"]),
        priority_proven=check_in["priority_proven"],
        use_insurance=check_in["use_insurance"],
        insurance_presented_at=check_in["insurance_presented_at"],
        booking_id=hospital_id(registration.appointment_id),
        exam_type=registration.exam_type,
        cover=_cover(house, transaction, check_in, patient),
        bill=bill,
    )


def _slot_start(ticket: RowMapping) -> datetime | None:
    """A slot is named by its time of day (gateway.visits.slots)."""
    if ticket["slot"] is None:
        return None
    return datetime.combine(ticket["day"], time.fromisoformat(ticket["slot"]), PLACE)


def _person(person: Person, key: str, level: EvidenceLevel) -> PersonFacts:
    return PersonFacts(
        key=key,
        number=person.number,
        document=person.document,
        name=person.name,
        birth=person.birth,
        sex=person.sex,
        address=person.address,
        insurance_number=person.insurance_number,
        level=level,
    )


def _guardian(house: House, companion: Companion, patient_key: str) -> Guardian:
    """Nobody verified a companion's chip: what the kiosk says of them counts as told."""
    person = companion.person
    told = "" if person is None else f"{person.number or person.document}|{(person.name or '').casefold()}"
    key = house.vault.hash("related", f"{patient_key}|{companion.relation.value}|{told}")
    facts = None if person is None else _person(person, key, EvidenceLevel.TYPED)
    return Guardian(facts, companion.relation, key)


def _cover(house: House, transaction: Transaction, check_in: RowMapping, patient: Person) -> CoverFacts | None:
    """The look-up of this check-in, if it was about this patient; also one that named no card."""
    if check_in["eligibility_id"] is None or not check_in["use_insurance"]:
        return None
    row = transaction.one(
        select(look_ups.c.subject, look_ups.c.sealed_judgement).where(look_ups.c.id == check_in["eligibility_id"])
    )
    numbers = [number for number in (patient.number, patient.insurance_number) if number]
    if row is None or row["sealed_judgement"] is None:
        return None
    if row["subject"] not in {subject_of(house, number) for number in numbers}:
        return None
    kept = KeptJudgement.model_validate_json(house.vault.open(row["sealed_judgement"]))
    eligibility = kept.eligibility
    return CoverFacts(
        id=eligibility.id,
        card_number=eligibility.card_number,
        valid_from=eligibility.valid_from,
        valid_to=eligibility.valid_to,
        registered_at=eligibility.registered_at,
        inforce=None if eligibility.result in _OPEN else eligibility.result in _PAYS,
        benefit_percent=eligibility.benefit_percent,
        route_percent=eligibility.route_percent,
        route_code=kept.route_code,
        result_code=eligibility.result_code,
        asked_at=eligibility.asked_at,
    )


def _bill(transaction: Transaction, check_in_id: str) -> BillFacts | None:
    bill = transaction.one(select(bills).where(bills.c.check_in_id == check_in_id))
    if bill is None:
        return None
    return BillFacts(bill["number"], bill["amount"], bill["status"], bill["created_at"], bill["paid_at"])
