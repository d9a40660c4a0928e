"""The hospital's system as a FHIR server."""

from __future__ import annotations

from datetime import date
from typing import cast

import httpx

from gateway.clock import Clock
from gateway.hospital.failures import HospitalFault, HospitalUnavailable
from gateway.hospital.fhir import appointments, catalogue, people, places
from gateway.hospital.fhir.billing import FhirBilling
from gateway.hospital.fhir.client import FhirClient, Json
from gateway.hospital.fhir.systems import Systems, identifiers, token
from gateway.hospital.fhir.told import Teller
from gateway.hospital.system import (
    Booking,
    HospitalCover,
    Named,
    PatientRecord,
    PersonFacts,
    Service,
    SlotTime,
    Told,
    Visit,
    VisitState,
)

TRIES = 3
"""How often a visit is told at once when somebody else writes the same records at the same moment."""


class FhirHospital:
    """Implements `gateway.hospital.system.HospitalSystem`."""

    def __init__(
        self,
        url: str,
        access_token: str | None,
        timeout: float,
        systems: Systems,
        clock: Clock,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._client = FhirClient(url, access_token, timeout, transport)
        self._systems = systems
        self._clock = clock
        self._teller = Teller(self._client, systems)
        self._billing = FhirBilling(self._client, systems, self._teller)

    @property
    def billing(self) -> FhirBilling:
        """Its bills."""
        return self._billing

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def tell(self, visit: Visit, *, again: bool) -> Told:
        """Make the server hold the visit as it is now."""
        for attempt in range(1, TRIES + 1):
            try:
                if visit.state is VisitState.CANCELLED:
                    return await self._teller.cancelled(visit, again)
                return await self._teller.arrived(visit)
            except HospitalUnavailable as error:
                if error.fault is not HospitalFault.CHANGED or attempt == TRIES:
                    raise
        raise AssertionError("unreachable")

    async def patient(self, person: PersonFacts) -> PatientRecord | None:
        """The record of a proven person, or one that agrees with everything somebody told."""
        found = await self._teller.find(person)
        return None if found is None else people.record(found, self._systems)

    async def cover(self, person: PersonFacts) -> HospitalCover | None:
        """The Coverage of the person's card number, else the active one of their record."""
        if person.insurance_number:
            search = [("identifier", token(self._systems.bhyt, person.insurance_number))]
        else:
            known = await self._teller.find(person)
            if known is None:
                return None
            search = [("beneficiary", f"Patient/{known['id']}"), ("status", "active")]
        found = await self._client.search("Coverage", search)
        if not found:
            return None
        card = max(found, key=lambda one: str(cast(Json, one.get("period") or {}).get("end", "")))
        places = [str(row.get("value", "")) for row in cast("list[Json]", card.get("class") or [])]
        period = cast(Json, card.get("period") or {})
        return HospitalCover(
            card_number=next(iter(identifiers(card, self._systems.bhyt)), person.insurance_number or ""),
            facility=next(iter(places), ""),
            valid_from=_day(period.get("start")),
            valid_to=_day(period.get("end")),
            accepted=card.get("status") == "active",
        )

    async def exam_types(self) -> tuple[Named, ...]:
        """Categories of the services."""
        return await catalogue.exam_types(self._client)

    async def departments(self) -> tuple[Named, ...]:
        """Organizations of the type `dept`."""
        return await catalogue.departments(self._client)

    async def services(self, department: str) -> tuple[Service, ...]:
        """HealthcareServices of a department with prices."""
        return await catalogue.services(self._client, self._systems, department, self._clock.now())

    async def slots(self, service: str, day: date) -> tuple[SlotTime, ...]:
        """Slots of the service's Schedules."""
        return await places.slots(self._client, self._systems, service, day)

    async def bookings(self, record: PatientRecord, day: date) -> tuple[Booking, ...]:
        """Booked Appointments."""
        found = await appointments.booked(self._client, f"Patient/{record.id}", day)
        return tuple(appointments.booking(one, self._systems) for one in found)


def _day(text: object) -> date | None:
    """The day of a dateTime; None for none, and for one that names only a month or a year."""
    return date.fromisoformat(str(text)[:10]) if isinstance(text, str) and len(text) >= 10 else None
