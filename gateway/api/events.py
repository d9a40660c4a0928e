"""Server-sent events: the newest state of one thing, whenever it changed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Protocol, TypeVar

from sse_starlette.event import ServerSentEvent
from starlette.concurrency import run_in_threadpool

from gateway.store.bus import Bus

LOOK_SECONDS = 15.0
"""Without an announcement the store is read again after this: the net under a lost one."""


class Versioned(Protocol):
    """A wire model that grows a version with every change."""

    @property
    def version(self) -> int: ...

    def model_dump_json(self) -> str: ...


V = TypeVar("V", bound=Versioned)


async def follow(
    bus: Bus, topic: str, read: Callable[[], V], *, ended: Callable[[V], bool]
) -> AsyncIterator[ServerSentEvent]:
    """Now, and after every change, until `ended`. Subscribed before the first read, so that no change falls between."""
    last = -1
    with bus.subscribe(topic) as subscription:
        while True:
            state = await run_in_threadpool(read)
            if state.version != last:
                last = state.version
                yield ServerSentEvent(data=state.model_dump_json(), id=str(last), event="change")
            if ended(state):
                return
            await subscription.changed(LOOK_SECONDS)
