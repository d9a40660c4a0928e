"""Several things at once: the first to end decides (an answer, a scanned code, a touch on Back), or both must end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

import trio

T = TypeVar("T")


@dataclass
class _Ended(Generic[T]):
    value: T | None = None
    error: Exception | None = None


async def first(*ways: Callable[[], Awaitable[T]]) -> T:
    """Run all `ways`, return what the first one returned or raise what it raised; the others are cancelled.

    The error comes as it is, never wrapped in a group, so that a step can catch it by its name.
    """
    ended: list[_Ended[T]] = []

    async def run(way: Callable[[], Awaitable[T]]) -> None:
        await _note(way, ended)
        nursery.cancel_scope.cancel()

    async with trio.open_nursery() as nursery:
        for way in ways:
            nursery.start_soon(run, way)
    return _result(ended)


async def beside(work: Callable[[], Awaitable[T]], other: Callable[[], Awaitable[None]]) -> T:
    """Do `work` while `other` runs; both must end. An error of `work` comes as it is and ends `other`."""
    ended: list[_Ended[T]] = []
    async with trio.open_nursery() as nursery:
        nursery.start_soon(other)
        await _note(work, ended)
        if ended[0].error is not None:
            nursery.cancel_scope.cancel()
    return _result(ended)


async def _note(way: Callable[[], Awaitable[T]], ended: list[_Ended[T]]) -> None:
    # No local name may hold the error: its traceback holds this frame, and the two would keep what was read alive.
    try:
        ended.append(_Ended(value=await way()))
    except Exception as error:
        ended.append(_Ended[T](error=error))


def _result(ended: list[_Ended[T]]) -> T:
    winner = ended[0]
    ended.clear()
    if winner.error is None:
        return cast("T", winner.value)
    try:
        raise winner.error
    finally:
        del winner
