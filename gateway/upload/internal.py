"""What the gateway calls, on an address of its own: open and close sessions, wait for changes, fetch what came."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from gateway.upload.sessions import Document, Limits, Session, Sessions, TooMany, Wanted

LONGEST_WAIT = 20.0


class Opening(BaseModel):
    """What the gateway opens."""

    model_config = ConfigDict(frozen=True)

    token_hash: str = Field(pattern="^[0-9a-f]{64}$")
    seconds: float = Field(gt=0, le=3600)
    language: str = Field(pattern="^(vi|en)$")
    wanted: tuple[tuple[str, str, str], ...] = ()
    file_bytes: int = Field(gt=0)
    total_bytes: int = Field(gt=0)
    pages: int = Field(gt=0)


def create(sessions: Sessions, secret: str) -> FastAPI:
    """The internal application."""

    def known(authorization: Annotated[str, Header()] = "") -> None:
        if not hmac.compare_digest(authorization.encode(), f"Bearer {secret}".encode()):
            raise HTTPException(401)

    app = FastAPI(
        title="Trạm uploads, internal", docs_url=None, redoc_url=None, openapi_url=None, dependencies=[Depends(known)]
    )

    def held(id: str) -> Session:
        session = sessions.by_id(id)
        if session is None:
            raise HTTPException(404)
        return session

    def document(id: str, name: str) -> Document:
        found = held(id).documents.get(name)
        if found is None:
            raise HTTPException(404)
        return found

    @app.put("/sessions/{id}", status_code=204)
    async def open_session(id: str, opening: Opening) -> None:
        limits = Limits(opening.file_bytes, opening.total_bytes, opening.pages)
        wanted = tuple(Wanted(*one) for one in opening.wanted)
        session = Session(id, opening.token_hash, sessions.now() + opening.seconds, opening.language, wanted, limits)
        try:
            sessions.open(session)
        except TooMany:
            raise HTTPException(503) from None

    @app.get("/sessions/{id}")
    async def state(id: str, after: int = 0, wait: float = 0.0) -> Response:
        """The state now, or as soon as its version is above `after`."""
        session = held(id)
        changed = session.changed
        if session.version <= after and wait > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), min(wait, LONGEST_WAIT))
            session = held(id)
        return JSONResponse(_state(session))

    @app.delete("/sessions/{id}", status_code=204)
    async def close(id: str) -> None:
        sessions.close(id)

    @app.get("/sessions/{id}/documents/{name}")
    async def content(id: str, name: str) -> Response:
        return Response(document(id, name).pdf, media_type="application/pdf")

    @app.get("/sessions/{id}/documents/{name}/preview")
    async def preview(id: str, name: str) -> Response:
        found = document(id, name)
        if not found.preview:
            raise HTTPException(404)
        return Response(found.preview, media_type="image/jpeg")

    return app


def _state(session: Session) -> dict[str, Any]:
    return {
        "opened": session.phone is not None,
        "version": session.version,
        "documents": [
            {"id": one.id, "component": one.component, "name": one.name, "pages": one.pages, "bytes": len(one.pdf)}
            for one in session.documents.values()
        ],
    }
