"""The edge: sealed bodies are opened, sizes bounded, answers get their security headers (plain ASGI, no copies)."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.datastructures import Headers

from gateway.problems import MEDIA_TYPE as PROBLEM
from gateway.store.vault import Vault
from services.contract import routes
from services.contract.diagnostics import LARGEST as LARGEST_BUNDLE
from services.contract.models import Problem
from services.contract.sealed import MEDIA_TYPE as SEALED
from services.contract.sealed import CannotUnseal, unseal

log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LARGEST_BODY = 256 * 1024
"""Evidence without pictures is far smaller."""

FILES = {routes.DOCUMENTS: 20 * 1024 * 1024, routes.DIAGNOSTICS: LARGEST_BUNDLE}
"""Paths whose body is a file, and how large it may be: no text is looked for in it."""

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
}
_NO_STORE = ((b"cache-control", b"no-store"),)


class Edge:
    """Wraps the application."""

    def __init__(self, app: App, vault: Vault, *, tls: bool) -> None:
        self._app = app
        self._vault = vault
        named = _HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if tls else {})
        self._headers = [(name.lower().encode(), value.encode()) for name, value in named.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sender = self._with_headers(send)
        headers = Headers(scope=scope)
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:
            await _problem(sender, 400, "The address is not valid")
            return
        if scope["method"] in {"GET", "HEAD"}:
            await self._app(scope, receive, sender)
            return
        largest = FILES.get(scope["path"])
        body = await _read_body(receive, largest or LARGEST_BODY)
        if body is None:
            await _problem(sender, 413, "The body is too large")
            return
        if headers.get("content-type", "").partition(";")[0].strip().lower() == SEALED:
            key = headers.get("idempotency-key", "")
            try:
                body = unseal(body, self._vault.sealing_keys, path=scope["path"], key=key)
            except CannotUnseal as error:
                log.warning("a sealed body was refused: %s", error)
                await _problem(sender, 422, "The sealed body cannot be opened")
                return
            kept = [
                (name, value) for name, value in scope["headers"] if name not in {b"content-type", b"content-length"}
            ]
            scope = dict(scope) | {
                "headers": [*kept, (b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
            }
        if largest is None and (b"\\u0000" in body or b"\0" in body):
            await _problem(sender, 422, "The body holds a character that no text has")
            return
        await self._app(scope, _replay(body, receive), sender)

    def _with_headers(self, send: Send) -> Send:
        async def sender(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent: list[tuple[bytes, bytes]] = list(message.get("headers", ()))
                own = _NO_STORE if all(name != b"cache-control" for name, _ in sent) else ()
                message["headers"] = [*sent, *self._headers, *own]
            await send(message)

        return sender


async def _read_body(receive: Receive, largest: int) -> bytes | None:
    """The whole body, None when it is too large. A peer that goes away leaves what came."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b"".join(parts)
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > largest:
            return None
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


def _replay(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def replay() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


async def _problem(send: Send, status: int, title: str) -> None:
    body = Problem(title=title, status=status).model_dump_json(exclude_none=True).encode()
    headers = [(b"content-type", PROBLEM.encode()), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
