"""Registration: one person, one number, whatever is sent twice, late, or from two kiosks at once."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, bindparam, insert, select

from gateway.clock import bounded, bounded_seconds, corrected, day_of
from gateway.fleet.evidence import EvidenceVerdict
from gateway.fleet.kiosks import Kiosk
from gateway.hospital.bookings import hospital_id
from gateway.hospital.outbox import open_visit
from gateway.hospital.visit import subject_key
from gateway.house import House, new_id
from gateway.insurance.amounts import Cover, Payer
from gateway.insurance.look_up import Found, KeptJudgement, find, subjects_of
from gateway.one_stop.counting import COUNTER, count
from gateway.one_stop.errands import comes_with
from gateway.payments.bills import open_bill
from gateway.privacy.kinds import CHECK_IN
from gateway.privacy.subjects import link_registration
from gateway.problems import Refused
from gateway.queue import early, numbers, tickets
from gateway.queue.clinics import amounts
from gateway.queue.fairness import Lane
from gateway.queue.leases import take_fallback, was_called
from gateway.queue.tickets import SlipCodes
from gateway.settings import ClinicSettings
from gateway.store import tables
from gateway.store.database import Transaction
from gateway.store.prepared import Prepared
from gateway.visits import appointments, slots
from gateway.visits.appointments import Booked
from gateway.xml0.keeping import first_cost
from services.contract.models import (
    EvidenceLevel,
    FallbackUse,
    Person,
    Priority,
    Registration,
    Slot,
    Ticket,
    TicketStatus,
)
from services.contract.ticket_codes import reprint_code, ticket_code

log = logging.getLogger(__name__)

_SAME_PERSON = Prepared(
    select(tables.check_ins)
    .join(tables.tickets, tables.tickets.c.check_in_id == tables.check_ins.c.id)
    .where(
        tables.check_ins.c.person == bindparam("who"),
        tables.check_ins.c.clinic_id == bindparam("clinic"),
        tables.check_ins.c.day == bindparam("today"),
        tables.check_ins.c.arrived_at > bindparam("after"),
        tables.check_ins.c.arrived_at < bindparam("before"),
        tables.tickets.c.status.in_(tickets.LIVE),
    )
    .order_by(tables.check_ins.c.arrived_at)
    .limit(1)
)
_CHECK_IN, _TICKET = Prepared(insert(tables.check_ins)), Prepared(insert(tables.tickets))
_LATER = Prepared(insert(tables.later_look_ups))
_NOTE = Prepared(
    insert(tables.registrations)
    .values({column.name: bindparam(column.name) for column in tables.registrations.c})
    .returning(early.WAITING_FOR)
)
_VERIFIED = {EvidenceLevel.CHIP_GENUINE, EvidenceLevel.CHIP_READ}


@dataclass(frozen=True)
class Made:
    """What was just stored: check-in and ticket, and the open bill's id and amount."""

    check_in: dict[str, Any]
    ticket: dict[str, Any]
    owed: tuple[str, int] | None


@dataclass(frozen=True)
class Arrival:
    """A registration with everything the gateway found out about it by itself."""

    kiosk: Kiosk
    key: str
    registration: Registration
    verdict: EvidenceVerdict
    clinic: ClinicSettings
    arrived_at: datetime
    day: date
    found: Found | None
    skew: timedelta | None


def register(
    house: House,
    transaction: Transaction,
    kiosk: Kiosk,
    key: str,
    registration: Registration,
    verdict: EvidenceVerdict,
    skew: timedelta | None = None,
) -> Ticket:
    """Give the number, or the one this person already has; `skew`: how far the kiosk's clock is ahead, if known.

    Raises Refused for an unknown clinic.
    """
    clinic = house.clinic(registration.clinic_id)
    if clinic is None:
        raise Refused(422, "There is no such clinic")
    now = house.now()
    arrived_at = corrected(registration.arrived_at, skew, now)
    found = find(house, transaction, kiosk.id, registration.eligibility_id) if registration.eligibility_id else None
    arrival = Arrival(kiosk, key, registration, verdict, clinic, arrived_at, day_of(arrived_at), found, skew)
    person = _person_hash(house, registration.patient, verdict.level)
    known = _same_person(house, transaction, person, arrival)
    made = _new_check_in(house, transaction, arrival, person) if known is None else None
    check_in_id = made.check_in["id"] if made is not None else "" if known is None else str(known["id"])
    if known is not None and clinic.group is not None:
        _bring(transaction, arrival, check_in_id)
    codes, more = _note_registration(transaction, arrival, check_in_id, first=known is None)
    if more:
        early.apply(house, transaction, kiosk, key)
    if registration.fallback is not None and was_called(transaction, check_in_id, registration.fallback.number):
        # A counter called that number from the paper: so the kiosk did print it, whatever is still on its way.
        use = FallbackUse(registration_key=key, fallback=registration.fallback, printed_at=arrived_at)
        take_fallback(house, transaction, kiosk, tickets.check_in_of(transaction, check_in_id), use)
        more = True
    tickets.announce(transaction, clinic.id)
    costs = amounts(house, clinic, _payer(registration, found))
    if made is not None and not more:
        return tickets.answer(house, made.check_in, made.ticket, made.owed, codes, costs)
    check_in = tickets.check_in_of(transaction, check_in_id)
    own = codes if known is None else None
    return tickets.as_answer(house, transaction, check_in, costs, own, held=known is not None)


