"""A person as the gateway is told: fields that are known, the evidence to check again, never a picture."""

from __future__ import annotations

from base64 import b64encode

from services.contract import models as wire
from services.identity.citizen import ChipEvidence, Citizen
from services.journeys.prompts import Relation


def person_of(citizen: Citizen) -> wire.Person:
    """One person's wire form."""
    evidence = citizen.evidence
    return wire.Person(
        number=citizen.number,
        name=citizen.name,
        birth=None if citizen.birth is None else str(citizen.birth),
        sex=None if citizen.sex is None else citizen.sex.value,
        address=citizen.address,
        insurance_number=citizen.insurance_number,
        document=citizen.document,
        finger=citizen.finger,
        paper=wire.Paper(citizen.paper.value),
        level=wire.EvidenceLevel(evidence.level.value),
        reason=evidence.reason,
        failure_code=evidence.failure_code,
        evidence=None if evidence.chip is None else _chip(evidence.chip),
    )


def companion_of(citizen: Citizen | None, relation: Relation | None) -> wire.Companion | None:
    """Who acts for the patient, with or without a card; None when the patient acts."""
    if relation is None:
        return None
    person = None if citizen is None else person_of(citizen)
    return wire.Companion(person=person, relation=wire.Relation(relation.value))


def _chip(chip: ChipEvidence) -> wire.ChipEvidence:
    """Bytes as base64. A nonce that the gateway issued goes by its id alone."""
    own_nonce = chip.aa_nonce if chip.aa_nonce_id is None else None
    return wire.ChipEvidence(
        sod=b64encode(chip.sod).decode(),
        groups={str(number): b64encode(data).decode() for number, data in chip.groups.items()},
        aa_nonce_id=chip.aa_nonce_id,
        aa_nonce=None if own_nonce is None else own_nonce.hex().upper(),
        aa_response=None if chip.aa_response is None else b64encode(chip.aa_response).decode(),
    )
