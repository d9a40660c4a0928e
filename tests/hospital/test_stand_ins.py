"""The stand-ins keep to their interfaces, so that a conformant system can take their place."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from typing import Any

import httpx
import pytest

HEADERS = {"Authorization": "Bearer a hospital secret"}
KEY = {"system": "urn:tram:sid:check-in", "value": "k1"}
ENCOUNTER: dict[str, Any] = {
    "resourceType": "Encounter",
    "status": "arrived",
    "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
    "identifier": [KEY],
}


def call(site: Any, method: str, path: str, body: Any = None, headers: dict[str, str] = HEADERS) -> httpx.Response:
    async def send() -> httpx.Response:
        async with httpx.AsyncClient(transport=site.line, base_url="http://hospital") as client:
            return await client.request(method, path, json=body, headers=headers)

    return asyncio.run(send())


def test_without_the_token_only_the_capabilities_are_told(fhir: Any) -> None:
    assert call(fhir, "GET", "/fhir/Patient", headers={}).status_code == 401
    told = call(fhir, "GET", "/fhir/metadata", headers={}).json()
    assert (told["resourceType"], told["fhirVersion"]) == ("CapabilityStatement", "4.3.0")
    kinds = {row["type"] for row in told["rest"][0]["resource"]}
    assert {"Patient", "Encounter", "Task", "Invoice", "Slot", "CoverageEligibilityResponse"} <= kinds


def test_a_conditional_create_makes_finds_or_refuses(fhir: Any) -> None:
    condition = HEADERS | {"If-None-Exist": "identifier=urn:tram:sid:check-in|k1"}
    answers = [call(fhir, "POST", "/fhir/Encounter", ENCOUNTER, condition) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert call(fhir, "POST", "/fhir/Encounter", ENCOUNTER).status_code == 201
    assert call(fhir, "POST", "/fhir/Encounter", ENCOUNTER, condition).status_code == 412


def test_an_update_over_an_older_version_is_refused(fhir: Any) -> None:
    made = call(fhir, "POST", "/fhir/Encounter", ENCOUNTER)
    body = made.json() | {"status": "cancelled"}
    path, guard = f"/fhir/Encounter/{body['id']}", HEADERS | {"If-Match": made.headers["ETag"]}
    assert call(fhir, "PUT", path, body, guard).status_code == 200
    assert call(fhir, "PUT", path, body, guard).status_code == 412


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "queued", "class": None},
        {"subject": {"reference": "Patient/99"}},
        {"period": {"start": "yesterday"}},
        {"number": "B07"},
    ],
    ids=["no class", "a reference that leads nowhere", "no instant", "no such element"],
)
def test_what_is_no_resource_is_refused(fhir: Any, wrong: dict[str, Any]) -> None:
    answer = call(fhir, "POST", "/fhir/Encounter", {k: v for k, v in (ENCOUNTER | wrong).items() if v is not None})
    assert answer.status_code == 422
    assert answer.json()["resourceType"] == "OperationOutcome"


def test_a_search_parameter_that_is_not_known_is_refused(fhir: Any) -> None:
    assert call(fhir, "GET", "/fhir/Patient?favourite=yes").status_code == 400


def signed(stamp: int, *values: str, secret: str = "a hospital secret") -> dict[str, str]:  # noqa: S107 - invented
    text = "|".join(["tram", str(stamp), *values])
    signature = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    return {"x-merchant-id": "tram", "x-timestamp": str(stamp), "x-sign": signature}


def test_the_profile_hears_only_signed_calls_of_now(rest: Any) -> None:
    now = round(rest.clock.now().timestamp() * 1000)
    path = "/benhnhan?SO_GTTT=099190000777&LOAI_GTTT=1"
    good = signed(now, "099190000777", "1", "")
    assert call(rest, "GET", path, headers=good).json()["code"] == "404"
    bad = [
        signed(now, "099190000778", "1", ""),
        signed(now, "099190000777", "1", "", secret="another"),
        signed(now - 600_000, "099190000777", "1", ""),
        {},
    ]
    assert [call(rest, "GET", path, headers=headers).status_code for headers in bad] == [401] * 4