def _payer(registration: Registration, found: Found | None) -> Cover | Payer:
    if not registration.use_insurance:
        return Payer.SELF
    return Payer.OPEN if found is None else found.payer


def _same_person(house: House, transaction: Transaction, person: str | None, arrival: Arrival) -> RowMapping | None:
    """The live check-in of the same person at the same clinic within the configured time."""
    window = house.settings.queue.one_number_minutes
    if person is None or window == 0:
        return None
    transaction.lock(f"{person}:{arrival.clinic.id}")
    around = timedelta(minutes=window)
    return transaction.one(
        _SAME_PERSON,
        {
            "who": person,
            "clinic": arrival.clinic.id,
            "today": arrival.day,
            "after": arrival.arrived_at - around,
            "before": arrival.arrived_at + around,
        },
    )


def _new_check_in(house: House, transaction: Transaction, arrival: Arrival, person: str | None) -> Made:
    registration, verdict, now = arrival.registration, arrival.verdict, house.now()
    priority = registration.priority is not Priority.NONE
    pending = _insurance_pending(house, arrival)
    failed_at = registration.insurance_failure_at
    check_in_id = new_id()
    values = {
        "id": check_in_id,
        "kiosk_id": arrival.kiosk.id,
        "clinic_id": arrival.clinic.id,
        "day": arrival.day,
        "arrived_at": arrival.arrived_at,
        "received_at": now,
        "clock_skew_seconds": None if arrival.skew is None else bounded_seconds(arrival.skew),
        "person": person,
        "claimed_level": registration.patient.level.value,
        "verified_level": verdict.level.value,
        "evidence_reason": verdict.reason[:200],
        "priority": registration.priority.value,
        "priority_proven": registration.priority_proven and _proves_priority(arrival),
        "holder": None if registration.holder is None else registration.holder.value,
        "use_insurance": registration.use_insurance,
        "insurance_pending": pending,
        "insurance_failure": registration.insurance_failure,
        "insurance_failure_at": None if failed_at is None else bounded(failed_at, now),
        "eligibility_id": arrival.found.judgement.eligibility.id if arrival.found else None,
        "insurance_presented_at": _presented_at(house, arrival),
        "sealed_registration": house.vault.seal(registration.model_dump_json().encode()),
    }
    transaction.later(_CHECK_IN, values)
    link_registration(house, transaction, CHECK_IN, check_in_id, registration)
    booked = appointments.pick_up(transaction, registration.appointment_id, person, check_in_id)
    given = numbers.give(transaction, arrival.clinic.id, arrival.day, priority)
    slot = slots.take(transaction, arrival.clinic, arrival.day, registration.slot_id, arrival.arrived_at)
    promised = slot or booked or _told_by_the_hospital(arrival)
    ahead = given.before.ahead(priority, house.settings.queue.priority_per_ordinary)
    nothing_examined = arrival.clinic.guide_desk or arrival.clinic.group is not None
    to_pay = 0 if registration.use_insurance or nothing_examined else arrival.clinic.price
    # Not callable before it is paid: the site's policy, from which whoever has priority is exempt.
    pays_first = bool(to_pay) and house.settings.queue.pay_before_exam and not priority
    ticket = {
        "id": new_id(),
        "check_in_id": check_in_id,
        "clinic_id": arrival.clinic.id,
        "day": arrival.day,
        "number": given.number,
        "series": given.series,
        "status": (TicketStatus.UNPAID if pays_first else TicketStatus.WAITING).value,
        "priority": priority,
        "lane": (Lane.PRIORITY if priority else Lane.ORDINARY).value,
        "arrival": given.arrival,
        "turn_at": _turn_at(arrival, promised),
        "issued_at": arrival.arrived_at,
        "waiting_ahead": ahead,
        "expected_at": _expected_at(house, arrival, ahead) if slot is None else slot.start,
        "slot": None if slot is None else slot.id,
        "changed_at": now,
    }
    transaction.later(_TICKET, ticket)
    owed = (open_bill(transaction, check_in_id, to_pay, now), to_pay) if to_pay else None
    if house.hospital is not None and arrival.clinic.group is None:
        subject = subject_key(house, registration.patient, registration.companion, verdict.level, check_in_id)
        open_visit(transaction, check_in_id, subject, now)
    if pending and registration.use_insurance and arrival.found is None and _can_be_asked(registration.patient):
        first = timedelta(minutes=house.settings.insurance.retry_minutes[0])
        transaction.later(_LATER, {"check_in_id": check_in_id, "next_at": now + first, "tries": 0})
    if arrival.clinic.group is not None:
        errand = registration.errand
        _bring(transaction, arrival, check_in_id)
        if errand is not None and errand.sending_code is None and errand.procedure is not None:
            count(house, transaction, COUNTER, errand.procedure)
        return Made(values, ticket, owed)
    first_cost(
        house,
        transaction,
        check_in_id=check_in_id,
        patient=registration.patient,
        clinic=arrival.clinic,
        arrived_at=arrival.arrived_at,
        use_insurance=registration.use_insurance,
        judgement=_own_judgement(house, arrival),
    )
    return Made(values, ticket, owed)


