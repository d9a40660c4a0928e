"""The channel's paths on plain FastAPI: HTTP 200 for every answer it understands, the code says the rest."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from simulators.payos.channel import Channel, Json

PATH = "/v2/payment-requests"


def create(channel: Channel, client_id: str, api_key: str) -> FastAPI:
    """The API of one channel."""
    app = FastAPI(title="payOS stand-in", docs_url=None, redoc_url=None, openapi_url=None)

    async def carried_out(request: Request, work: Callable[[Json], Json]) -> JSONResponse:
        known = (("x-client-id", client_id), ("x-api-key", api_key))
        if not all(secrets.compare_digest(request.headers.get(name, ""), value) for name, value in known):
            return JSONResponse({"code": "401", "desc": "Unauthorized"}, 401)
        try:
            body: Json = json.loads(await request.body() or b"{}")
        except ValueError:
            return JSONResponse({"code": "20", "desc": "Thông tin truyền lên không đúng"}, 400)
        return JSONResponse(work(body))

    @app.post(PATH)
    async def make(request: Request) -> JSONResponse:
        return await carried_out(request, channel.create)

    @app.get(PATH + "/{name}")
    async def read(name: str, request: Request) -> JSONResponse:
        return await carried_out(request, lambda _body: channel.read(name))

    @app.post(PATH + "/{name}/cancel")
    async def cancel(name: str, request: Request) -> JSONResponse:
        return await carried_out(request, lambda body: channel.cancel(name, str(body.get("cancellationReason", ""))))

    return app
