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


def coverage(cover: CoverFacts, number: str, patient: str, systems: Systems) -> Json:
    """The card of that number."""
    resource: Json = {
        "resourceType": "Coverage",
        "identifier": [{"system": systems.bhyt, "value": number}],
        "status": "active",
        "subscriberId": number,
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


def request(cover: CoverFacts, patient: str, coverage: str | None, systems: Systems) -> Json:
    """What the gateway asked the insurer; without a `coverage` where the answer named no card of this person."""
    resource: Json = {
        "resourceType": "CoverageEligibilityRequest",
        "identifier": [{"system": systems.look_up, "value": cover.id}],
        "status": "active",
        "purpose": ["validation", "benefits"],
        "patient": {"reference": patient},
        "servicedDate": cover.asked_at.astimezone(PLACE).date().isoformat(),
        "created": moment(cover.asked_at),
        "insurer": INSURER,
    }
    if coverage is not None:
        resource["insurance"] = [{"focal": True, "coverage": {"reference": coverage}}]
    return resource


def response(cover: CoverFacts, patient: str, coverage: str | None, request: str, systems: Systems) -> Json:
    """What it answered, with the gateway's judgement: in force, percent of the benefit, percent by the route.

    Without a card there is nothing to be in force: the result code alone says why.
    """
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
    }
    if coverage is not None:
        resource["insurance"] = [_answered(cover, coverage)]
    if not cover.inforce:
        resource["error"] = [{"code": code}]
    return resource


def _answered(cover: CoverFacts, coverage: str) -> Json:
    insurance: Json = {"coverage": {"reference": coverage}}
    if cover.inforce is not None:
        insurance["inforce"] = cover.inforce
    if days := period(cover):
        insurance["benefitPeriod"] = days
    benefits = [
        {"type": {"text": name}, "allowedUnsignedInt": percent}
        for name, percent in (("benefit-percent", cover.benefit_percent), ("route-percent", cover.route_percent))
        if percent is not None
    ]
    if benefits:
        insurance["item"] = [{"category": {"text": cover.route_code or "KCB"}, "benefit": benefits}]
    return insurance
