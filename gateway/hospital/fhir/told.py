"""Making a FHIR server hold a visit as it is now: search before create, conditional create, versioned update.

Every step may be repeated after any other was carried out or lost: what is there is found by the check-in's key. The
Encounter comes first, so that whatever exists can be undone from it.
"""

from __future__ import annotations

from typing import Any, cast

from gateway.hospital.failures import HospitalFault, HospitalRefused
from gateway.hospital.fhir import insurance, people, places, visits
from gateway.hospital.fhir.appointments import arrive, booked_for, release
from gateway.hospital.fhir.client import FhirClient, Json
from gateway.hospital.fhir.systems import Systems, identifiers, token
from gateway.hospital.system import CoverFacts, Outcome, PersonFacts, Place, Told, Visit

_BEGUN = {"in-progress", "onleave", "finished"}
_UNDONE = {"cancelled", "entered-in-error"}
_OURS = ("status", "businessStatus", "description", "restriction")
"""What of a queue ticket follows the gateway; everything else of it is the hospital's."""


def reference(resource: Json) -> str:
    """`Type/id`."""
    return f"{resource['resourceType']}/{resource['id']}"


class Teller:
    """Tells visits to one server."""

    def __init__(self, client: FhirClient, systems: Systems) -> None:
        self._client = client
        self._systems = systems

    async def arrived(self, visit: Visit) -> Told:
        """Everything of a visit that lives."""
        patient = await self._patient(visit.patient)
        subject = {"reference": reference(patient)}
        if visit.guardian is not None:
            await self._once(people.related(visit.guardian, reference(patient), self._systems), "related")
        encounter = await self._encounter(visit, patient)
        if encounter["status"] in _UNDONE:
            # Somebody at the hospital undid it: theirs is the last word.
            return Told(Outcome.CANCELLED, str(patient["id"]), self._visit_id(encounter))
        held = await self._time(visit, encounter, reference(patient))
        if visit.cover is not None:
            await self._insurance(visit, patient)
        place = reference(encounter)
        order = await self._once(visits.order(visit, subject, place, self._systems), "check_in")
        await self._ticket(visit, visits.ticket(visit, subject, place, reference(order), self._systems))
        if visit.bill is not None:
            await self._invoice(visits.invoice(visit, visit.bill, subject, self._systems))
        differs = people.differing(patient, visit.patient) if visit.patient.proven else ()
        return Told(Outcome.ARRIVED, str(patient["id"]), self._visit_id(encounter), differs=differs, place=held)

    async def cancelled(self, visit: Visit, again: bool) -> Told:
        """Undo what exists. What may still be under way is made here as cancelled, so that it finds itself done."""
        encounter = await self._of("Encounter", visit)
        if encounter is None:
            if not again:
                return Told(Outcome.CANCELLED, "", "")
            encounter = await self._once(visits.encounter(visit, None, None, self._systems), "check_in")
        if encounter["status"] in _BEGUN:
            return Told(Outcome.KEPT, "", self._visit_id(encounter))
        subject = cast(Json, encounter.get("subject") or {"identifier": self._claimed(visit)})
        # The bill first: whoever takes money for it meanwhile changes its version, and this stops here.
        invoice = await self._of("Invoice", visit)
        if invoice is not None and invoice["status"] == "balanced":
            return Told(Outcome.KEPT, "", self._visit_id(encounter))
        if invoice is None and again and visit.bill is not None:
            await self._once(visits.invoice(visit, visit.bill, None, self._systems), "check_in")
        elif invoice is not None:
            await self._with(invoice, {"status": "cancelled"})
        await self._with(encounter, {"status": "cancelled"})
        place = reference(encounter)
        order = await self._of("ServiceRequest", visit)
        if order is None and again:
            order = await self._once(visits.order(visit, subject, place, self._systems), "check_in")
        elif order is not None:
            await self._with(order, {"status": "revoked"})
        if order is not None:
            ticket = visits.ticket(visit, subject, place, reference(order), self._systems)
            await self._ticket(visit, ticket, make=again)
        await release(self._client, self._systems, encounter, visit.id)
        await places.give_back(self._client, self._systems, visit)
        return Told(Outcome.CANCELLED, "", self._visit_id(encounter))

    async def find(self, person: PersonFacts) -> Json | None:
        """The Patient of a proven number, or one that agrees with everything somebody told."""
        if person.paper is not None:
            found = await self._patients(*people.number_of(person.paper, self._systems))
            if len(found) > 1 and person.proven:
                raise HospitalRefused(HospitalFault.AMBIGUOUS, "several patients have this number")
            if len(found) == 1 and (person.proven or people.agrees(found[0], person)):
                return found[0]
        system, value = people.identity(person, self._systems)
        known = await self._patients(system, value) if not person.proven else []
        return known[0] if known else None

    async def _patient(self, person: PersonFacts) -> Json:
        known = await self.find(person)
        if known is not None:
            return known
        if person.proven and person.paper is not None:
            told = await self._patients(self._systems.claimed_number, person.paper[1])
            same = next((one for one in told if people.agrees(one, person)), None)
            if same is not None:
                return await self._proven_now(same, person)
        system, value = people.identity(person, self._systems)
        resource = people.patient(person, self._systems)
        return await self._client.create(resource, f"identifier={token(system, value)}")

    async def _proven_now(self, resource: Json, person: PersonFacts) -> Json:
        """Somebody who had only told a number has now shown the chip: the same patient gets the number."""
        rows = [row for row in resource["identifier"] if row.get("system") != self._systems.claimed_number]
        system, value = people.identity(person, self._systems)
        rows.append({"system": system, "value": value})
        return await self._client.update(resource | {"identifier": rows})

    async def _patients(self, system: str, value: str) -> list[Json]:
        """Patients in use under an identifier; a record that was merged into another leads to that one."""
        found = await self._client.search("Patient", [("identifier", token(system, value))])
        living: dict[str, Json] = {}
        for one in found:
            links = cast("list[Json]", one.get("link") or [])
            heir = next((link["other"].get("reference") for link in links if link.get("type") == "replaced-by"), None)
            merged = None if heir is None else await self._client.read(str(heir))
            resource = merged or one
            if resource.get("active", True):
                living[str(resource["id"])] = resource
        return list(living.values())

    async def _encounter(self, visit: Visit, patient: Json) -> Json:
        encounter = await self._of("Encounter", visit)
        if encounter is None:
            booking = await booked_for(self._client, self._systems, visit, reference(patient))
            appointment = None if booking is None else reference(booking)
            new = visits.encounter(visit, reference(patient), appointment, self._systems)
            encounter = await self._once(new, "check_in")
        await arrive(self._client, self._systems, encounter, visit.id)
        return encounter

    async def _time(self, visit: Visit, encounter: Json, patient: str) -> Place:
        """Take the place of the number's time, where there is one."""
        if visit.ticket.slot_start is None:
            return Place.NONE
        appointment = await places.take(self._client, self._systems, visit, patient)
        if appointment is None:
            return Place.LOST if await places.full(self._client, self._systems, visit) else Place.NONE
        known = cast("list[Json]", encounter.get("appointment") or [])
        mine = {"reference": reference(appointment)}
        if mine not in known:
            await self._with(encounter, {"appointment": [*known, mine]})
        return Place.HELD

    async def _insurance(self, visit: Visit, patient: Json) -> None:
        cover = visit.cover
        if cover is None:
            return
        own = reference(patient)
        coverage = None if cover.card_number is None else await self._card(cover, cover.card_number, own)
        if coverage is None and cover.card_number is not None:
            return  # the hospital holds this card for another patient: a person there decides
        asked = await self._once(insurance.request(cover, own, coverage, self._systems), "look_up")
        answer = insurance.response(cover, own, coverage, reference(asked), self._systems)
        await self._once(answer, "look_up")

    async def _card(self, cover: CoverFacts, number: str, patient: str) -> str | None:
        """The Coverage of the card, as it is now; None when it is another patient's."""
        card = await self._once(insurance.coverage(cover, number, patient, self._systems), "bhyt")
        if card["beneficiary"].get("reference") != patient:
            return None
        if days := insurance.period(cover):
            card = await self._with(card, {"period": days})
        return reference(card)

    async def _ticket(self, visit: Visit, wanted: Json, *, make: bool = True) -> None:
        task = await self._of("Task", visit)
        if task is None:
            if not make:
                return
            task = await self._once(wanted, "check_in")
        own = {self._systems.check_in, self._systems.ticket}
        theirs = [row for row in task["identifier"] if row.get("system") not in own]
        fields = {name: wanted[name] for name in _OURS if name in wanted}
        own_input = visits.with_inputs(cast("list[Json]", task.get("input") or []), wanted["input"])
        await self._with(task, fields | {"input": own_input, "identifier": [*wanted["identifier"], *theirs]})

    async def _invoice(self, wanted: Json) -> None:
        invoice = await self._once(wanted, "check_in")
        if invoice["status"] != "balanced":
            await self._with(invoice, {"status": wanted["status"]})

    async def _of(self, kind: str, visit: Visit) -> Json | None:
        """The one resource of a kind that was made for a visit."""
        found = await self._client.search(kind, [("identifier", token(self._systems.check_in, visit.id))])
        if len(found) > 1:
            raise HospitalRefused(HospitalFault.AMBIGUOUS, f"several {kind} of one check-in")
        return found[0] if found else None

    async def _once(self, resource: Json, system: str) -> Json:
        """Create it unless one with its key (the first value under `system`) is there."""
        name: str = getattr(self._systems, system)
        value = identifiers(resource, name)[0]
        return await self._client.create(resource, f"identifier={token(name, value)}")

    async def _with(self, resource: Json, fields: Json) -> Json:
        """Write fields that are not so yet; everything else stays the hospital's."""
        if all(resource.get(name) == value for name, value in fields.items()):
            return resource
        return await self._client.update(resource | fields)

    def _claimed(self, visit: Visit) -> dict[str, Any]:
        return {"system": self._systems.claimed, "value": visit.patient.key}

    def _visit_id(self, encounter: Json) -> str:
        """MA_LK where the hospital gave one, else the encounter's id."""
        known = identifiers(encounter, self._systems.ma_lk)
        return known[0] if known else str(encounter["id"])
