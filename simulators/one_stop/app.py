"""The software's interfaces on plain FastAPI: 6.2 with a bearer token, 6.1 with a session (onestop.md)."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from simulators.one_stop.desk import Desk
from simulators.one_stop.store import Row

TOKEN_SECONDS = 600


@dataclass
class Accounts:
    """Who may call, and the passes that were given."""

    client_id: str
    client_secret: str
    username: str
    password: str
    now: Callable[[], float] = time.monotonic
    tokens: dict[str, float] = field(default_factory=dict[str, float])
    sessions: dict[str, float] = field(default_factory=dict[str, float])

    def give(self, passes: dict[str, float]) -> str:
        """A new pass."""
        made = secrets.token_urlsafe(16)
        passes[made] = self.now() + TOKEN_SECONDS
        return made

    def holds(self, passes: dict[str, float], given: str) -> bool:
        """Whether a pass serves now."""
        return passes.get(given, 0) > self.now()


def create(desk: Desk, accounts: Accounts) -> FastAPI:
    """The software of one authority."""
    app = FastAPI(title="One-stop stand-in", docs_url=None, redoc_url=None, openapi_url=None)

    def stranger(request: Request) -> Response | None:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        return None if accounts.holds(accounts.tokens, given) else JSONResponse({"error_code": "401"}, 401)

    @app.post("/token")
    async def token(request: Request) -> Response:
        form = await request.form()
        if (form.get("client_id"), form.get("client_secret")) != (accounts.client_id, accounts.client_secret):
            return JSONResponse({"error": "invalid_client"}, 401)
        made = accounts.give(accounts.tokens)
        return JSONResponse({"access_token": made, "token_type": "Bearer", "expires_in": TOKEN_SECONDS})

    @app.get("/GetNextValue")
    async def next_value(request: Request, code: str) -> Response:
        if (refused := stranger(request)) is not None:
            return refused
        with desk.store.lock:
            return JSONResponse({"error_code": "0", "value": desk.next_number(code)})

    @app.post("/UploadFile")
    async def upload(request: Request) -> Response:
        if (refused := stranger(request)) is not None:
            return refused
        async with request.form() as form:
            file = form.get("file")
            if file is None or isinstance(file, str):
                return JSONResponse({"error_code": "422"})
            content, kind = await file.read(), file.content_type or ""
        with desk.store.lock:
            return JSONResponse({"error_code": "0", **desk.keep(content, kind)})

    @app.get("/DownloadFile")
    async def download(request: Request, id: str) -> Response:
        if (refused := stranger(request)) is not None:
            return refused
        with desk.store.lock:
            file = desk.file(id)
        if file is None:
            return JSONResponse({"error_code": "404"}, 404)
        return Response(file["content"], media_type=file["kind"] or "application/octet-stream")

    @app.post("/TaoHoSo")
    async def make(request: Request) -> Response:
        return await _written(request, desk.create)

    @app.post("/CapNhatTienDo")
    async def progress(request: Request) -> Response:
        return await _written(request, desk.progress)

    @app.post("/CapNhatThanhToan")
    async def paid(request: Request) -> Response:
        if (refused := stranger(request)) is not None:
            return refused
        body = await request.json()
        with desk.store.lock:
            code, answer = desk.paid(body)
        return JSONResponse({"error_code": code, "MaHoSo": body.get("MaHoSo"), **answer})

    async def _written(request: Request, work: Callable[[Row], str]) -> Response:
        if (refused := stranger(request)) is not None:
            return refused
        body = await request.json()
        with desk.store.lock:
            code = work(body)
        return JSONResponse({"error_code": code, "MaHoSo": body.get("MaHoSo")})

    @app.post("/login")
    async def log_in(request: Request) -> Response:
        body = await request.json()
        if (body.get("username"), body.get("password")) != (accounts.username, accounts.password):
            return JSONResponse({"error_code": "401"})
        return JSONResponse({"error_code": "0", "session": accounts.give(accounts.sessions)})

    @app.post("/dichvu")
    async def service(request: Request) -> Response:
        body = await request.json()
        if not accounts.holds(accounts.sessions, str(body.get("session"))) or not request.headers.get("dstcode"):
            return JSONResponse({"error_code": "401", "result": []})
        rows: list[Row] = body.get("data") or []
        with desk.store.lock:
            if body.get("service") == "TraCuuHoSo":
                result = desk.status([str(row.get("MaHoSo")) for row in rows])
            elif body.get("service") in {"LayDanhSachTTHC", "LayThuTuc"}:
                wanted = {str(row.get("MaTTHC")) for row in rows}
                result = [one for one in desk.list_procedures() if not wanted or one["MaTTHC"] in wanted]
            else:
                return JSONResponse({"error_code": "404", "result": []})
        return JSONResponse({"error_code": "0", "result": result})

    return app
