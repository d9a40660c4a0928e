"""Pull one wire again and again, and count."""

from __future__ import annotations

import os
import threading
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import trio

from benchmarks.replug.wires import Wire

NOTICED_SECONDS = 1.0
BACK_SECONDS = 5.0
"""Owed where nothing else is at work: the median until it is noticed, and each return."""
SETTLE_SECONDS = 0.3


@dataclass(frozen=True)
class Left:
    """What this process holds."""

    threads: int
    descriptors: int
    processes: int

    def over(self, before: Left) -> dict[str, int]:
        """What there is more of than `before`."""
        more = {name: getattr(self, name) - getattr(before, name) for name in ("threads", "descriptors", "processes")}
        return {name: count for name, count in more.items() if count > 0}


@dataclass
class Pulled:
    """Times of one device, in seconds, and what was left behind."""

    noticed: list[float] = field(default_factory=list[float])
    back: list[float] = field(default_factory=list[float])
    left: dict[str, int] = field(default_factory=dict[str, int])
    losses: int = 0
    openings: int = 0


def held() -> Left:
    """Threads, descriptors and child processes of this process now. Idle workers of trio's pool are no leak."""
    threads = [thread for thread in threading.enumerate() if not thread.name.startswith("Trio thread")]
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    return Left(len(threads), len(os.listdir("/proc/self/fd")), len(children))


async def pull(wire: AbstractAsyncContextManager[Wire], times: int, *, within_seconds: float = BACK_SECONDS) -> Pulled:
    """Unplug and plug `times` times. Raises trio.TooSlowError when it is not back within `within_seconds`."""
    result = Pulled()
    async with wire as pulled:
        await pulled.work()
        await _once(pulled, within_seconds)  # what is made once (a pool's thread, a library's descriptor) is there now
        await trio.sleep(SETTLE_SECONDS)
        before = held()
        for _ in range(times):
            noticed, back = await _once(pulled, within_seconds)
            result.noticed.append(noticed)
            result.back.append(back)
        await pulled.work()
        result.left = await _settled(before)
        result.losses, result.openings = pulled.supervisor.losses, pulled.supervisor.openings
    return result


async def _once(wire: Wire, within_seconds: float) -> tuple[float, float]:
    await wire.before()
    begun, noticed = monotonic(), 0.0

    async def notice() -> None:
        nonlocal noticed
        with trio.fail_after(within_seconds):
            await wire.supervisor.lost()
        noticed = monotonic() - begun

    # How long the pulling itself takes (a pcscd that ends and starts) is the peer's time, not the kiosk's.
    async with trio.open_nursery() as nursery:
        nursery.start_soon(notice)
        nursery.start_soon(wire.unplug)
    await wire.plug()
    plugged = monotonic()
    with trio.fail_after(within_seconds):
        await wire.supervisor.found()
    return noticed, monotonic() - plugged


async def _settled(before: Left) -> dict[str, int]:
    """A worker that ends, a connection that closes: they may take a moment."""
    for _ in range(20):
        if not held().over(before):
            break
        await trio.sleep(SETTLE_SECONDS)
    return held().over(before)
