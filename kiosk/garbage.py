"""Python's collector works while nobody waits: on the start page, never between a touch and its picture.

A full collection of this process takes some 100 ms, three frames that a person would feel. What lives as long as the
kiosk is frozen out of it; what a session left behind is collected as soon as the start page stands.
"""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress
from typing import Any

import trio

from screens.stage import KivyStage
from services.journeys.prompts import Home, Prompt

BREATH_SECONDS = 1.0
"""The start page stood so long: nobody is in the middle of a touch."""
MOST_PUT_OFF = 2
"""Sessions in a row that may put it off because the next person touched at once."""
QUIET_SECONDS = 600.0
"""Collected at least so often, also when nobody comes."""


def give_back() -> None:
    """Freed pages go back to the system: glibc keeps them otherwise, textures of 8 MB among them (malloc_trim(3))."""
    with suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


async def collect_between_sessions(stage: KivyStage) -> None:
    """Never returns. Started when everything that stays is there."""
    came = trio.Event()

    def watch(prompt: Prompt[Any]) -> None:
        if isinstance(prompt, Home):
            came.set()

    stage.watchers.append(watch)
    gc.collect()
    gc.freeze()
    gc.disable()
    put_off = 0
    try:
        while True:
            with trio.move_on_after(QUIET_SECONDS):
                await came.wait()
                await trio.sleep(BREATH_SECONDS)
            came = trio.Event()
            if not isinstance(stage.current, Home) and put_off < MOST_PUT_OFF:
                put_off += 1
                continue
            put_off = 0
            gc.collect()
            give_back()
    finally:
        gc.enable()
        gc.unfreeze()
        stage.watchers.remove(watch)
