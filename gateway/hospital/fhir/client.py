"""FHIR's RESTful interactions, as far as they are needed (HL7 FHIR R4B, http.html): read, search, conditional create,
update with a version.

Nothing is repeated here: whoever calls knows what a repeat means. Search texts hold people's numbers, so no address is
ever logged and errors carry none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast
from urllib.parse import urljoin, urlsplit

import httpx

from gateway.authorities import authorities
from gateway.hospital.failures import HospitalFault, HospitalRefused, HospitalUnavailable
from gateway.hospital.http import sent

Json = dict[str, Any]

MEDIA = "application/fhir+json"
PAGES = 20
"""More pages of one search are not read: the search was not selective."""


class FhirClient:
    """One FHIR server."""

    def __init__(
        self, url: str, token: str | None, timeout: float, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        headers = {"Accept": MEDIA, "Prefer": "return=representation"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        self._base = url.rstrip("/") + "/"
        self._http = httpx.AsyncClient(
            headers=headers, timeout=timeout, transport=transport, verify=authorities(), trust_env=False
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def read(self, reference: str) -> Json | None:
        """The resource behind `Type/id`; None when it is not there or not any more."""
        response = await self._send("GET", reference)
        if response.status_code in {404, 410}:
            return None
        return _body(response, "read")

    async def search(self, kind: str, params: Sequence[tuple[str, str]]) -> list[Json]:
        """Every match of a search, all pages."""
        found: list[Json] = []
        address = f"{kind}?{httpx.QueryParams(list(params))}"
        for _page in range(PAGES):
            bundle = _body(await self._send("GET", address), f"search {kind}")
            found += _matches(bundle, kind)
            link = _next(bundle)
            if link is None:
                return found
            address = self._own(link)
        raise HospitalRefused(HospitalFault.AMBIGUOUS, f"search {kind}: more than {PAGES} pages")

    async def create(self, resource: Json, condition: str) -> Json:
        """Create unless `condition` (a search text) finds one; the resource as the server holds it (§3.1.0.8.1)."""
        kind = str(resource["resourceType"])
        response = await self._send("POST", kind, resource, {"If-None-Exist": condition})
        if response.status_code == 412:
            raise HospitalRefused(HospitalFault.AMBIGUOUS, f"create {kind}: several match")
        if response.status_code == 409:
            raise HospitalUnavailable(HospitalFault.CHANGED, f"create {kind}")
        if response.content and response.status_code in {200, 201}:
            body = _body(response, f"create {kind}")
            if body.get("resourceType") == kind and body.get("id"):
                return body
        elif response.status_code not in {200, 201}:
            _body(response, f"create {kind}")
        return await self._created(kind, response, condition)

    async def update(self, resource: Json) -> Json:
        """Write a changed resource over the version it was made from. Raises CHANGED when that is not the newest."""
        kind, reference = str(resource["resourceType"]), f"{resource['resourceType']}/{resource['id']}"
        version = resource.get("meta", {}).get("versionId")
        guard = {} if version is None else {"If-Match": f'W/"{version}"'}
        response = await self._send("PUT", reference, resource, guard)
        if response.status_code in {409, 412}:
            raise HospitalUnavailable(HospitalFault.CHANGED, f"update {kind}")
        if response.status_code in {200, 201} and not response.content:
            return resource
        return _body(response, f"update {kind}")

    async def _created(self, kind: str, response: httpx.Response, condition: str) -> Json:
        """Servers may answer without a body, whatever is preferred."""
        location = response.headers.get("Location", "")
        parts = location.partition("/_history/")[0].rsplit("/", 2)
        if len(parts) >= 2 and parts[-2] == kind:
            read = await self.read(f"{kind}/{parts[-1]}")
            if read is not None:
                return read
        found = await self.search(kind, list(httpx.QueryParams(condition).multi_items()))
        if len(found) != 1:
            raise HospitalUnavailable(HospitalFault.ERROR, f"create {kind}: neither body nor location")
        return found[0]

    async def _send(
        self, method: str, address: str, resource: Json | None = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        more = dict(headers or {})
        if resource is not None:
            more["Content-Type"] = MEDIA
        request = self._http.build_request(method, urljoin(self._base, address), json=resource, headers=more)
        return await sent(self._http, request)

    def _own(self, link: str) -> str:
        """A page's address, on our server only: the token goes nowhere else."""
        address = urljoin(self._base, link)
        if urlsplit(address)[:2] != urlsplit(self._base)[:2]:
            raise HospitalRefused(HospitalFault.INVALID, "a page of a search is on another server")
        return address


def _body(response: httpx.Response, what: str) -> Json:
    """The answer's resource. Raises for every other answer; only codes of an OperationOutcome are told."""
    if response.status_code >= 400:
        codes = ", ".join(_issues(response))
        detail = f"{what}: HTTP {response.status_code} {codes}".strip()
        raise HospitalRefused(HospitalFault.INVALID, detail[:200])
    try:
        body: object = response.json()
    except ValueError as error:
        raise HospitalUnavailable(HospitalFault.ERROR, f"{what}: not JSON") from error
    if not isinstance(body, dict) or "resourceType" not in body:
        raise HospitalUnavailable(HospitalFault.ERROR, f"{what}: not a resource")
    return cast(Json, body)


def _issues(response: httpx.Response) -> list[str]:
    """Codes and places of an OperationOutcome; its texts may repeat what was sent."""
    try:
        issues = cast("list[Json]", response.json()["issue"])
        return [" ".join([str(issue.get("code", "")), *map(str, issue.get("expression", []))]) for issue in issues[:5]]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []


def _matches(bundle: Json, kind: str) -> list[Json]:
    """Matches of a searchset; what came along with them, and outcomes, are left out."""
    entries = cast("list[Json]", bundle.get("entry") or [])
    resources = [
        cast(Json, entry.get("resource") or {})
        for entry in entries
        if cast(Json, entry.get("search") or {}).get("mode", "match") == "match"
    ]
    return [resource for resource in resources if resource.get("resourceType") == kind]


def _next(bundle: Json) -> str | None:
    links = cast("list[Json]", bundle.get("link") or [])
    return next((str(link["url"]) for link in links if link.get("relation") == "next" and link.get("url")), None)
