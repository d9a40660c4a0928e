"""Signed calls of the REST profile.

Headers: `x-merchant-id`, `x-timestamp` (epoch milliseconds), `x-sign`: HMAC-SHA256 (hex) over merchant, timestamp and
the call's signed fields in their order, joined with `|`, a missing one empty. Every answer is
`{"code": "000", "message": …, "data": …}`.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import httpx

from gateway.authorities import authorities
from gateway.clock import Clock
from gateway.hospital.failures import HospitalFault, HospitalRefused, HospitalUnavailable
from gateway.hospital.http import sent

Json = dict[str, Any]

OK = "000"
NOT_FOUND = "404"
FAILED = "999"


@dataclass(frozen=True)
class Call:
    """One call of the profile: its path, and the fields that are signed, in this order."""

    method: str
    path: str
    signed: tuple[str, ...]


PATIENT = Call("GET", "/benhnhan", ("SO_GTTT", "LOAI_GTTT", "DIEN_THOAI"))
COVER = Call("GET", "/bhyt", ("MA_THE_BHYT", "HO_TEN", "NGAY_SINH"))
EXAM_TYPES = Call("GET", "/loai-kham", ())
DEPARTMENTS = Call("GET", "/khoa", ("MA_LOAI_KHAM",))
SERVICES = Call("GET", "/dichvu", ("MA_KHOA", "MA_LOAI_KHAM"))
AVAILABLE = Call("GET", "/khoa/dichvu-cotontai", ("MA_KHOA",))
SLOTS = Call("GET", "/dichvu-lichkham", ("MA_DICH_VU", "NGAY"))
REGISTER = Call("POST", "/dangky-kcb", ("MA_YEU_CAU", "ID_BN", "SO_GTTT", "MA_DICH_VU"))
# Not in the public document: what a registration needs that may be told twice, changed and undone.
REGISTERED = Call("GET", "/dangky-kcb", ("MA_YEU_CAU",))
CHANGE = Call("POST", "/dangky-kcb/capnhat", ("MA_YEU_CAU", "PHIEN_BAN", "TRANG_THAI_PHIEU"))
CANCEL = Call("POST", "/dangky-kcb/huy", ("MA_YEU_CAU",))
BOOKINGS = Call("GET", "/lich-hen", ("ID_BN", "NGAY"))


@dataclass(frozen=True)
class Answer:
    """Code and data of an answer."""

    code: str
    data: Any


class RestClient:
    """One hospital behind the profile."""

    def __init__(
        self,
        url: str,
        merchant: str,
        secret: str,
        timeout: float,
        clock: Clock,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._merchant = merchant
        self._secret = secret.encode()
        self._clock = clock
        self._url = url.rstrip("/")
        self._http = httpx.AsyncClient(timeout=timeout, transport=transport, verify=authorities(), trust_env=False)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def call(self, call: Call, fields: Mapping[str, Any], *, known: tuple[str, ...] = ()) -> Answer:
        """Call. Codes besides `000`, `404` and those in `known` raise HospitalRefused, `999` HospitalUnavailable."""
        stamp = str(round(self._clock.now().timestamp() * 1000))
        headers = {
            "x-merchant-id": self._merchant,
            "x-timestamp": stamp,
            "x-sign": sign(self._secret, self._merchant, stamp, [fields.get(name) for name in call.signed]),
        }
        present = {name: value for name, value in fields.items() if value is not None}
        if call.method == "GET":
            request = self._http.build_request("GET", self._url + call.path, params=present, headers=headers)
        else:
            request = self._http.build_request(call.method, self._url + call.path, json=present, headers=headers)
        answer = _read(await sent(self._http, request), call)
        if answer.code == FAILED:
            raise HospitalUnavailable(HospitalFault.ERROR, f"{call.path}: code {FAILED}")
        if answer.code not in {OK, NOT_FOUND, *known}:
            raise HospitalRefused(HospitalFault.INVALID, f"{call.path}: code {answer.code}")
        return answer

    async def rows(self, call: Call, fields: Mapping[str, Any]) -> list[Json]:
        """The rows of a list; none when nothing is found."""
        data: object = (await self.call(call, fields)).data
        return [cast(Json, row) for row in cast("list[object]", data) if isinstance(row, dict)] if data else []


def sign(secret: bytes, merchant: str, stamp: str, values: list[Any]) -> str:
    """The `x-sign` header."""
    text = "|".join([merchant, stamp, *("" if value is None else str(value) for value in values)])
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()


def _read(response: httpx.Response, call: Call) -> Answer:
    if response.status_code != 200:
        raise HospitalRefused(HospitalFault.INVALID, f"{call.path}: HTTP {response.status_code}")
    try:
        body: object = response.json()
    except ValueError as error:
        raise HospitalUnavailable(HospitalFault.ERROR, f"{call.path}: not JSON") from error
    if not isinstance(body, dict) or "code" not in body:
        raise HospitalUnavailable(HospitalFault.ERROR, f"{call.path}: no code")
    fields = cast(Json, body)
    code = str(fields["code"])
    return Answer(code if code.isalnum() and len(code) <= 8 else "?", fields.get("data"))
