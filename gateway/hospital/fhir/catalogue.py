"""What can be registered for: HealthcareService, Organization, ChargeItemDefinition.

A service's price is the `base` component of its ChargeItemDefinition, what the fund counts an `informational` one, and
what an insured patient pays on top a `surcharge`.
"""

from __future__ import annotations

from datetime import datetime
from typing import cast

from gateway.clock import PLACE
from gateway.hospital.fhir.client import FhirClient, Json
from gateway.hospital.fhir.systems import Systems, identifiers, token
from gateway.hospital.system import Named, Service


async def exam_types(client: FhirClient) -> tuple[Named, ...]:
    """The categories of active services, each once."""
    found: dict[str, Named] = {}
    for service in await client.search("HealthcareService", [("active", "true")]):
        for code, name in _categories(service):
            found.setdefault(code, Named(code, name))
    return tuple(found.values())


async def departments(client: FhirClient) -> tuple[Named, ...]:
    """Organizations of the type `dept`."""
    found = await client.search("Organization", [("type", "dept"), ("active", "true")])
    return tuple(Named(str(one["id"]), str(one.get("name", ""))) for one in found)


async def services(client: FhirClient, systems: Systems, department: str, now: datetime) -> tuple[Service, ...]:
    """Active services of a department with their prices."""
    search = [("organization", f"Organization/{department}"), ("active", "true")]
    found = [(code, one) for one in await client.search("HealthcareService", search) for code in _code(one, systems)]
    if not found:
        return ()
    wanted = ",".join(token(systems.service, code) for code, _ in found)
    prices = {
        code: one
        for one in await client.search("ChargeItemDefinition", [("identifier", wanted)])
        for code in identifiers(one, systems.service)
    }
    return tuple(_service(code, one, department, prices.get(code, {}), now) for code, one in found)


def _service(code: str, resource: Json, department: str, price: Json, now: datetime) -> Service:
    amounts = _amounts(price)
    return Service(
        code=code,
        name=str(resource.get("name", code)),
        department=department,
        exam_types=tuple(code for code, _ in _categories(resource)),
        price=amounts.get("base", 0),
        insured_price=amounts.get("informational", 0),
        surcharge=amounts.get("surcharge", 0),
        available=not _closed(resource, now),
    )


def _amounts(definition: Json) -> dict[str, int]:
    """Whole đồng by the kind of price component."""
    found: dict[str, int] = {}
    for group in cast("list[Json]", definition.get("propertyGroup") or []):
        for part in cast("list[Json]", group.get("priceComponent") or []):
            amount = cast(Json, part.get("amount") or {})
            if amount.get("currency", "VND") == "VND" and "value" in amount:
                found[str(part["type"])] = round(float(amount["value"]))
    return found


def _closed(resource: Json, now: datetime) -> bool:
    """Whether the service says that it is not available at this moment."""
    for pause in cast("list[Json]", resource.get("notAvailable") or []):
        during = cast(Json, pause.get("during") or {})
        start, end = during.get("start"), during.get("end")
        begun = start is None or _instant(str(start)) <= now
        if during and begun and (end is None or now < _instant(str(end))):
            return True
    return False


def _instant(text: str) -> datetime:
    """A FHIR dateTime; one without a zone is meant at the place."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=PLACE)


def _code(resource: Json, systems: Systems) -> list[str]:
    return identifiers(resource, systems.service)[:1]


def _categories(resource: Json) -> list[tuple[str, str]]:
    codings = [
        (concept, coding)
        for concept in cast("list[Json]", resource.get("category") or [])
        for coding in cast("list[Json]", concept.get("coding") or [])
    ]
    return [
        (str(coding["code"]), str(coding.get("display") or concept.get("text") or coding["code"]))
        for concept, coding in codings
        if coding.get("code")
    ]
