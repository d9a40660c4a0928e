"""Threads on which the rules run: reached at half the cost of the framework's own, which are made for any library."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Workers:
    """So many at a time; more only wait for each other."""

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, "rules")

    async def run(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Do `work` on a thread. What has begun is finished, also when nobody waits for it any more."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, partial(work, *args, **kwargs))

    def close(self) -> None:
        """Wait for what has begun, begin nothing more."""
        self._pool.shutdown(cancel_futures=True)
