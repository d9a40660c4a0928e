"""Waiting for a change at the gateway: its event stream first, and a quiet poll beside it as the net.

An event only says "look"; what is shown comes from the answer to a question. So a lost, doubled or late event
does no harm, and nothing depends on the stream.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

import trio

from services.gateway_client.channel import Channel
from services.gateway_client.errors import GatewayError
from services.gateway_client.event_stream import EventStream
from services.gateway_client.http import Place
from services.journeys.ports import Offload

POLL_SECONDS = 2.5
AGAIN_SECONDS = 3.0
"""Between two tries to open the stream."""

log = logging.getLogger(__name__)


class Versioned(Protocol):
    """What grows a version with every change."""

    @property
    def version(self) -> int:
        """Grows with every change."""
        ...


V = TypeVar("V", bound=Versioned)


class Watcher:
    """Waits for changes."""

    def __init__(self, channel: Channel, offload: Offload) -> None:
        self._channel = channel
        self._offload = offload

    async def changed(self, now: V, events: str, look: Callable[[], Awaitable[V]]) -> V:
        """Wait until `look()` differs in its version from `now`. `events` is the path of its event stream.

        Failures of the network only make it wait longer; a refusal is raised (GatewayError).
        """
        ends: list[V | GatewayError] = []
        send, receive = trio.open_memory_channel[None](1)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._listen, events, send)
            while not ends:
                with trio.move_on_after(POLL_SECONDS):
                    await receive.receive()
                try:
                    latest = await look()
                except GatewayError as error:
                    if not error.retry:
                        ends.append(error)
                    continue
                if latest.version != now.version:
                    ends.append(latest)
            nursery.cancel_scope.cancel()
        end = ends[0]
        if isinstance(end, GatewayError):
            raise end
        return end

    async def _listen(self, path: str, nudge: trio.MemorySendChannel[None]) -> None:
        """Follow the stream for ever; each event nudges the poll."""
        token = trio.lowlevel.current_trio_token()

        def tell() -> None:
            with contextlib.suppress(trio.WouldBlock, trio.BrokenResourceError):
                nudge.send_nowait(None)

        def told() -> None:
            with contextlib.suppress(trio.RunFinishedError):
                token.run_sync_soon(tell)

        while True:
            await self._follow(EventStream(self._channel, path, told))
            await trio.sleep(AGAIN_SECONDS)

    async def _follow(self, stream: EventStream) -> None:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_close_at_the_end, stream)
            try:
                await self._offload(Place.EVENTS.value, stream.follow)
            except GatewayError as error:
                log.debug("event stream: %s", error)
            nursery.cancel_scope.cancel()


async def _close_at_the_end(stream: EventStream) -> None:
    """A cancelled wait must not leave a thread reading: its place would stay taken."""
    try:
        await trio.sleep_forever()
    finally:
        stream.close()
