"""Appointments of the day: picked up by an arrival (booked → arrived), given back when it is undone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import cast

from gateway.clock import PLACE
from gateway.hospital.fhir.client import FhirClient, Json
from gateway.hospital.fhir.systems import Systems, identifiers
from gateway.hospital.fhir.visits import moment
from gateway.hospital.system import Booking, Visit


def day_range(name: str, day: date) -> list[tuple[str, str]]:
    """A day of the place as a search of instants."""
    begin = datetime.combine(day, time(), PLACE)
    return [(name, f"ge{moment(begin)}"), (name, f"lt{moment(begin + timedelta(days=1))}")]


async def booked(client: FhirClient, patient: str, day: date) -> list[Json]:
    """Appointments of a patient on a day that were not used, earliest first."""
    params = [("patient", patient), ("status", "booked"), *day_range("date", day)]
    found = await client.search("Appointment", params)
    return sorted(found, key=lambda one: str(one.get("start", "")))


async def booked_for(client: FhirClient, systems: Systems, visit: Visit, patient: str) -> Json | None:
    """The booked appointment that this arrival keeps: the one picked up, else the day's first for the examination."""
    if not visit.patient.proven:
        return None  # whoever only typed a number does not use up somebody's appointment
    if visit.booking_id is not None:
        chosen = await client.read(f"Appointment/{visit.booking_id}")
        return chosen if chosen is not None and chosen["status"] == "booked" and _is_for(chosen, patient) else None
    for one in await booked(client, patient, visit.day):
        if service_of(one, systems)[0] == visit.service_code:
            return one
    return None


async def arrive(client: FhirClient, systems: Systems, encounter: Json, key: str) -> None:
    """The appointments of an encounter: booked becomes arrived, marked as this check-in's."""
    for one in await _of(client, encounter):
        if one["status"] == "booked":
            mark = {"system": systems.check_in, "value": key}
            rows = [*cast("list[Json]", one.get("identifier") or []), mark]
            await client.update(one | {"status": "arrived", "identifier": rows})


async def release(client: FhirClient, systems: Systems, encounter: Json, key: str) -> None:
    """What this check-in had marked as arrived is booked again."""
    for one in await _of(client, encounter):
        if one["status"] == "arrived" and key in identifiers(one, systems.check_in):
            rows = [
                row for row in one["identifier"] if (row.get("system"), row.get("value")) != (systems.check_in, key)
            ]
            changed = {name: value for name, value in one.items() if name != "identifier"} | {"status": "booked"}
            await client.update(changed | ({"identifier": rows} if rows else {}))


def service_of(resource: Json, systems: Systems) -> tuple[str, str]:
    """Code and name of the examination a resource is about (serviceType)."""
    for concept in cast("list[Json]", resource.get("serviceType") or []):
        for coding in cast("list[Json]", concept.get("coding") or []):
            if coding.get("system") == systems.service:
                name = str(concept.get("text") or coding.get("display") or coding["code"])
                return str(coding["code"]), name
    return "", ""


def booking(resource: Json, systems: Systems) -> Booking:
    """An appointment as the rest of the gateway sees it."""
    code, name = service_of(resource, systems)
    end = resource.get("end")
    start = datetime.fromisoformat(str(resource["start"]))
    return Booking(str(resource["id"]), code, name, start, None if end is None else datetime.fromisoformat(str(end)))


def _is_for(appointment: Json, patient: str) -> bool:
    people = cast("list[Json]", appointment.get("participant") or [])
    return any(cast(Json, one.get("actor") or {}).get("reference") == patient for one in people)


async def _of(client: FhirClient, encounter: Json) -> list[Json]:
    rows = cast("list[Json]", encounter.get("appointment") or [])
    found = [await client.read(str(row["reference"])) for row in rows if row.get("reference")]
    return [one for one in found if one is not None]
