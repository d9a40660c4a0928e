"""The server: read, search, create (conditional too) and update of HL7 FHIR R4B, on plain FastAPI."""

from __future__ import annotations

import asyncio
import json
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import FastAPI, Request
from fastapi.responses import Response

from simulators.hospital_fhir.billing import refuse_payment, take_payment
from simulators.hospital_fhir.checking import Invalid, check
from simulators.hospital_fhir.search import KINDS, UnknownParameter, parameters, search
from simulators.hospital_fhir.store import Json, Store, VersionConflict

BASE = "/fhir"
MEDIA = "application/fhir+json"
MA_LK = "http://fhir.hl7.org.vn/core/sid/ma-lk"
MA_BN = "urn:hoa-giang:ma-bn"


@dataclass
class Manners:
    """What servers do differently, to be played."""

    page: int = 20
    hasty: bool = False
    """A conditional create looks and writes in two steps, as some servers do: two at once may both find nothing."""
    bare: bool = False
    """Creates are answered by a Location alone, whatever was preferred."""
    invoices: bool = True
    """E-invoices are issued with the payment, else when `issue` says so."""


def create(store: Store, token: str, manners: Manners | None = None) -> FastAPI:
    """The server of one store. Without the bearer token nobody gets anything but /metadata."""
    app = FastAPI(title="FHIR stand-in", docs_url=None, redoc_url=None, openapi_url=None)
    ways = manners or Manners()

    @app.middleware("http")
    async def known(request: Request, go: Any) -> Response:
        if request.url.path != f"{BASE}/metadata" and not secrets.compare_digest(
            request.headers.get("authorization", "").encode(), f"Bearer {token}".encode()
        ):
            return _outcome(401, "login", "", "a token is needed")
        return await go(request)

    @app.get(BASE + "/metadata")
    async def metadata() -> Response:
        return _answer(200, _capabilities())

    @app.get(BASE + "/{kind}")
    async def find(kind: str, request: Request) -> Response:
        if kind not in KINDS:
            return _outcome(404, "not-supported", "", kind)
        params = parse_qsl(request.url.query)
        try:
            found = search(store, kind, params)
        except (UnknownParameter, ValueError) as error:
            return _outcome(400, "not-supported", "", str(error))
        return _answer(200, _page(kind, params, found, ways.page))

    @app.get(BASE + "/{kind}/{id}")
    async def read(kind: str, id: str) -> Response:
        resource = store.read(kind, id) if kind in KINDS else None
        return _outcome(404, "not-found", "", f"{kind}/{id}") if resource is None else _resource(200, resource)

    @app.post(BASE + "/{kind}")
    async def make(kind: str, request: Request) -> Response:
        if kind not in KINDS:
            return _outcome(404, "not-supported", "", kind)
        try:
            resource: Json = json.loads(await request.body())
            check(store, kind, resource)
            condition = request.headers.get("if-none-exist")
            if condition is not None:
                known = search(store, kind, parse_qsl(condition.partition("?")[2] or condition))
                if ways.hasty:
                    await asyncio.sleep(0.05)
                if len(known) > 1:
                    return _outcome(412, "multiple-matches", "", "several match")
                if known:
                    return _resource(200, known[0])
            if kind == "PaymentNotice":
                refuse_payment(store, resource)
        except (Invalid, UnknownParameter, ValueError) as error:
            return _refused(error)
        made = _resource(201, store.create(_numbered(store, resource)))
        if kind == "PaymentNotice":
            take_payment(store, resource, issue_invoice=ways.invoices)
        return Response(None, 201, {"Location": made.headers["location"]}) if ways.bare else made

    @app.put(BASE + "/{kind}/{id}")
    async def change(kind: str, id: str, request: Request) -> Response:
        guard = request.headers.get("if-match")
        try:
            resource: Json = json.loads(await request.body())
            if resource.get("id") != id:
                raise Invalid("invalid", "id", "not the id of the address")
            check(store, kind, resource)
            expected = None if guard is None else int(guard.removeprefix("W/").strip('"'))
            changed = store.update(resource, expected)
        except VersionConflict:
            return _outcome(412, "conflict", "", "somebody else wrote a newer version")
        except (Invalid, ValueError) as error:
            return _refused(error)
        return _outcome(404, "not-found", "", f"{kind}/{id}") if changed is None else _resource(200, changed)

    return app


def _numbered(store: Store, resource: Json) -> Json:
    """The hospital's own numbers: a patient's code, a visit's MA_LK."""
    kind = resource["resourceType"]
    system = {"Patient": MA_BN, "Encounter": MA_LK}.get(kind)
    if system is None:
        return resource
    number = f"{'BN' if kind == 'Patient' else 'LK'}{store.count(kind) + 1:08}"
    return {**resource, "identifier": [*resource.get("identifier", []), {"system": system, "value": number}]}


def _page(kind: str, params: list[tuple[str, str]], found: list[Json], size: int) -> Json:
    asked = dict(params)
    start, count = int(asked.get("_offset", "0")), min(int(asked.get("_count", size)), size)
    shown = found[start : start + count]
    bundle: Json = {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(found),
        "entry": [{"resource": one, "search": {"mode": "match"}} for one in shown],
    }
    if start + count < len(found):
        further = [(name, value) for name, value in params if name != "_offset"] + [("_offset", str(start + count))]
        bundle["link"] = [{"relation": "next", "url": f"{kind}?{urlencode(further)}"}]
    return bundle


def _capabilities() -> Json:
    resources = [
        {
            "type": kind,
            "interaction": [{"code": code} for code in ("read", "search-type", "create", "update")],
            "versioning": "versioned-update",
            "conditionalCreate": True,
            "searchParam": [{"name": name, "type": "string"} for name in parameters(kind)],
        }
        for kind in KINDS
    ]
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": "2026-11-21",
        "kind": "instance",
        "implementation": {"description": "Stand-in of an invented hospital"},
        "fhirVersion": "4.3.0",
        "format": ["json"],
        "rest": [{"mode": "server", "resource": resources}],
    }


def _resource(status: int, resource: Json) -> Response:
    kind, id, version = resource["resourceType"], resource["id"], resource["meta"]["versionId"]
    headers = {"ETag": f'W/"{version}"', "Location": f"{BASE}/{kind}/{id}/_history/{version}"}
    return _answer(status, resource, headers)


def _refused(error: Exception) -> Response:
    if isinstance(error, Invalid):
        return _outcome(422, error.code, error.place, str(error))
    return _outcome(400, "invalid", "", str(error))


def _outcome(status: int, code: str, place: str, text: str) -> Response:
    issue: Json = {"severity": "error", "code": code, "diagnostics": text}
    if place:
        issue["expression"] = [place]
    return _answer(status, {"resourceType": "OperationOutcome", "issue": [issue]})


def _answer(status: int, body: Json, headers: dict[str, str] | None = None) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status, headers, media_type=MEDIA)