def _own_judgement(house: House, arrival: Arrival) -> KeptJudgement | None:
    """What the insurer answered about this very patient."""
    found = arrival.found
    ours = found is not None and found.subject in subjects_of(house, arrival.registration.patient)
    return found.judgement if found is not None and ours else None


def _expected_at(house: House, arrival: Arrival, ahead: int) -> datetime:
    return numbers.expected_at(arrival.arrived_at, ahead, arrival.clinic, house.settings.queue)


def _turn_at(arrival: Arrival, promised: Slot | Booked | None) -> datetime:
    """From when a ticket counts in its lane: a promised time that is not missed, else the time of issue."""
    return arrival.arrived_at if promised is None or arrival.arrived_at >= promised.end else promised.start


def _told_by_the_hospital(arrival: Arrival) -> Booked | None:
    """The time of an appointment that the hospital's system keeps, as the kiosk was told it: of today, and only of
    somebody whom the chip proved."""
    registration = arrival.registration
    if hospital_id(registration.appointment_id) is None or registration.appointment_start is None:
        return None
    if arrival.verdict.level not in _VERIFIED or day_of(registration.appointment_start) != arrival.day:
        return None
    return Booked.of(registration.appointment_start, registration.appointment_end)


def _presented_at(house: House, arrival: Arrival) -> datetime | None:
    """When the card was presented: this patient's look-up, tried or answered; else the arrival with a typed number."""
    registration, failed_at = arrival.registration, arrival.registration.insurance_failure_at
    if not registration.use_insurance:
        return None
    if arrival.found is not None and _own_judgement(house, arrival) is not None:
        return arrival.found.asked_at
    if failed_at is None:
        return arrival.arrived_at
    tried = corrected(failed_at, arrival.skew, arrival.arrived_at)
    return tried if day_of(tried) == arrival.day else arrival.arrived_at


def _bring(transaction: Transaction, arrival: Arrival, check_in_id: str) -> None:
    """The dossier that is brought comes with this number, also with one that the person held already."""
    errand = arrival.registration.errand
    if errand is not None and errand.sending_code is not None:
        comes_with(transaction, errand.sending_code, check_in_id)


def _note_registration(
    transaction: Transaction, arrival: Arrival, check_in_id: str, first: bool
) -> tuple[SlipCodes, bool]:
    """What its slip carries, and whether something about it came before it."""
    codes = SlipCodes(ticket_code(arrival.key), reprint_code(arrival.key))
    early.hold(transaction, arrival.kiosk, arrival.key)
    noted = transaction.one(
        _NOTE,
        {
            "kiosk_id": arrival.kiosk.id,
            "registration_key": arrival.key,
            "check_in_id": check_in_id,
            "first": first,
            "slip_token": codes.token,
            "reprint_code": codes.reprint,
        },
    )
    return codes, noted is not None and bool(noted["more"])


def _insurance_pending(house: House, arrival: Arrival) -> bool:
    """Whether somebody must still look at the insurance: not asked, no clear answer, or an answer about another."""
    registration, found = arrival.registration, arrival.found
    if not registration.use_insurance:
        return False
    if found is None or found.cover is None or found.judgement.staff_check:
        return True
    return _own_judgement(house, arrival) is None


def _can_be_asked(patient: Person) -> bool:
    return bool((patient.number or patient.insurance_number) and patient.name and patient.birth)


def _person_hash(house: House, patient: Person, level: EvidenceLevel) -> str | None:
    """Who it is: by number alone when the chip proved it; else by everything that was typed or shown, so that a
    stranger who types somebody's number is never given that person's ticket."""
    number = patient.number or patient.insurance_number
    if number is None:
        return None
    if level in _VERIFIED:
        return house.vault.hash("person", number)
    return house.vault.hash("claimed", f"{number}|{(patient.name or '').casefold()}|{patient.birth or ''}")


def _proves_priority(arrival: Arrival) -> bool:
    """Only an age from a verified chip proves priority: full 75 years, or under 6."""
    birth = arrival.registration.patient.birth or ""
    if arrival.verdict.level not in _VERIFIED or len(birth) != 10:
        return False
    born = date.fromisoformat(birth)
    day = arrival.day
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    priority = arrival.registration.priority
    return (priority is Priority.ELDERLY_75 and age >= 75) or (priority is Priority.CHILD_UNDER_6 and 0 <= age < 6)
