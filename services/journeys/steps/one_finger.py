"""One finger on the reader, or what the person touches instead (picture 12)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from services.journeys.prompts import CompareFinger, Finger, FingerAnswer
from services.journeys.racing import first
from services.journeys.walk import Walk

T = TypeVar("T")
TRIES = 3
CAPTURES = 6
"""Pictures in all, those included that nobody can compare; then there is another way."""
FINGERS = (Finger.RIGHT_INDEX, Finger.LEFT_INDEX, Finger.RIGHT_THUMB, Finger.LEFT_THUMB)


async def one_finger(
    walk: Walk, prompt: CompareFinger, work: Callable[[Callable[[int], None]], Awaitable[T]]
) -> T | FingerAnswer:
    """What `work` says of a finger that was put down, or the answer that was touched. The page shows how far it is."""

    def reading(percent: int) -> None:
        walk.update(replace(prompt, percent=percent, hint=None))

    async def finger() -> T | FingerAnswer:
        return await work(reading)

    async def touch() -> T | FingerAnswer:
        return await walk.ask(prompt)

    return await first(finger, touch)
