"""The page for phones: the link is opened once, files are checked as they come, pages become documents.

A GET of the link changes nothing (messengers and scanners fetch links by themselves): a touch opens it. From then on
the phone is known by a cookie, and the link is worth nothing to anybody else.
"""

from __future__ import annotations

import asyncio
import json
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from fastapi import Cookie, FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, select_autoescape

from gateway.upload.files import CleanFile, FileFault, FileRefused, clean, joined
from gateway.upload.sessions import Document, Page, Session, Sessions, new_id

COOKIE = "tram_upload"
_HERE = Path(__file__).parent
_ASSETS = _HERE.parents[1] / "assets"
_pages = Environment(loader=FileSystemLoader(_HERE), autoescape=select_autoescape(default=True))

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
}

_AT_ONCE = 2
"""Pictures that are decoded at the same time, in the whole process: each takes a hundred megabytes for a moment."""

ThePhone = Annotated[str | None, Cookie(alias=COOKIE)]


@cache
def texts(language: str) -> dict[str, str]:
    """The page's words."""
    content = tomllib.loads((_ASSETS / "locales" / language / "upload.toml").read_text(encoding="utf-8"))
    return {key: unicodedata.normalize("NFC", str(text)) for key, text in content.items()}


def create(sessions: Sessions, *, secure: bool) -> FastAPI:
    """The public application."""
    app = FastAPI(title="Trạm uploads", docs_url=None, redoc_url=None, openapi_url=None)
    app.mount("/static/fonts", StaticFiles(directory=_ASSETS / "fonts"))
    app.mount("/static", StaticFiles(directory=_HERE / "static"))
    decoding = asyncio.Semaphore(_AT_ONCE)

    @app.middleware("http")
    async def guarded(request: Request, call_next: Any) -> Response:
        """Only our own pages change anything; every answer carries its headers."""
        ours = request.headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}
        if request.method != "GET" and not ours:
            response: Response = JSONResponse({"fault": "site"}, 403)
        else:
            response = await call_next(request)
        for name, value in HEADERS.items():
            response.headers[name] = value
        if request.url.path.startswith("/static/"):
            response.headers["Cache-Control"] = "public, max-age=3600"
        return response

    @app.get("/u/{token}")
    async def link(token: str) -> Response:
        """What the link is for, and a button that opens it."""
        session = sessions.by_token(token)
        if session is None:
            return _gone()
        return _page("open.html", session.language, token=token, minutes=_minutes_left(sessions, session))

    @app.post("/u/{token}")
    async def open_link(token: str) -> Response:
        """This phone, and no other."""
        session = sessions.by_token(token)
        if session is None:
            return _gone()
        response = RedirectResponse("/s", 303)
        seconds = max(1, int(session.expires_at - sessions.now()))
        response.set_cookie(
            COOKIE, sessions.claim(session), max_age=seconds, httponly=True, secure=secure, samesite="strict", path="/s"
        )
        return response

    @app.get("/s")
    async def page(phone: ThePhone = None) -> Response:
        """Papers, their pages, and what was sent."""
        session = _session(sessions, phone)
        if session is None:
            return _gone()
        words = texts(session.language)
        shown = {key: text for key, text in words.items() if key.startswith("upload.js.")}
        return _page(
            "send.html",
            session.language,
            session=session,
            english=session.language == "en",
            minutes=_minutes_left(sessions, session),
            state=json.dumps(_state(session)),
            words=json.dumps(shown, ensure_ascii=False),
            megabytes=session.limits.file_bytes // 1_000_000,
        )

    @app.get("/s/state")
    async def state(phone: ThePhone = None) -> Response:
        session = _session(sessions, phone)
        return _over() if session is None else JSONResponse(_state(session))

    @app.post("/s/pages")
    async def add(request: Request, phone: ThePhone = None) -> Response:
        """One file; the body is the file."""
        session = _session(sessions, phone)
        if session is None:
            return _over()
        if session.page_count + session.busy >= session.limits.pages:
            return _refused(FileFault.TOO_MANY)
        session.busy += 1
        try:
            content = await _body(request, session.limits.file_bytes)
            async with decoding:
                file = await asyncio.to_thread(clean, content)
            return _keep(session, file)
        except FileRefused as error:
            return _refused(error.fault)
        finally:
            session.busy -= 1

    @app.get("/s/pages/{id}")
    async def preview(id: str, phone: ThePhone = None) -> Response:
        session = _session(sessions, phone)
        found = None if session is None else session.pages.get(id)
        if found is None or not found.preview:
            return Response(status_code=404)
        return Response(found.preview, media_type="image/jpeg")

    @app.post("/s/pages/{id}/delete")
    async def drop(id: str, phone: ThePhone = None) -> Response:
        session = _session(sessions, phone)
        if session is None:
            return _over()
        session.pages.pop(id, None)
        return JSONResponse(_state(session))

    @app.post("/s/documents")
    async def send(request: Request, phone: ThePhone = None) -> Response:
        """Pages, in this order, are one document, and it is sent on."""
        session = _session(sessions, phone)
        if session is None:
            return _over()
        body = await _json(request)
        ids = [str(id) for id in body.get("pages", [])] if isinstance(body.get("pages"), list) else []
        chosen = [session.pages[id] for id in dict.fromkeys(ids) if id in session.pages]
        if not chosen:
            return _refused(FileFault.BROKEN)
        component = str(body.get("component", ""))[:60]
        wanted = next((one for one in session.wanted if one.component == component), None)
        if session.wanted and wanted is None:
            component = ""
        pdf = await asyncio.to_thread(joined, [page.pdf for page in chosen])
        name = "" if wanted is None else wanted.name
        pages = sum(page.pages for page in chosen)
        document = Document(
            new_id(), component, name, pdf, pages, next((one.preview for one in chosen if one.preview), b"")
        )
        for page in chosen:
            session.pages.pop(page.id, None)
        session.documents[document.id] = document
        session.touch()
        return JSONResponse(_state(session))

    @app.post("/s/documents/{id}/delete")
    async def take_back(id: str, phone: ThePhone = None) -> Response:
        session = _session(sessions, phone)
        if session is None:
            return _over()
        if session.documents.pop(id, None) is not None:
            session.touch()
        return JSONResponse(_state(session))

    return app


