"""The interface of a hospital's system, and the values that go through it. No transport, no database, no FHIR.

A visit is told as a whole, as it is now; the implementation makes the other side agree with it, however often it is
told. So a lost answer costs another try and never a second patient or a second encounter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Protocol

from gateway.payments.sources import BillSource
from services.contract.models import EvidenceLevel, Priority, Relation


class VisitState(Enum):
    """What the hospital shall hold of a visit."""

    ARRIVED = "arrived"
    CANCELLED = "cancelled"
    """Left before the end, unpaid: nothing of the visit may stay alive."""


class Paper(Enum):
    """What a person's number stands on."""

    ID = "cccd"
    OLD_ID = "cmnd"
    PASSPORT = "passport"


@dataclass(frozen=True)
class PersonFacts:
    """Somebody as the kiosk read or heard it. `birth` is yyyy, yyyy-mm or yyyy-mm-dd."""

    key: str
    """A keyed hash: equal for equal people, tells nothing. Stands in for a number that nobody proved."""
    number: str | None
    """Nine or twelve digits."""
    document: str | None
    """Number of a passport, of somebody without an ID number."""
    name: str | None
    birth: str | None
    sex: str | None
    """M, F or <."""
    address: str | None
    insurance_number: str | None
    level: EvidenceLevel

    @property
    def proven(self) -> bool:
        """Whether the chip said who it is: only then a number alone finds a record."""
        return self.level in {EvidenceLevel.CHIP_GENUINE, EvidenceLevel.CHIP_READ}

    @property
    def paper(self) -> tuple[Paper, str] | None:
        """The number that names a person, with the paper it stands on."""
        if self.number is not None:
            return (Paper.OLD_ID if len(self.number) == 9 else Paper.ID), self.number
        return None if self.document is None else (Paper.PASSPORT, self.document)


@dataclass(frozen=True)
class Guardian:
    """Who came along and acts for the patient."""

    person: PersonFacts | None
    relation: Relation
    key: str
    """Equal for the same guardian of the same patient."""


@dataclass(frozen=True)
class CoverFacts:
    """The insurer's answer, as the gateway judged it."""

    id: str
    """The look-up's own id."""
    card_number: str | None
    """The card the answer names; none where no card was found, or none is known to be this person's."""
    valid_from: date | None
    valid_to: date | None
    registered_at: str | None
    inforce: bool | None
    """The fund pays something here today; None where only the paper card, or a person, can say."""
    benefit_percent: int | None
    route_percent: int | None
    route_code: str
    result_code: str
    """maKetQua."""
    asked_at: datetime


@dataclass(frozen=True)
class BillFacts:
    """What the gateway charged for the visit."""

    number: str
    amount: int
    """Whole đồng."""
    status: str
    """open, paid or cancelled."""
    issued_at: datetime
    paid_at: datetime | None


@dataclass(frozen=True)
class TicketFacts:
    """The queue's number."""

    number: str
    status: str
    """The gateway's own word (services.contract.models.TicketStatus)."""
    issued_at: datetime
    slot_start: datetime | None = None
    """When the time slot begins that was taken with it."""


@dataclass(frozen=True)
class Visit:
    """One check-in, whole, as it is now. `id` is the key under which it is told, always the same."""

    id: str
    state: VisitState
    version: int
    patient: PersonFacts
    guardian: Guardian | None
    arrived_at: datetime
    day: date
    clinic_id: str
    service_code: str
    """The hospital's own code of the examination; the clinic's id where no other is set."""
    service_name: str
    ticket: TicketFacts
    priority: Priority
    priority_proven: bool
    use_insurance: bool
    insurance_presented_at: datetime | None
    """When the card was presented (thoi_diem_xuat_trinh_the): the fund pays from then on."""
    booking_id: str | None
    """The hospital's appointment that the person picked up at the kiosk."""
    exam_type: str | None
    cover: CoverFacts | None
    bill: BillFacts | None


class Outcome(Enum):
    """What the hospital holds after a visit was told."""

    ARRIVED = "arrived"
    CANCELLED = "cancelled"
    KEPT = "kept"
    """It should be cancelled, but the hospital's own cashier was paid, or the examination has begun: it stays."""


class Place(Enum):
    """What became of the place of the number's time in the hospital's own time table."""

    NONE = "none"
    """No time is meant, or the hospital has no such time."""
    HELD = "held"
    LOST = "lost"
    """Somebody else took the last one meanwhile."""


@dataclass(frozen=True)
class Told:
    """The hospital's own names of what it holds."""

    outcome: Outcome
    patient_id: str
    visit_id: str
    """MA_LK, or the encounter's id."""
    number: str | None = None
    """The hospital's own number for the room (STT_LK), where it gives one."""
    differs: tuple[str, ...] = ()
    """Fields of its patient record that are not what the chip says; its record is never overwritten."""
    place: Place = Place.NONE


@dataclass(frozen=True)
class PatientRecord:
    """A patient the hospital knows."""

    id: str
    code: str
    """The number on its papers (MA_BN)."""
    name: str
    birth: str
    sex: str
    insurance_number: str | None


@dataclass(frozen=True)
class HospitalCover:
    """What the hospital's system knows of an insurance card."""

    card_number: str
    facility: str
    valid_from: date | None
    valid_to: date | None
    accepted: bool


@dataclass(frozen=True)
class Booking:
    """An appointment of today."""

    id: str
    service_code: str
    service_name: str
    start: datetime
    end: datetime | None


@dataclass(frozen=True)
class Named:
    """An exam type or a department."""

    code: str
    name: str


@dataclass(frozen=True)
class Service:
    """An examination that can be registered for. Prices in whole đồng."""

    code: str
    name: str
    department: str
    exam_types: tuple[str, ...]
    price: int
    insured_price: int
    surcharge: int
    """What an insured patient pays on top."""
    available: bool


@dataclass(frozen=True)
class SlotTime:
    """A stretch of time of a service and how many places it has left."""

    id: str
    start: datetime
    end: datetime
    free: int
    ours: int = 0
    """Of those taken, how many numbers given here took: the gateway counts them itself."""


class HospitalSystem(Protocol):
    """A hospital's system. Every method raises HospitalUnavailable or HospitalRefused.

    `tell` carries the bill's state; each payment is announced by itself through `billing`.
    """

    @property
    def billing(self) -> BillSource:
        """Its bills, and where payments are announced."""
        ...

    async def tell(self, visit: Visit, *, again: bool) -> Told:
        """Make the hospital hold the visit as it is now. `again`: an earlier try may have got through."""
        ...

    async def patient(self, person: PersonFacts) -> PatientRecord | None:
        """The record of a proven person, or one that agrees with everything somebody told; None for nobody."""
        ...

    async def cover(self, person: PersonFacts) -> HospitalCover | None:
        """What it knows of the person's insurance card, the named one or the one in their record: for the desk, when
        the insurer is silent."""
        ...

    async def exam_types(self) -> tuple[Named, ...]:
        """Ways to be examined: with insurance, as a service…"""
        ...

    async def departments(self) -> tuple[Named, ...]:
        """Departments that take patients."""
        ...

    async def services(self, department: str) -> tuple[Service, ...]:
        """Examinations of a department with prices, and whether they can be had now."""
        ...

    async def slots(self, service: str, day: date) -> tuple[SlotTime, ...]:
        """Times of a service on a day of the place that have places left, or that numbers given here have."""
        ...

    async def bookings(self, record: PatientRecord, day: date) -> tuple[Booking, ...]:
        """Appointments of a patient on a day of the place that were not used."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...
