"""Search parameters of FHIR R4B, as far as this server has them; any other is refused, never ignored."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

from simulators.hospital_fhir.store import Json, Store

Match = Callable[[Json, str], bool]
_PLACE = timezone(timedelta(hours=7))
_ORDER = {"eq": (0,), "ge": (0, 1), "gt": (1,), "le": (0, -1), "lt": (-1,)}


class UnknownParameter(ValueError):
    """The server has no such search parameter for this kind of resource."""


def search(store: Store, kind: str, params: Iterable[tuple[str, str]]) -> list[Json]:
    """Resources that match every parameter. Raises UnknownParameter."""
    wanted = [(name, value) for name, value in params if not name.startswith("_") or name == "_id"]
    matches = [(_match(kind, name), value) for name, value in wanted if name != "identifier"]
    named = [value for name, value in wanted if name == "identifier"]
    found = list(_identified(store, kind, named[0])) if named else list(store.all(kind))
    for value in named[1:]:
        ids = {one["id"] for one in _identified(store, kind, value)}
        found = [one for one in found if one["id"] in ids]
    return [one for one in found if all(match(one, value) for match, value in matches)]


def _identified(store: Store, kind: str, value: str) -> Iterator[Json]:
    seen: set[str] = set()
    for alternative in _split(value, ","):
        parts = [_plain(part) for part in _split(alternative, "|")]
        system, number = (parts[0], parts[1]) if len(parts) == 2 else (None, parts[0])
        for one in store.with_identifier(kind, system, number):
            if one["id"] not in seen:
                seen.add(one["id"])
                yield one


def _match(kind: str, name: str) -> Match:
    matches = _COMMON | _OF_KIND.get(kind, {})
    if name not in matches:
        raise UnknownParameter(f"{kind}: {name}")
    return matches[name]


def _id(resource: Json, value: str) -> bool:
    return resource["id"] in value.split(",")


def _token(*path: str) -> Match:
    def match(resource: Json, value: str) -> bool:
        return any(_code(one) in value.split(",") for one in _walk(resource, path))

    return match


def _code(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def _reference(kind: str, *path: str) -> Match:
    def match(resource: Json, value: str) -> bool:
        wanted = {one if "/" in one else f"{kind}/{one}" for one in value.split(",")}
        return any(one in wanted for one in _walk(resource, (*path, "reference")))

    return match


def _moment(*path: str) -> Match:
    def match(resource: Json, value: str) -> bool:
        prefix, text = (value[:2], value[2:]) if re.match("[a-z]{2}", value) else ("eq", value)
        asked = _instant(text)
        known = [_instant(str(one)) for one in _walk(resource, path)]
        return any((one > asked) - (one < asked) in _ORDER[prefix] for one in known)

    return match


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=_PLACE)


def _walk(value: Any, path: tuple[str, ...]) -> Iterator[Any]:
    if isinstance(value, list):
        for one in value:  # pyright: ignore[reportUnknownVariableType] - JSON
            yield from _walk(one, path)
    elif not path:
        yield value
    elif isinstance(value, dict) and path[0] in value:
        yield from _walk(value[path[0]], path[1:])


def _split(text: str, sign: str) -> list[str]:
    """Split where the sign is not escaped (FHIR R4B search.html §3.1.1.4.1)."""
    return re.split(rf"(?<!\\){re.escape(sign)}", text)


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


_COMMON: dict[str, Match] = {"_id": _id}
_BY_PATIENT = {"patient": _reference("Patient", "subject"), "subject": _reference("Patient", "subject")}
_OF_KIND: dict[str, dict[str, Match]] = {
    "Patient": {"active": _token("active"), "birthdate": _token("birthDate")},
    "RelatedPerson": {"patient": _reference("Patient", "patient")},
    "Coverage": {"beneficiary": _reference("Patient", "beneficiary"), "status": _token("status")},
    "CoverageEligibilityRequest": {"patient": _reference("Patient", "patient")},
    "CoverageEligibilityResponse": {"patient": _reference("Patient", "patient")},
    "Appointment": {
        "patient": _reference("Patient", "participant", "actor"),
        "status": _token("status"),
        "date": _moment("start"),
    },
    "Encounter": {**_BY_PATIENT, "status": _token("status")},
    "ServiceRequest": {**_BY_PATIENT, "encounter": _reference("Encounter", "encounter"), "status": _token("status")},
    "Task": {
        "patient": _reference("Patient", "for"),
        "encounter": _reference("Encounter", "encounter"),
        "status": _token("status"),
    },
    "PaymentNotice": {"status": _token("status"), "request": _reference("Invoice", "request")},
    "Invoice": {**_BY_PATIENT, "status": _token("status")},
    "HealthcareService": {
        "active": _token("active"),
        "organization": _reference("Organization", "providedBy"),
    },
    "Organization": {"active": _token("active"), "type": _token("type", "coding", "code")},
    "ChargeItemDefinition": {"status": _token("status")},
    "Schedule": {"actor": _reference("HealthcareService", "actor"), "active": _token("active")},
    "Slot": {
        "schedule": _reference("Schedule", "schedule"),
        "status": _token("status"),
        "start": _moment("start"),
    },
}
KINDS = tuple(_OF_KIND)
"""The resources this server has."""


def parameters(kind: str) -> list[str]:
    """Names of the search parameters of a kind."""
    return sorted({"identifier", *_COMMON, *_OF_KIND[kind]})
