"""The profile's paths on plain FastAPI: signature and clock are checked, every answer is an envelope."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from simulators.hospital_rest.bills import Till
from simulators.hospital_rest.desk import Desk, Row, Said

SKEW_SECONDS = 300
_MESSAGES = {"000": "Thành công", "404": "Không tìm thấy", "402": "Đã thu tiền hoặc đã khám", "410": "Đã hủy"}


@dataclass(frozen=True)
class Path:
    """A call: what it does, and which fields its signature covers, in this order."""

    method: str
    path: str
    signed: tuple[str, ...]
    work: Callable[[Row], Said]


def create(
    desk: Desk, merchant: str, secret: str, now: Callable[[], float] = time.time, till: Till | None = None
) -> FastAPI:
    """The hospital's system for one merchant. `now`: seconds since the epoch."""
    app = FastAPI(title="HIS stand-in", docs_url=None, redoc_url=None, openapi_url=None)

    def add(one: Path) -> None:
        async def serve(request: Request) -> Response:
            fields: Row = dict(request.query_params)
            if one.method == "POST":
                try:
                    fields = json.loads(await request.body())
                except ValueError:
                    return _envelope("400", None)
            stamp = request.headers.get("x-timestamp", "")
            expected = _sign(secret, [merchant, stamp, *(fields.get(name) for name in one.signed)])
            if (
                request.headers.get("x-merchant-id") != merchant
                or not hmac.compare_digest(request.headers.get("x-sign", ""), expected)
                or not stamp.isdigit()
                or abs(now() - int(stamp) / 1000) > SKEW_SECONDS
            ):
                return JSONResponse({"code": "401", "message": "Sai chữ ký", "data": None}, 401)
            with desk.store.lock:
                return _envelope(*one.work(fields))

        app.add_api_route(one.path, serve, methods=[one.method], name=f"{one.method} {one.path}")

    for one in (*_paths(desk), *_till_paths(till or Till(desk))):
        add(one)
    return app


def _paths(desk: Desk) -> tuple[Path, ...]:
    return (
        Path("GET", "/benhnhan", ("SO_GTTT", "LOAI_GTTT", "DIEN_THOAI"), desk.patient),
        Path("GET", "/bhyt", ("MA_THE_BHYT", "HO_TEN", "NGAY_SINH"), desk.cover),
        Path("GET", "/loai-kham", (), desk.exam_types),
        Path("GET", "/khoa", ("MA_LOAI_KHAM",), desk.departments),
        Path("GET", "/dichvu", ("MA_KHOA", "MA_LOAI_KHAM"), desk.services),
        Path("GET", "/khoa/dichvu-cotontai", ("MA_KHOA",), desk.available),
        Path("GET", "/dichvu-lichkham", ("MA_DICH_VU", "NGAY"), desk.slots),
        Path("GET", "/lich-hen", ("ID_BN", "NGAY"), desk.bookings),
        Path("GET", "/dangky-kcb", ("MA_YEU_CAU",), desk.registered),
        Path("POST", "/dangky-kcb", ("MA_YEU_CAU", "ID_BN", "SO_GTTT", "MA_DICH_VU"), desk.register),
        Path("POST", "/dangky-kcb/capnhat", ("MA_YEU_CAU", "PHIEN_BAN", "TRANG_THAI_PHIEU"), desk.change),
        Path("POST", "/dangky-kcb/huy", ("MA_YEU_CAU",), desk.undo),
    )


def _till_paths(till: Till) -> tuple[Path, ...]:
    return (
        Path("GET", "/phieu-thu", ("ID_BN", "MA_YEU_CAU", "SO_PHIEU", "MA_PHIEU"), till.bills),
        Path("POST", "/phieu-thu/giu", ("MA_PHIEU", "PHIEN_BAN", "NGUOI_GIU"), till.hold),
        Path("POST", "/phieu-thu/nha", ("MA_PHIEU", "NGUOI_GIU"), till.let_go),
        Path("POST", "/thanh-toan", ("MA_THANH_TOAN", "MA_PHIEU", "MA_YEU_CAU", "SO_TIEN"), till.pay),
        Path("GET", "/thanh-toan", ("MA_THANH_TOAN",), till.payment),
    )


def _sign(secret: str, values: list[Any]) -> str:
    text = "|".join("" if value is None else str(value) for value in values)
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def _envelope(code: str, data: Any) -> Response:
    body: Row = {"code": code, "message": _MESSAGES.get(code, "Không hợp lệ"), "data": data}
    if isinstance(data, list):
        body |= {"page": 1, "pageSize": len(data), "count": len(data)}  # pyright: ignore[reportUnknownArgumentType]
    return JSONResponse(body)