def _keep(session: Session, file: CleanFile) -> Response:
    if session.bytes + len(file.pdf) + len(file.preview) > session.limits.total_bytes:
        return _refused(FileFault.TOO_LARGE)
    if session.page_count + file.pages > session.limits.pages:
        return _refused(FileFault.TOO_MANY)
    page = Page(new_id(), file.pdf, file.pages, file.preview)
    session.pages[page.id] = page
    return JSONResponse(_state(session))


def _session(sessions: Sessions, phone: str | None) -> Session | None:
    return sessions.by_phone(phone) if phone else None


def _state(session: Session) -> dict[str, object]:
    return {
        "pages": [{"id": one.id, "pages": one.pages, "picture": bool(one.preview)} for one in session.pages.values()],
        "documents": [
            {"id": one.id, "component": one.component, "pages": one.pages, "bytes": len(one.pdf)}
            for one in session.documents.values()
        ],
    }


async def _body(request: Request, most: int) -> bytes:
    """The whole body, never more than `most`. Raises FileRefused."""
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > most:
        raise FileRefused(FileFault.TOO_LARGE)
    parts = bytearray()
    async for part in request.stream():
        parts += part
        if len(parts) > most:
            raise FileRefused(FileFault.TOO_LARGE)
    return bytes(parts)


async def _json(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await _body(request, 20_000))
    except (ValueError, FileRefused):
        return {}
    return body if isinstance(body, dict) else {}  # pyright: ignore[reportUnknownVariableType] - any JSON object


def _minutes_left(sessions: Sessions, session: Session) -> int:
    return max(1, round((session.expires_at - sessions.now()) / 60))


def _page(template: str, language: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    content = _pages.get_template(template).render(t=texts(language), language=language, **values)
    return HTMLResponse(content, status)


def _gone() -> Response:
    """Expired, used by another phone, or never given: nobody is told which."""
    return HTMLResponse(_pages.get_template("gone.html").render(vi=texts("vi"), en=texts("en")), 410)


def _over() -> Response:
    return JSONResponse({"fault": "over"}, 410)


_STATUS = {FileFault.TOO_LARGE: 413, FileFault.KIND: 415}


def _refused(fault: FileFault) -> Response:
    return JSONResponse({"fault": fault.value}, _STATUS.get(fault, 422))
