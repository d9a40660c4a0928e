"""Clinics, departments, kinds of examination, times and rooms."""

from __future__ import annotations

from enum import Enum

from pydantic import AwareDatetime, Field

from services.contract.base import Wire


class Amounts(Wire):
    """Provisional, in đồng; computed by the gateway (health.md section 2.5)."""

    price: int
    fund: int
    patient: int
    limit: int | None = None
    """15 % of the base salary: below it the fund pays all; None where the sentence does not apply."""
    limit_percent: int | None = None
    """What the patient pays from the limit on."""


class Slot(Wire):
    """A time of today for which a number can be taken. `left` is how many more people it takes."""

    id: str = Field(pattern="^[0-9]{4}$")
    """Its beginning as "0830"."""
    start: AwareDatetime
    end: AwareDatetime
    left: int


class ExamType(Wire):
    """A kind of examination people choose between before the clinic: by insurance, by request…"""

    id: str
    name: str
    name_en: str
    hint: str = ""
    hint_en: str = ""
    icon: str = "stethoscope"


class Department(Wire):
    """A department that has several clinics."""

    id: str
    name: str
    name_en: str
    icon: str


class GroupPurpose(Enum):
    """What the counters of a service group do."""

    FILE = "file"
    RESULT = "result"
    POLICE = "police"
    PAY = "pay"
    OTHER = "other"


class ServiceGroup(Wire):
    """A line of the one-stop centre's counters: a clinic in everything that concerns numbers."""

    purpose: GroupPurpose
    sectors: tuple[str, ...] = ()
    """Sectors of the catalogue that are received here; none: every sector."""


class Clinic(Wire):
    """One clinic of GET /v1/clinics?eligibility=ID."""

    id: str
    name: str
    name_en: str
    icon: str
    room: str
    """E.g. "Phòng 205, tầng 2, nhà B"."""
    room_en: str
    way: str
    way_en: str
    waiting: int | None
    minutes: int | None
    opens_at: str | None = None
    """"13:00" when no number can be taken now."""
    available: bool = True
    """False where the hospital's own system takes nobody now, and does not say until when."""
    amounts: Amounts | None = None
    guide_desk: bool = False
    """The guide desk's queue: not a tile; "Không biết chọn phòng nào" takes its number."""
    exam_types: tuple[str, ...] = ()
    """Ids of the kinds of examination it gives; none: every kind."""
    department: str | None = None
    slots: tuple[Slot, ...] | None = None
    """Times of today still to come; None where people come when they come."""
    group: ServiceGroup | None = None
    """Set for a service group of a one-stop centre: no examination, no insurance, nothing to pay for the number."""


class Clinics(Wire):
    """GET /v1/clinics. Without exam types and departments the clinics are one flat list."""

    clinics: tuple[Clinic, ...]
    exam_types: tuple[ExamType, ...] = ()
    departments: tuple[Department, ...] = ()


class Room(Wire):
    """A place people look for: a clinic, the pharmacy, the way out. The way is in words."""

    id: str
    name: str
    name_en: str
    icon: str = "map-pin"
    room: str = ""
    room_en: str = ""
    building: str = ""
    building_en: str = ""
    floor: str = ""
    floor_en: str = ""
    way: str
    way_en: str


class Rooms(Wire):
    """GET /v1/rooms, in the order of the settings."""

    rooms: tuple[Room, ...]
