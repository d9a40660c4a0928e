"""Patient and RelatedPerson resources from what a kiosk knows, and back."""

from __future__ import annotations

from typing import Any, cast

from gateway.hospital.fhir.systems import Systems, identifiers
from gateway.hospital.matching import same_birth, same_name
from gateway.hospital.system import Guardian, Paper, PatientRecord, PersonFacts
from services.contract.models import Relation

Json = dict[str, Any]

_GENDERS = {"M": "male", "F": "female"}
_SEXES = {"male": "M", "female": "F"}
_RELATIONS = {
    Relation.FATHER: ("FTH", "father"),
    Relation.MOTHER: ("MTH", "mother"),
    Relation.GUARDIAN: ("GUARD", "guardian"),
    Relation.RELATIVE: ("FAMMEMB", "family member"),
}
_ROLE_CODE = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"


def patient(person: PersonFacts, systems: Systems) -> Json:
    """A new Patient. A number that nobody proved stands under a system of its own."""
    return {
        "resourceType": "Patient",
        "identifier": [{"system": system, "value": value} for system, value in _numbers(person, systems)],
        "active": True,
        **_facts(person),
    }


def identity(person: PersonFacts, systems: Systems) -> tuple[str, str]:
    """System and value by which the hospital holds this person once."""
    if person.proven and person.paper is not None:
        return number_of(person.paper, systems)
    return systems.claimed, person.key


def number_of(paper: tuple[Paper, str], systems: Systems) -> tuple[str, str]:
    """System and value of a number."""
    name: str = getattr(systems, paper[0].value)
    return name, paper[1]


def related(guardian: Guardian, patient_reference: str, systems: Systems) -> Json:
    """A new RelatedPerson: who acts for the patient, apart from the patient."""
    numbers = [{"system": systems.related, "value": guardian.key}]
    person = guardian.person
    if person is not None and person.paper is not None:
        system, value = number_of(person.paper, systems)
        numbers.append({"system": system if person.proven else systems.claimed_number, "value": value})
    resource: Json = {
        "resourceType": "RelatedPerson",
        "identifier": numbers,
        "active": True,
        "patient": {"reference": patient_reference},
        "relationship": [_relationship(guardian.relation)],
    }
    return resource if person is None else resource | _facts(person)


def agrees(resource: Json, person: PersonFacts) -> bool:
    """Whether name and birth of a record are those somebody told."""
    birth = str(resource.get("birthDate", ""))
    if not person.name or not person.birth or not same_birth(birth, person.birth):
        return False
    return any(same_name(name, person.name) for name in names(resource))


def differing(resource: Json, person: PersonFacts) -> tuple[str, ...]:
    """Which facts of a record are not those the chip says."""
    fields: list[str] = []
    if person.name and not any(same_name(name, person.name) for name in names(resource)):
        fields.append("name")
    birth = str(resource.get("birthDate", ""))
    if person.birth and birth and not same_birth(birth, person.birth):
        fields.append("birth")
    sex = _SEXES.get(str(resource.get("gender", "")))
    if sex is not None and person.sex in _GENDERS and sex != person.sex:
        fields.append("sex")
    return tuple(fields)


def names(resource: Json) -> list[str]:
    """A person's names in use, written whole."""
    rows = cast("list[Json]", resource.get("name") or [])
    written = [_whole(row) for row in rows if row.get("use") != "old"]
    return [name for name in written if name]


def record(resource: Json, systems: Systems) -> PatientRecord:
    """The record as the rest of the gateway sees it."""
    own = {value for name, value in systems.model_dump().items() if name != "claimed_number"}
    rows = cast("list[Json]", resource.get("identifier") or [])
    codes = [str(row["value"]) for row in rows if row.get("system") not in own and row.get("value")]
    insurance = identifiers(resource, systems.bhyt)
    return PatientRecord(
        id=str(resource["id"]),
        code=codes[0] if codes else str(resource["id"]),
        name=next(iter(names(resource)), ""),
        birth=str(resource.get("birthDate", "")),
        sex=_SEXES.get(str(resource.get("gender", "")), "<"),
        insurance_number=insurance[0] if insurance else None,
    )


def _numbers(person: PersonFacts, systems: Systems) -> list[tuple[str, str]]:
    found = [identity(person, systems)]
    if not person.proven and person.paper is not None:
        found.append((systems.claimed_number, person.paper[1]))
    return found


def _facts(person: PersonFacts) -> Json:
    resource: Json = {"gender": _GENDERS.get(person.sex or "", "unknown")}
    if person.name:
        family, _, given = person.name.partition(" ")
        name: Json = {"use": "official", "text": person.name, "family": family}
        if given:
            name["given"] = given.split()
        resource["name"] = [name]
    if person.birth:
        resource["birthDate"] = person.birth
    if person.address:
        resource["address"] = [{"use": "home", "text": person.address, "country": "VN"}]
    return resource


def _relationship(relation: Relation) -> Json:
    coding = _RELATIONS.get(relation)
    if coding is None:
        return {"text": relation.value}
    code, display = coding
    return {"coding": [{"system": _ROLE_CODE, "code": code, "display": display}], "text": relation.value}


def _whole(name: Json) -> str:
    """Vietnamese order: family name first."""
    text = name.get("text")
    if text:
        return str(text)
    return " ".join([str(name.get("family", "")), *map(str, name.get("given") or [])]).strip()
