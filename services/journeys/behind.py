"""Work that goes on behind the steps of a journey: nobody waits for it, and it ends with the session at the latest."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NoReturn

import trio

from services.journeys.crash import log_crash

Work = Callable[[], Awaitable[None]]


class Behind:
    """One per session; the runner keeps `run` going as long as the journey is walked."""

    def __init__(self) -> None:
        self._waiting: list[Work] = []
        self._more = trio.Event()

    def start(self, work: Work) -> None:
        """Begin `work`. A fault of it is logged and ends nothing else."""
        self._waiting.append(work)
        self._more.set()

    async def run(self) -> NoReturn:
        """Do what is started, until cancelled."""
        async with trio.open_nursery() as nursery:
            while True:
                while self._waiting:
                    nursery.start_soon(_guarded, self._waiting.pop(0))
                self._more = trio.Event()
                await self._more.wait()


async def _guarded(work: Work) -> None:
    try:
        await work()
    except Exception as error:
        log_crash("behind the journey", error)
