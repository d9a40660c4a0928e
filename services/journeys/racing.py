"""Several things at once, the first to end decides: an answer, a scanned code, a card, a touch on Back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

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
        # No local name may hold the error: its traceback holds this frame, and the two would keep what was read alive.
        try:
            ended.append(_Ended(value=await way()))
        except Exception as error:
            ended.append(_Ended[T](error=error))
        nursery.cancel_scope.cancel()

    async with trio.open_nursery() as nursery:
        for way in ways:
            nursery.start_soon(run, way)
    winner = ended[0]
    ended.clear()
    if winner.error is None:
        return winner.value  # type: ignore[return-value]  # a way without an error returned a T
    try:
        raise winner.error
    finally:
        del winner
