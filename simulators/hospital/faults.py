"""Faults of a hospital's system on demand, in front of its application (ASGI).

Answers are lost by closing the connection in the middle of them: before the request was carried out, or after it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

OUTAGES = ("none", "error", "rubbish", "closed")
"""`closed`: every connection is closed without an answer."""


@dataclass
class Lost:
    """The next `count` answers to requests that begin so ("POST /Encounter") are lost."""

    begins: str
    after: bool
    count: int


@dataclass
class Play:
    """How the world is at the moment; changed by verbs, read by every request."""

    delay: float = 0.0
    outage: str = "none"
    lost: list[Lost] = field(default_factory=list[Lost])
    calls: int = 0

    def losing(self, request: str) -> Lost | None:
        """What is lost of this request; counts it."""
        for one in self.lost:
            if one.count > 0 and request.startswith(one.begins):
                one.count -= 1
                return one
        return None

    def verbs(self) -> dict[str, Callable[[dict[str, Any]], None]]:
        """Verbs of the control server: delay, outage, lose."""

        def delay(body: dict[str, Any]) -> None:
            self.delay = float(body["seconds"])

        def outage(body: dict[str, Any]) -> None:
            if body["kind"] not in OUTAGES:
                raise ValueError(f"kind is one of {', '.join(OUTAGES)}")
            self.outage = body["kind"]

        def lose(body: dict[str, Any]) -> None:
            after = {"before": False, "after": True}[body["when"]]
            self.lost.append(Lost(str(body["begins"]), after, int(body.get("count", 1))))

        return {"delay": delay, "outage": outage, "lose": lose}


def with_faults(app: App, play: Play) -> App:
    """The application behind its faults."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        play.calls += 1
        lost = play.losing(f"{scope['method']} {scope['path']}")
        await asyncio.sleep(play.delay)
        if play.outage in {"error", "rubbish"}:
            await _answer(send, 503 if play.outage == "error" else 200, b"<html>")
            return
        if play.outage == "closed" or (lost is not None and not lost.after):
            await _hang_up(send)
        elif lost is not None:
            await app(scope, receive, _nowhere)
            await _hang_up(send)
        else:
            await app(scope, receive, send)

    return serve


async def _answer(send: Send, status: int, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/html")]})
    await send({"type": "http.response.body", "body": body})


async def _hang_up(send: Send) -> None:
    """Promise more than is sent: the server closes the connection, the client never gets a whole answer."""
    length = [(b"content-length", b"4096"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 200, "headers": length})
    await send({"type": "http.response.body", "body": b"{", "more_body": False})


async def _nowhere(_message: Message) -> None:
    """The answer nobody gets."""
