"""The authority's one-stop software: token, next number, files, dossiers, progress; catalogue and status.

Filing speaks the shape of onestop.md section 6.2, catalogue and status that of section 6.1. No public document gives
their paths; they are named in docs/one-stop.md, and an installation's differences belong here and nowhere else.
A dossier is created under a number that was taken and stored before: an answer that is lost is resolved by it.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

import httpx

from gateway.clock import PLACE, Clock
from gateway.one_stop.failures import OneStopFault, OneStopRefused, OneStopUnavailable
from gateway.settings import OneStopSystem

for _name in ("httpx", "httpcore"):
    # Addresses hold dossier numbers.
    logging.getLogger(_name).setLevel(logging.CRITICAL)

Json = dict[str, Any]

_EARLIER = timedelta(seconds=30)
"""A token is renewed this long before it ends."""


@dataclass(frozen=True)
class StoredFile:
    """A file that the system keeps."""

    id: str
    digest: str
    """SHA-256, hex."""


@dataclass(frozen=True)
class Progress:
    """One step as the system tells it: `word` is its own word for the status."""

    word: str
    at: datetime
    unit: str = ""
    note: str = ""


@dataclass(frozen=True)
class ToldFee:
    """A line of DanhSachLePhi."""

    id: str
    name: str
    amount: int
    paid: bool = False
    kind: str = ""
    """LoaiPhiLePhi: whose money it is."""
    receipt: ToldReceipt | None = None


@dataclass(frozen=True)
class ToldReceipt:
    """The e-receipt (biên lai) of a paid fee."""

    number: str
    lookup_code: str
    lookup_url: str = ""


@dataclass(frozen=True)
class Told:
    """What the system says about one dossier."""

    number: str
    word: str
    due_at: datetime | None = None
    outcome: str = ""
    progress: tuple[Progress, ...] = ()
    fees: tuple[ToldFee, ...] = ()
    missing: tuple[str, ...] = ()
    missing_until: datetime | None = None


@dataclass(frozen=True)
class Step:
    """Progress that is written: `key` makes it one, however often it is sent."""

    key: str
    number: str
    word: str
    at: datetime
    officer: str
    unit: str
    note: str
    due_at: datetime | None = None
    extra: Mapping[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True)
class Transfer:
    """One movement of money that paid."""

    id: str
    provider: str
    reference: str
    amount: int
    at: datetime
    account: str


@dataclass(frozen=True)
class Payment:
    """Fees of one dossier that were paid here: `key` makes it one, however often it is sent."""

    key: str
    number: str
    fees: tuple[tuple[str, int], ...]
    """MaPhiLePhi and đồng."""
    at: datetime
    transfers: tuple[Transfer, ...]


@dataclass(frozen=True)
class Taken:
    """What it answers to a payment: the number it keeps it under."""

    number: str
    receipt: ToldReceipt | None = None


@dataclass
class _Pass:
    """A token or session, and until when it serves."""

    text: str
    until: datetime


class System:
    """One authority's system. Every method raises OneStopUnavailable, or OneStopRefused where repeating cannot help."""

    def __init__(
        self, settings: OneStopSystem, agency: str, clock: Clock, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._settings = settings
        self._agency = agency
        self._clock = clock
        self._url = settings.url.rstrip("/")
        self._http = httpx.AsyncClient(timeout=settings.timeout_seconds, transport=transport, trust_env=False)
        self._token: _Pass | None = None
        self._session: _Pass | None = None
        self._one_log_in = asyncio.Lock()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def next_number(self) -> str:
        """A dossier number, given by the system. One that is not used is lost, and nothing else."""
        body = await self._call("GET", "/GetNextValue", params={"code": self._agency})
        number = body.get("value")
        if not isinstance(number, str) or not 1 <= len(number) <= 40:
            raise OneStopUnavailable(OneStopFault.ERROR, "GetNextValue: no number")
        return number

    async def upload(self, name: str, content: bytes, kind: str) -> StoredFile:
        """Keep a file there. The digest it answers is compared with ours."""
        body = await self._call("POST", "/UploadFile", files={"file": (name, content, kind)})
        stored = StoredFile(str(body.get("IdTepTin", "")), str(body.get("HashTepTin", "")).lower())
        if not stored.id or stored.digest != hashlib.sha256(content).hexdigest():
            raise OneStopUnavailable(OneStopFault.ERROR, "UploadFile: it keeps another file than was sent")
        return stored

    async def download(self, id: str) -> bytes:
        """A file that it keeps."""
        response = await self._send("GET", "/DownloadFile", params={"id": id})
        return response.content

    async def create(self, dossier: Json) -> None:
        """Create a dossier under its number. The same dossier once more is answered like the first time."""
        await self._call("POST", "/TaoHoSo", json=dossier)

    async def write(self, step: Step) -> None:
        """Write progress, once for each key."""
        body: Json = {
            "MaTienDo": step.key,
            "MaHoSo": step.number,
            "NguoiXuLy": step.officer,
            "ChucDanh": "",
            "ThoiDiemXuLy": stamp(step.at),
            "PhongBanXuLy": step.unit,
            "NoiDungXuLy": step.note,
            "TrangThai": step.word,
            "NgayKetThucTheoQuyDinh": None if step.due_at is None else stamp(step.due_at),
            **step.extra,
        }
        await self._call("POST", "/CapNhatTienDo", json=body)

    async def pay(self, payment: Payment) -> Taken:
        """Tell that fees are paid. The same payment once more is answered like the first time."""
        body: Json = {
            "MaThanhToan": payment.key,
            "MaHoSo": payment.number,
            "SoTien": sum(amount for _id, amount in payment.fees),
            "ThoiDiemThanhToan": stamp(payment.at),
            "DanhSachLePhi": [{"MaPhiLePhi": id, "Gia": amount} for id, amount in payment.fees],
            "DanhSachGiaoDich": [
                {
                    "MaGiaoDich": one.id,
                    "Cong": one.provider,
                    "SoThamChieu": one.reference,
                    "SoTien": one.amount,
                    "TaiKhoan": one.account,
                    "ThoiDiem": stamp(one.at),
                }
                for one in payment.transfers
            ],
        }
        answer = await self._call("POST", "/CapNhatThanhToan", json=body)
        return Taken(str(answer.get("SoChungTu") or ""), _receipt(answer.get("BienLai")))

    async def status(self, numbers: Sequence[str]) -> dict[str, Told]:
        """What became of dossiers (TraCuuHoSo); numbers it does not know are left out."""
        rows = await self._service("TraCuuHoSo", [{"MaHoSo": number} for number in numbers])
        told = [_told(row) for row in rows]
        return {one.number: one for one in told if one.number in set(numbers)}

    async def procedures(self) -> dict[str, str]:
        """Every procedure it receives: code to name (LayDanhSachTTHC)."""
        rows = await self._service("LayDanhSachTTHC", [])
        return {str(row.get("MaTTHC")): str(row.get("TenTTHC", "")) for row in rows}

    # --- one exchange

    async def _service(self, service: str, data: list[Json]) -> list[Json]:
        for again in (False, True):
            session = await self._logged_in(fresh=again)
            body: Json = {
                "service": service,
                "madonvi": self._settings.unit,
                "session": session,
                "isUpdating": False,
                "data": data,
            }
            answer = await self._sent(
                self._http.build_request(
                    "POST", self._url + "/dichvu", json=body, headers={"dstcode": self._settings.destination}
                )
            )
            content = _json(answer, service)
            code = str(content.get("error_code", ""))
            if code == "401" and not again:
                continue
            if code != "0":
                raise OneStopUnavailable(OneStopFault.ERROR, f"{service}: error_code {code[:8]}")
            result: object = content.get("result")
            rows = cast("list[object]", result) if isinstance(result, list) else []
            return [cast(Json, row) for row in rows if isinstance(row, dict)]
        raise OneStopUnavailable(OneStopFault.ACCOUNT_REFUSED, service)

    async def _logged_in(self, *, fresh: bool) -> str:
        async with self._one_log_in:
            now = self._clock.now()
            if not fresh and self._session is not None and self._session.until > now:
                return self._session.text
            body = {"username": self._settings.username, "password": self._settings.password.read()}
            answer = await self._sent(self._http.build_request("POST", self._url + "/login", json=body))
            session = _json(answer, "login").get("session")
            if not isinstance(session, str):
                raise OneStopUnavailable(OneStopFault.ACCOUNT_REFUSED, "login: no session")
            self._session = _Pass(session, now + timedelta(minutes=20))
            return session

    async def _call(self, method: str, path: str, **content: Any) -> Json:
        response = await self._send(method, path, **content)
        body = _json(response, path)
        code = str(body.get("error_code", "0"))
        if code != "0":
            raise OneStopRefused(f"{path}: error_code {code[:8]}")
        return body

    async def _send(self, method: str, path: str, **content: Any) -> httpx.Response:
        for again in (False, True):
            headers = {"Authorization": f"Bearer {await self._bearer(fresh=again)}"}
            response = await self._sent(
                self._http.build_request(method, self._url + path, headers=headers, **content), path
            )
            if response.status_code == 401 and not again:
                continue
            if response.status_code in {401, 403}:
                raise OneStopUnavailable(OneStopFault.ACCOUNT_REFUSED, f"{path}: HTTP {response.status_code}")
            if response.status_code != 200:
                raise OneStopRefused(f"{path}: HTTP {response.status_code}")
            return response
        raise OneStopUnavailable(OneStopFault.ACCOUNT_REFUSED, path)

    async def _bearer(self, *, fresh: bool) -> str:
        async with self._one_log_in:
            now = self._clock.now()
            if not fresh and self._token is not None and self._token.until > now:
                return self._token.text
            form = {
                "grant_type": "client_credentials",
                "client_id": self._settings.client_id,
                "client_secret": self._settings.client_secret.read(),
            }
            answer = await self._sent(self._http.build_request("POST", self._url + "/token", data=form))
            body = _json(answer, "token")
            token, seconds = body.get("access_token"), body.get("expires_in")
            if answer.status_code != 200 or not isinstance(token, str) or not isinstance(seconds, int):
                raise OneStopUnavailable(OneStopFault.ACCOUNT_REFUSED, f"token: HTTP {answer.status_code}")
            self._token = _Pass(token, now + timedelta(seconds=seconds) - _EARLIER)
            return token

    async def _sent(self, request: httpx.Request, what: str = "") -> httpx.Response:
        """The whole answer of whatever status another try cannot change."""
        what = what or request.url.path.rpartition("/")[2]
        try:
            response = await self._http.send(request)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise OneStopUnavailable(OneStopFault.NO_NETWORK, f"{what}: {type(error).__name__}") from error
        except (httpx.HTTPError, OSError) as error:
            raise OneStopUnavailable(OneStopFault.NO_ANSWER, f"{what}: {type(error).__name__}") from error
        if response.status_code >= 500 or 300 <= response.status_code < 400 or response.status_code == 429:
            raise OneStopUnavailable(OneStopFault.ERROR, f"{what}: HTTP {response.status_code}")
        return response


def stamp(moment: datetime) -> str:
    """A time as these systems write it: yyyyMMddHHmmss at the place."""
    return f"{moment.astimezone(PLACE):%Y%m%d%H%M%S}"


def moment(text: object) -> datetime | None:
    """A time as these systems write it; None for what is none."""
    try:
        return datetime.strptime(str(text), "%Y%m%d%H%M%S").replace(tzinfo=PLACE)
    except ValueError:
        return None


def _json(response: httpx.Response, what: str) -> Json:
    try:
        body: object = response.json()
    except ValueError as error:
        raise OneStopUnavailable(OneStopFault.ERROR, f"{what}: not JSON") from error
    if not isinstance(body, dict):
        raise OneStopUnavailable(OneStopFault.ERROR, f"{what}: not an object")
    return cast(Json, body)


def _rows(value: object) -> list[Json]:
    rows = cast("list[object]", value) if isinstance(value, list) else []
    return [cast(Json, row) for row in rows if isinstance(row, dict)]


def _receipt(value: object) -> ToldReceipt | None:
    row = cast(Json, value) if isinstance(value, dict) else {}
    number = " ".join(str(row[name]) for name in ("KyHieu", "So") if row.get(name))
    if not number or not row.get("MaTraCuu"):
        return None
    return ToldReceipt(number[:40], str(row["MaTraCuu"])[:40], str(row.get("TrangTraCuu") or "")[:200])


def _told(row: Json) -> Told:
    progress = [
        Progress(
            str(one.get("TrangThai", "")), at, str(one.get("PhongBanXuLy") or ""), str(one.get("NoiDungXuLy") or "")
        )
        for one in _rows(row.get("TienDo"))
        if (at := moment(one.get("ThoiDiemXuLy"))) is not None
    ]
    fees = [
        ToldFee(
            str(one.get("MaPhiLePhi", "")),
            str(one.get("TenPhiLePhi", "")),
            gia,
            str(one.get("TrangThaiThanhToan", "0")) == "1",
            str(one.get("LoaiPhiLePhi") or ""),
            _receipt(one.get("BienLai")),
        )
        for one in _rows(row.get("DanhSachLePhi"))
        if isinstance(gia := one.get("Gia"), int) and gia >= 0
    ]
    asked = _rows(row.get("DanhSachHoSoBoSung"))
    newest = asked[-1] if asked else {}
    papers = _rows(row.get("DanhSachGiayToKetQua"))
    return Told(
        number=str(row.get("MaHoSo", "")),
        word=str(row.get("TrangThaiHoSo", "")),
        due_at=moment(row.get("NgayHenTra")),
        outcome=", ".join(str(paper.get("TenGiayTo", "")) for paper in papers)[:200],
        progress=tuple(progress),
        fees=tuple(fees),
        missing=tuple(str(one)[:400] for one in cast("list[object]", newest.get("NoiDung") or []))[:30]
        if isinstance(newest.get("NoiDung"), list)
        else (),
        missing_until=moment(newest.get("HanBoSung")),
    )
