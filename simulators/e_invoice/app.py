"""`PUT /invoices/{key}`: the same key is the same invoice; while it is being signed, 202."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass
class Issuer:
    """Issued invoices; `signing`: how many more asks are answered with 202."""

    signing: int = 0
    issued: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])


def create(issuer: Issuer, token: str) -> FastAPI:
    """The API of one taxpayer."""
    app = FastAPI(title="e-invoice stand-in", docs_url=None, redoc_url=None, openapi_url=None)

    @app.put("/invoices/{key}")
    async def issue(key: str, request: Request) -> Response:
        if not secrets.compare_digest(request.headers.get("authorization", ""), f"Bearer {token}"):
            return JSONResponse({"error": "unauthorized"}, 401)
        asked: dict[str, Any] = json.loads(await request.body())
        if key in issuer.issued:
            return JSONResponse(issuer.issued[key], 200)
        if sum(line["amount"] for line in asked["lines"]) != asked["amount"]:
            return JSONResponse({"error": "lines do not add up"}, 422)
        if issuer.signing > 0:
            issuer.signing -= 1
            return JSONResponse({"status": "signing"}, 202)
        issuer.issued[key] = {
            "serial": asked["serial"],
            "number": f"{len(issuer.issued) + 1:08}",
            "lookup_code": "".join(secrets.choice(_LETTERS) for _ in range(9)),
            "lookup_url": "https://tracuu.hoadon.invalid",
            "issued_at": datetime.now(UTC).isoformat(),
            "reference": asked["reference"],
            "amount": asked["amount"],
        }
        return JSONResponse(issuer.issued[key], 201)

    return app
