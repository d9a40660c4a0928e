"""Clinics, departments, rooms, counters and the queue before them."""

from __future__ import annotations

import re
import unicodedata
from datetime import time
from typing import Annotated, Self

from pydantic import Field, model_validator

from gateway.settings.base import Section
from services.contract.models import GroupPurpose


class Queue(Section):
    """Numbers, waiting and what a kiosk may give out offline."""

    one_number_minutes: int = Field(default=240, ge=0)
    """The same person gets the same ticket of a clinic back within this time; 0 switches it off."""
    seconds_per_patient: int = Field(default=213, ge=10)
    priority_per_ordinary: int = Field(default=2, ge=1)
    """How many priority numbers are called before one ordinary number that waits."""
    pay_before_exam: bool = True
    """Whoever pays an examination is called only after paying, or when the cashier releases the number. Insured people
    and people with priority are exempt."""
    back_after: int = Field(default=3, ge=0, le=99)
    """After how many other calls somebody who was absent is called again, unless the counter says otherwise."""
    results_after: int = Field(default=1, ge=0, le=99)
    """After how many other calls somebody who comes back with results is called."""
    lease_size: int = Field(default=10, ge=1, le=99)
    lease_days: int = Field(default=3, ge=0, le=14)


class OpenHours(Section):
    """Hours in which a clinic's numbers are given; `numbers` is how many, 0 for no limit."""

    start: time = Field(alias="from")
    end: time = Field(alias="to")


class SlotHours(Section):
    """Hours whose numbers are for a time: every `minutes` a new one, each for `people`."""

    start: time = Field(alias="from")
    end: time = Field(alias="to")
    minutes: int = Field(default=30, ge=5, le=240)
    people: int = Field(ge=1)


class ExamTypeSettings(Section):
    """A kind of examination people choose first; with none or one, they are not asked."""

    id: str = Field(pattern="^[a-z0-9-]{1,40}$")
    name: str
    name_en: str
    hint: str = ""
    hint_en: str = ""
    icon: str = "stethoscope"


class DepartmentSettings(Section):
    """A department; clinics name it. With none or one, people choose the clinic at once."""

    id: str = Field(pattern="^[a-z0-9-]{1,40}$")
    name: str
    name_en: str
    icon: str = "stethoscope"


class RoomSettings(Section):
    """A place that is no clinic, for the room finder: pharmacy, X-ray, cashier, toilets…"""

    id: str = Field(pattern="^[a-z0-9-]{1,40}$")
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


class GroupSettings(Section):
    """What makes a clinic a service group of a one-stop centre: nothing is examined, the number costs nothing."""

    purpose: GroupPurpose = GroupPurpose.FILE
    sectors: tuple[str, ...] = ()
    """Sectors of the catalogue that are received here; none: every sector."""


class ClinicSettings(Section):
    """One clinic: texts, way, prices. `hours` empty: numbers are given at any time."""

    id: str = Field(pattern="^[a-z0-9-]{1,40}$")
    name: str
    name_en: str
    icon: str
    room: str
    room_en: str
    way: str
    way_en: str
    group: GroupSettings | None = None
    """Set for a service group of a one-stop centre; then there are no prices."""
    insured_price: int = Field(default=0, ge=0)
    """Price of the examination as the insurer's fund counts it."""
    insured_charge: int | None = Field(default=None, ge=0)
    """What an insured examination costs here; default the insured price. The difference is the patient's."""
    price: int = Field(default=0, ge=0)
    """What somebody without insurance pays."""
    seconds_per_patient: int | None = Field(default=None, ge=10)
    numbers_a_day: int = Field(default=0, ge=0)
    """0: no limit."""
    hours: tuple[OpenHours, ...] = ()
    slots: tuple[SlotHours, ...] = ()
    """Times of the day; without any, people are called in their order."""
    exam_types: tuple[str, ...] = ()
    """Kinds of examination it gives; none: every kind."""
    department: str | None = None
    building: str = ""
    building_en: str = ""
    floor: str = ""
    floor_en: str = ""
    guide_desk: bool = False
    service_code: str | None = Field(default=None, max_length=50)
    """MA_DICH_VU of the examination, as the hospital maps it; needed for check-in records."""
    service_name: str | None = Field(default=None, max_length=1024)
    """TEN_DICH_VU; default the clinic's name."""
    code: str | None = Field(default=None, pattern="^[A-Z]{1,4}$")
    """Heads this clinic's numbers where another clinic calls them: "NTM-T005". Default: the initials of the name."""

    @model_validator(mode="after")
    def _priced_unless_a_group(self) -> Self:
        given = {"price", "insured_price"} & self.model_fields_set
        if self.group is None and len(given) < 2:
            raise ValueError("price and insured_price: a clinic needs both")
        if self.group is not None and (self.price or self.insured_price):
            raise ValueError("price: a service group's number costs nothing")
        return self

    @property
    def initials(self) -> str:
        """Of the name, without marks, at most four."""
        plain = unicodedata.normalize("NFD", self.name.upper().replace("Đ", "D"))
        initials = re.findall(r"\b[A-Z]", "".join(letter for letter in plain if not unicodedata.combining(letter)))
        return "".join(initials)[:4] or "X"


class CounterSettings(Section):
    """A counter (or doctor's room) that calls numbers of one or more clinics."""

    id: str = Field(pattern="^[a-z0-9-]{1,40}$")
    name: str = Field(max_length=40)
    """As the board shows it: "Phòng 205, bàn 1"."""
    name_en: str = Field(max_length=40)
    spoken: str = Field(default="", max_length=80)
    """As the board's voice says it, in words of `assets/voice/vi/board`: "phòng 205 bàn 1". Default: from the name."""
    clinics: Annotated[tuple[str, ...], Field(min_length=1)]
