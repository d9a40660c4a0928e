"""Server-sent events: the newest state of one thing, whenever it changed.

A fleet keeps hundreds of streams open, so a resting one costs nothing but a comment line every ten seconds.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from typing import Any, Generic, Protocol, TypeVar

from starlette.responses import Response

from gateway.api.edge import Receive, Scope, Send
from gateway.store.bus import Bus

PING_SECONDS = 10.0
LOOK_SECONDS = 20.0
"""Without an announcement the store is read again after this: the net under a lost one."""
TRAIL_SECONDS = 30.0
"""How long a stream stays open for what only trails behind."""


class Versioned(Protocol):
    """A wire model that grows a version with every change."""

    @property
    def version(self) -> int: ...

    def model_dump_json(self) -> str: ...


V = TypeVar("V", bound=Versioned)


class EventStream(Response, Generic[V]):
    """Now, and after every change of `topic`, what `read` gives, until `ended` or the listener is gone.

    `trails`: the matter is over, and something of it still to come; that is waited for no longer than TRAIL_SECONDS.
    """

    media_type = "text/event-stream"

    def __init__(
        self,
        bus: Bus,
        topic: str,
        read: Callable[[], Awaitable[V]],
        *,
        ended: Callable[[V], bool],
        trails: Callable[[V], bool] = lambda _: False,
        status_code: int = 200,
    ) -> None:
        super().__init__(status_code=status_code)
        del self.headers["content-length"]
        self._bus = bus
        self._topic = topic
        self._read = read
        self._ended = ended
        self._trails = trails

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # type: ignore[override]
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        gone = asyncio.create_task(_gone(receive))
        try:
            await self._tell(gone, send)
        finally:
            gone.cancel()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _tell(self, gone: asyncio.Task[None], send: Send) -> None:
        last, rested = -1, 0.0
        clock, until = asyncio.get_running_loop(), math.inf
        # Subscribed before the first read, so that no change falls between.
        with self._bus.subscribe(self._topic) as subscription:
            gone.add_done_callback(lambda _: subscription.wake())
            look = True
            while not (gone.done() or self._bus.closed):
                if look:
                    state, rested = await self._read(), 0.0
                    if state.version != last:
                        last = state.version
                        await _line(send, f"id: {last}\r\nevent: change\r\ndata: {state.model_dump_json()}\r\n\r\n")
                    if self._ended(state):
                        return
                    if until == math.inf and self._trails(state):
                        until = clock.time() + TRAIL_SECONDS
                changed = await subscription.changed(min(PING_SECONDS, max(0.0, until - clock.time())))
                if not changed and clock.time() >= until:
                    return
                rested += PING_SECONDS
                look = changed or rested >= LOOK_SECONDS
                if not changed:
                    await _line(send, ": ping\r\n\r\n")


async def _line(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _gone(receive: Receive) -> None:
    message: dict[str, Any] | Any = {}
    while message.get("type") != "http.disconnect":
        message = await receive()
