"""Times of an examination: free places of its Schedules, and the place that a number with a time takes.

A place is taken by writing the Slot over the version that was read (`If-Match`): of two who want the last one, one
finds it busy. Slot and Appointment carry the check-in's key, so a repeat finds them and leaving gives them back.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import cast

from gateway.hospital.failures import HospitalFault, HospitalUnavailable
from gateway.hospital.fhir.appointments import day_range
from gateway.hospital.fhir.client import FhirClient, Json
from gateway.hospital.fhir.systems import Systems, identifiers, token
from gateway.hospital.fhir.visits import moment
from gateway.hospital.system import SlotTime, Visit


async def slots(client: FhirClient, systems: Systems, service: str, day: date) -> tuple[SlotTime, ...]:
    """A service's times with the places that are free, and those that numbers given here took; Slots of one time are
    places of one stretch."""
    found = await _slots(client, systems, service, day)
    ends = {(str(one["start"]), str(one["end"])): str(one["id"]) for one in reversed(found)}
    free = Counter((str(one["start"]), str(one["end"])) for one in found if one["status"] == "free")
    ours = Counter((str(one["start"]), str(one["end"])) for one in found if identifiers(one, systems.slot))
    times = [
        SlotTime(id, datetime.fromisoformat(time[0]), datetime.fromisoformat(time[1]), free[time], ours[time])
        for time, id in ends.items()
        if free[time] or ours[time]
    ]
    return tuple(sorted(times, key=lambda one: one.start))


async def take(client: FhirClient, systems: Systems, visit: Visit, patient: str) -> Json | None:
    """The Appointment of the number's time, its Slot busy; None without a time, and where the hospital has no place.

    Whether it has none left, or no such time at all, `full` tells.
    """
    known = await _appointment(client, systems, visit)
    if known is not None:
        return known
    held = await _marked(client, systems, visit)
    slot = held[0] if held else await _claimed(client, systems, visit)
    if slot is None:
        return None
    return await client.create(_arrived(visit, slot, patient, systems), _key(systems, visit))


async def full(client: FhirClient, systems: Systems, visit: Visit) -> bool:
    """Whether the hospital has that time, and somebody else took its last place."""
    return bool(await _at(client, systems, visit))


async def give_back(client: FhirClient, systems: Systems, visit: Visit) -> None:
    """The Appointment is cancelled, its Slot free again; what may still be under way finds itself done."""
    if visit.ticket.slot_start is None:
        return
    appointment = await _appointment(client, systems, visit)
    if appointment is None:
        # Whatever wants to take a place with a version it read before is too late from here on.
        for slot in await _at(client, systems, visit):
            if slot["status"] == "free":
                await client.update(_freed(await client.update(slot | _mark(slot, systems, visit)), systems))
        appointment = await client.create(_gone(visit, systems), _key(systems, visit))
    if appointment["status"] != "cancelled":
        await client.update(appointment | {"status": "cancelled"})
    for slot in await _marked(client, systems, visit):
        await client.update(_freed(slot, systems))


async def _claimed(client: FhirClient, systems: Systems, visit: Visit) -> Json | None:
    """The first free place of the time, made busy under the check-in's key."""
    for slot in await _at(client, systems, visit):
        if slot["status"] != "free":
            continue
        try:
            return await client.update(slot | _mark(slot, systems, visit))
        except HospitalUnavailable as error:
            if error.fault is not HospitalFault.CHANGED:
                raise
    return None


async def _at(client: FhirClient, systems: Systems, visit: Visit) -> list[Json]:
    """The Slots that begin with the number's time, free or busy."""
    start = visit.ticket.slot_start
    if start is None:
        return []
    found = await _slots(client, systems, visit.service_code, visit.day)
    return [one for one in found if datetime.fromisoformat(str(one["start"])) == start]


async def _slots(client: FhirClient, systems: Systems, service: str, day: date) -> list[Json]:
    known = await client.search("HealthcareService", [("identifier", token(systems.service, service))])
    schedules = [
        f"Schedule/{one['id']}"
        for actor in known
        for one in await client.search("Schedule", [("actor", f"HealthcareService/{actor['id']}")])
    ]
    if not schedules:
        return []
    params = [("schedule", ",".join(schedules)), ("status", "free,busy"), *day_range("start", day)]
    return await client.search("Slot", params)


async def _marked(client: FhirClient, systems: Systems, visit: Visit) -> list[Json]:
    return await client.search("Slot", [("identifier", token(systems.slot, visit.id))])


async def _appointment(client: FhirClient, systems: Systems, visit: Visit) -> Json | None:
    found = await client.search("Appointment", [("identifier", token(systems.slot, visit.id))])
    return found[0] if found else None


def _mark(slot: Json, systems: Systems, visit: Visit) -> Json:
    rows = cast("list[Json]", slot.get("identifier") or [])
    return {"status": "busy", "identifier": [*rows, {"system": systems.slot, "value": visit.id}]}


def _freed(slot: Json, systems: Systems) -> Json:
    rows = [row for row in slot["identifier"] if row.get("system") != systems.slot]
    bare = {name: value for name, value in slot.items() if name != "identifier"} | {"status": "free"}
    return bare | ({"identifier": rows} if rows else {})


def _key(systems: Systems, visit: Visit) -> str:
    return f"identifier={token(systems.slot, visit.id)}"


def _arrived(visit: Visit, slot: Json, patient: str, systems: Systems) -> Json:
    return _appointment_of(visit, systems) | {
        "status": "arrived",
        "start": slot["start"],
        "end": slot["end"],
        "slot": [{"reference": f"Slot/{slot['id']}"}],
        "participant": [{"actor": {"reference": patient}, "status": "accepted"}],
    }


def _gone(visit: Visit, systems: Systems) -> Json:
    """Under the key of a taking that may still be on its way."""
    nobody = {"type": [{"text": "patient"}], "status": "declined"}
    return _appointment_of(visit, systems) | {"status": "cancelled", "participant": [nobody]}


def _appointment_of(visit: Visit, systems: Systems) -> Json:
    coding = {"system": systems.service, "code": visit.service_code}
    return {
        "resourceType": "Appointment",
        "identifier": [{"system": systems.slot, "value": visit.id}],
        "serviceType": [{"coding": [coding], "text": visit.service_name}],
        "created": moment(visit.arrived_at),
    }
