"""Appointments of the hospital's own system, for somebody at a kiosk (`gateway.visits.bookings.Bookings`)."""

from __future__ import annotations

from collections.abc import Container
from datetime import date

from gateway.hospital.link import HospitalLink
from gateway.hospital.system import Booking, HospitalSystem, PersonFacts
from gateway.settings import Hospital
from services.contract.models import Appointment, EvidenceLevel, Person, VisitKind

MARK = "hospital:"
"""Ids of such appointments begin so; the registration carries them back."""


class HospitalBookings:
    """Asks within the link's bound; an outage is an empty answer."""

    def __init__(self, link: HospitalLink, settings: Hospital, clinics: Container[str]) -> None:
        self._link = link
        self._clinics = clinics
        self._clinic_of = {code: clinic for clinic, code in settings.services.items()}

    async def of(self, person: Person, day: date) -> tuple[Appointment, ...]:
        """Appointments of a person whom the chip proved (the caller has looked)."""
        facts = PersonFacts(
            key="",
            number=person.number,
            document=person.document,
            name=person.name,
            birth=person.birth,
            sex=person.sex,
            address=None,
            insurance_number=None,
            level=EvidenceLevel.CHIP_READ,
        )
        if facts.paper is None:
            return ()

        async def question(system: HospitalSystem) -> tuple[Booking, ...]:
            record = await system.patient(facts)
            return () if record is None else await system.bookings(record, day)

        found = await self._link.ask(question)
        known = [(self._clinic_of.get(one.service_code, one.service_code), one) for one in found or ()]
        return tuple(
            Appointment(id=MARK + one.id, clinic_id=clinic, kind=VisitKind.BOOKED, start=one.start, end=one.end)
            for clinic, one in known
            if clinic in self._clinics and len(MARK + one.id) <= 80
        )


def hospital_id(appointment_id: str | None) -> str | None:
    """The hospital's own id of a picked-up appointment; None for one of the gateway's list."""
    if appointment_id is None or not appointment_id.startswith(MARK):
        return None
    return appointment_id.removeprefix(MARK)
