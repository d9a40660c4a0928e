"""All settings of a gateway, and what must be true of them together."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Self

from pydantic import Field, model_validator

from gateway.settings.base import Section
from gateway.settings.clinics import (
    ClinicSettings,
    CounterSettings,
    DepartmentSettings,
    ExamTypeSettings,
    Queue,
    RoomSettings,
)
from gateway.settings.hospital import Hospital
from gateway.settings.house import Fingers, Fleet, Keys, Place, Server, Staff, Terminal, TrustSettings
from gateway.settings.insurance import Insurance, Xml0
from gateway.settings.one_stop import OneStop, Uploads
from gateway.settings.payments import Bank, Payments
from gateway.settings.privacy import Privacy


class Settings(Section):
    """All settings of a gateway."""

    server: Server = Server()
    database: str
    """SQLAlchemy URL: sqlite:////var/lib/tram/gateway.db or postgresql+psycopg://…"""
    demo: bool = False
    """A stand-in bank is connected: every pay screen and slip says so."""
    keys: Keys
    place: Place
    insurance: Insurance
    xml0: Xml0 = Xml0()
    bank: Bank
    accounts: tuple[Bank, ...] = ()
    """Other beneficiaries' accounts."""
    payments: Payments = Payments()
    queue: Queue = Queue()
    fingers: Fingers = Fingers()
    trust: TrustSettings = TrustSettings()
    terminal: Terminal | None = None
    hospital: Hospital = Hospital()
    one_stop: OneStop | None = None
    """None: a hospital without one-stop services."""
    uploads: Uploads | None = None
    staff: Staff = Staff()
    privacy: Privacy = Privacy()
    fleet: Fleet = Fleet()
    clinics: Annotated[tuple[ClinicSettings, ...], Field(min_length=1)]
    exam_types: tuple[ExamTypeSettings, ...] = ()
    departments: tuple[DepartmentSettings, ...] = ()
    rooms: tuple[RoomSettings, ...] = ()
    counters: tuple[CounterSettings, ...] = ()
    """Empty: one for each clinic, named after its room."""

    @model_validator(mode="after")
    def _clinics_are_distinct(self) -> Self:
        ids = [clinic.id for clinic in self.clinics]
        if len(set(ids)) != len(ids):
            raise ValueError("clinics: every id may stand once")
        codes = [clinic.code for clinic in self.clinics if clinic.code]
        if len(set(codes)) != len(codes):
            raise ValueError("clinics: every code may stand once")
        return self

    @model_validator(mode="after")
    def _accounts_are_distinct(self) -> Self:
        ids = [account.id for account in (self.bank, *self.accounts)]
        if len(set(ids)) != len(ids) or self.bank.id != "main":
            raise ValueError("accounts: every id may stand once, and [bank] is main")
        return self

    def account(self, id: str) -> Bank | None:
        """The account of that id."""
        return next((account for account in (self.bank, *self.accounts) if account.id == id), None)

    @model_validator(mode="after")
    def _groups_need_a_centre(self) -> Self:
        if self.one_stop is None and any(clinic.group is not None for clinic in self.clinics):
            raise ValueError("clinics: a service group needs the table [one_stop]")
        return self

    @model_validator(mode="after")
    def _clinics_name_what_there_is(self) -> Self:
        types, departments = {one.id for one in self.exam_types}, {one.id for one in self.departments}
        for clinic in self.clinics:
            if unknown := set(clinic.exam_types) - types:
                raise ValueError(f"clinics: {clinic.id}: there is no exam type {min(unknown)}")
            if clinic.department is not None and clinic.department not in departments:
                raise ValueError(f"clinics: {clinic.id}: there is no department {clinic.department}")
        return self

    @model_validator(mode="after")
    def _counters_call_known_clinics(self) -> Self:
        ids = [counter.id for counter in self.counters]
        if len(set(ids)) != len(ids):
            raise ValueError("counters: every id may stand once")
        known = {clinic.id for clinic in self.clinics}
        for counter in self.counters:
            for clinic in counter.clinics:
                if clinic not in known:
                    raise ValueError(f"counters: {counter.id}: there is no clinic {clinic}")
        return self

    @cached_property
    def clinic_codes(self) -> dict[str, str]:
        """What heads each clinic's numbers elsewhere, by the clinic's id; like initials are numbered."""
        codes = {clinic.id: clinic.code for clinic in self.clinics if clinic.code}
        for clinic in self.clinics:
            wanted = [clinic.initials, *(f"{clinic.initials[:3]}{count}" for count in range(2, 1000))]
            codes.setdefault(clinic.id, next(code for code in wanted if code not in codes.values()))
        return codes

    @cached_property
    def all_counters(self) -> dict[str, CounterSettings]:
        """Every counter by its id."""
        return {counter.id: counter for counter in self.counters or tuple(map(_own_counter, self.clinics))}

    def clinic(self, id: str) -> ClinicSettings | None:
        """The clinic of that id."""
        return next((clinic for clinic in self.clinics if clinic.id == id), None)


def _own_counter(clinic: ClinicSettings) -> CounterSettings:
    name, name_en = clinic.room.partition(",")[0][:40], clinic.room_en.partition(",")[0][:40]
    return CounterSettings(id=clinic.id, name=name, name_en=name_en, clinics=(clinic.id,))
