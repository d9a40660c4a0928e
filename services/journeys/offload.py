"""Blocking calls off the window's thread: one place per device, because abandoned calls would exhaust a shared pool."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import trio

T = TypeVar("T")


class ThreadOffload:
    """The product's seam. A cancelled caller goes on at once; its thread ends by itself and frees the place then."""

    def __init__(self) -> None:
        self._places: dict[str, trio.CapacityLimiter] = {}

    async def __call__(self, device: str, work: Callable[[], T]) -> T:
        """Run `work` in a thread, after everything else of the same device."""
        place = self._places.setdefault(device, trio.CapacityLimiter(1))
        return await trio.to_thread.run_sync(work, abandon_on_cancel=True, limiter=place)


class InlineOffload:
    """The double of headless tests: a jumping clock would fire deadlines while a real thread works."""

    async def __call__(self, device: str, work: Callable[[], T]) -> T:
        """Run `work` here and now; a checkpoint all the same."""
        await trio.lowlevel.checkpoint()
        return work()
