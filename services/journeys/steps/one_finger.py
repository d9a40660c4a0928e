"""One finger on the reader, or what the person touches instead (picture 12)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar, cast

import trio

from drivers.fingerprint.errors import FingerHint
from services.journeys.ports import FingerTry
from services.journeys.prompts import CompareFinger, Finger, FingerAnswer
from services.journeys.racing import first
from services.journeys.walk import Walk

T = TypeVar("T")
TRIES = 3
CAPTURES = 6
"""Pictures in all, those included that nobody can compare; then there is another way."""
LIFT = f"finger.hint.{FingerHint.LIFT.value}"
FINGERS = (Finger.RIGHT_INDEX, Finger.LEFT_INDEX, Finger.RIGHT_THUMB, Finger.LEFT_THUMB)


async def one_finger(
    walk: Walk, prompt: CompareFinger, work: Callable[[Callable[[int], None]], Awaitable[T]]
) -> T | FingerAnswer:
    """What `work` says of a finger that was put down, or the answer that was touched. The page shows how far it is.

    A finger that still lies there from before is no picture: it is asked to lift, once, and waited for.
    """
    told = prompt.hint == LIFT

    def reading(percent: int) -> None:
        nonlocal told
        told = False
        walk.update(replace(prompt, percent=percent, hint=None))

    async def finger() -> T | FingerAnswer:
        nonlocal told
        while True:
            found = await work(reading)
            if not _rests(found):
                return found
            if not told:
                told = True
                walk.update(replace(prompt, hint=LIFT))
            await trio.lowlevel.checkpoint()

    async def touch() -> T | FingerAnswer:
        return await walk.ask(prompt)

    return await first(finger, touch)


def _rests(found: object) -> bool:
    tried = cast("object", found[0]) if isinstance(found, tuple) else found
    return isinstance(tried, FingerTry) and tried.hint == FingerHint.LIFT.value
