"""Coverage, CoverageEligibilityRequest and -Response: the card, what was asked, and what the insurer answered."""

from __future__ import annotations

from typing import Any

from gateway.clock import PLACE
from gateway.hospital.fhir.systems import Systems
from gateway.hospital.fhir.visits import moment
from gateway.hospital.system import CoverFacts

Json = dict[str, Any]

INSURER: Json = {"display": "Bảo hiểm xã hội Việt Nam"}
_NUMBER = "http://terminology.hl7.org/CodeSystem/coverage-class"


def coverage(cover: CoverFacts, patient: str, systems: Systems) -> Json:
    """The card."""
    resource: Json = {
        "resourceType": "Coverage",
        "identifier": [{"system": systems.bhyt, "value": cover.card_number}],
        "status": "active",
        "subscriberId": cover.card_number,
        "beneficiary": {"reference": patient},
        "payor": [INSURER],
    }
    if valid := period(cover):
        resource["period"] = valid
    if cover.registered_at:
        resource["class"] = [
            {
                "type": {"coding": [{"system": _NUMBER, "code": "plan"}], "text": "MA_DKBD"},
                "value": cover.registered_at,
            }
        ]
    return resource


def period(cover: CoverFacts) -> Json:
    """From and to, as far as the card says."""
    days = {"start": cover.valid_from, "end": cover.valid_to}
    return {name: day.isoformat() for name, day in days.items() if day is not None}


def request(cover: CoverFacts, patient: str, coverage: str, systems: Systems) -> Json:
    """What the gateway asked the insurer at the check-in."""
    return {
        "resourceType": "CoverageEligibilityRequest",
        "identifier": [{"system": systems.look_up, "value": cover.id}],
        "status": "active",
        "purpose": ["validation", "benefits"],
        "patient": {"reference": patient},
        "servicedDate": cover.asked_at.astimezone(PLACE).date().isoformat(),
        "created": moment(cover.asked_at),
        "insurer": INSURER,
        "insurance": [{"focal": True, "coverage": {"reference": coverage}}],
    }


def response(cover: CoverFacts, patient: str, coverage: str, request: str, systems: Systems) -> Json:
    """What it answered, with the gateway's judgement: in force, percent of the benefit, percent by the route."""
    insurance: Json = {"coverage": {"reference": coverage}, "inforce": cover.inforce}
    if days := period(cover):
        insurance["benefitPeriod"] = days
    benefits = [
        {"type": {"text": name}, "allowedUnsignedInt": percent}
        for name, percent in (("benefit-percent", cover.benefit_percent), ("route-percent", cover.route_percent))
        if percent is not None
    ]
    if benefits:
        insurance["item"] = [{"category": {"text": cover.route_code or "KCB"}, "benefit": benefits}]
    code = {"coding": [{"system": systems.answers, "code": cover.result_code}], "text": "maKetQua"}
    resource: Json = {
        "resourceType": "CoverageEligibilityResponse",
        "identifier": [{"system": systems.look_up, "value": cover.id}],
        "status": "active",
        "purpose": ["validation", "benefits"],
        "patient": {"reference": patient},
        "servicedDate": cover.asked_at.astimezone(PLACE).date().isoformat(),
        "created": moment(cover.asked_at),
        "request": {"reference": request},
        "outcome": "complete",
        "disposition": f"maKetQua {cover.result_code}",
        "insurer": INSURER,
        "insurance": [insurance],
    }
    if not cover.inforce:
        resource["error"] = [{"code": code}]
    return resource
