"""The invented hospital's own data: departments, examinations with prices, times, and appointments on demand."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

from simulators.citizens import Citizen
from simulators.hospital.catalogue import Catalogue, Examination
from simulators.hospital_fhir.search import search
from simulators.hospital_fhir.store import Json, Store

PLACE = timezone(timedelta(hours=7))
SERVICE = "urn:tram:sid:service"
CCCD = "http://fhir.hl7.org.vn/core/sid/cccd"
_CATEGORY = "urn:hoa-giang:loai-kham"
_DEPARTMENT = "http://terminology.hl7.org/CodeSystem/organization-type"


def seed(store: Store, catalogue: Catalogue, day: date) -> None:
    """What can be registered for, with the times of `day`; does nothing in a store that has it."""
    if store.count("Organization"):
        return
    departments = {code: _department(store, code, name) for code, name in catalogue.departments.items()}
    for examination in catalogue.examinations:
        service = _service(store, catalogue, examination, departments[examination.department])
        _price(store, examination)
        _times(store, service, day)


def book(store: Store, citizen: Citizen, code: str, name: str, start: datetime) -> Json:
    """An appointment of somebody whom the hospital knows, or gets to know by it."""
    patient = patient_of(store, citizen)
    return store.create(
        {
            "resourceType": "Appointment",
            "status": "booked",
            "serviceType": [{"coding": [{"system": SERVICE, "code": code}], "text": name}],
            "start": start.isoformat(),
            "end": (start + timedelta(minutes=30)).isoformat(),
            "participant": [{"actor": {"reference": f"Patient/{patient['id']}"}, "status": "accepted"}],
        }
    )


def take(store: Store, code: str, start: datetime) -> None:
    """The hospital's own counter gives a place of a time to somebody. Raises ValueError when none is left."""
    actors = {f"HealthcareService/{one['id']}" for one in search(store, "HealthcareService", [("identifier", code)])}
    for slot in store.all("Slot"):
        schedule = store.read(*slot["schedule"]["reference"].split("/")) or {}
        mine = any(one["reference"] in actors for one in schedule.get("actor", []))
        if mine and slot["status"] == "free" and datetime.fromisoformat(slot["start"]) == start:
            store.update({**slot, "status": "busy"}, None)
            return
    raise ValueError("no place left")


def patient_of(store: Store, citizen: Citizen) -> Json:
    """The record of somebody, made when there is none."""
    known = search(store, "Patient", [("identifier", f"{CCCD}|{citizen.number}")])
    return known[0] if known else store.create(_patient(citizen))


def _patient(citizen: Citizen) -> Json:
    return {
        "resourceType": "Patient",
        "identifier": [{"system": CCCD, "value": citizen.number}],
        "active": True,
        "name": [{"use": "official", "text": citizen.name}],
        "gender": "male" if citizen.sex == "M" else "female",
        "birthDate": citizen.birth,
    }


def _department(store: Store, code: str, name: str) -> str:
    kind = {"coding": [{"system": _DEPARTMENT, "code": "dept"}]}
    made = store.create(
        {
            "resourceType": "Organization",
            "identifier": [{"system": "urn:hoa-giang:khoa", "value": code}],
            "active": True,
            "type": [kind],
            "name": name,
        }
    )
    return f"Organization/{made['id']}"


def _service(store: Store, catalogue: Catalogue, examination: Examination, department: str) -> str:
    types = [
        {"coding": [{"system": _CATEGORY, "code": code, "display": catalogue.exam_types[code]}]}
        for code in examination.exam_types
    ]
    made = store.create(
        {
            "resourceType": "HealthcareService",
            "identifier": [{"system": SERVICE, "value": examination.code}],
            "active": True,
            "providedBy": {"reference": department},
            "category": types,
            "name": examination.name,
        }
    )
    return f"HealthcareService/{made['id']}"


def _price(store: Store, examination: Examination) -> None:
    parts = {
        "base": examination.price,
        "informational": examination.insured_price,
        "surcharge": examination.surcharge,
    }
    components = [{"type": kind, "amount": {"value": amount, "currency": "VND"}} for kind, amount in parts.items()]
    store.create(
        {
            "resourceType": "ChargeItemDefinition",
            "url": f"urn:hoa-giang:gia:{examination.code}",
            "identifier": [{"system": SERVICE, "value": examination.code}],
            "status": "active",
            "propertyGroup": [{"priceComponent": components}],
        }
    )


def _times(store: Store, service: str, day: date) -> None:
    """Half hours of the morning and the afternoon, two places each; the first is taken."""
    schedule = store.create({"resourceType": "Schedule", "active": True, "actor": [{"reference": service}]})
    for hour, minute in ((7, 30), (8, 0), (8, 30), (13, 30), (14, 0)):
        start = datetime.combine(day, time(hour, minute), PLACE)
        for place in range(2):
            store.create(
                {
                    "resourceType": "Slot",
                    "schedule": {"reference": f"Schedule/{schedule['id']}"},
                    "status": "busy" if (hour, minute, place) == (7, 30, 0) else "free",
                    "start": start.isoformat(),
                    "end": (start + timedelta(minutes=30)).isoformat(),
                }
            )
