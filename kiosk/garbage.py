"""Python's collector works while a page stands and is read, never between a touch and its picture.

A page that goes leaves some thousand objects in cycles. Left alone, Python would collect them in the middle of a slide,
or, put off to the end, take 100 ms at once and some 80 MB until then. What lives as long as the kiosk is frozen out of
the collection, so the garbage of one page takes some 10 ms, a third of a frame.
"""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress
from typing import Any

import trio

from screens.stage import KivyStage
from services.journeys.prompts import Home, Prompt

BREATH_SECONDS = 0.1
"""After a page stands: its picture comes first."""
QUIET_SECONDS = 600.0
"""Collected at least so often, also when nobody comes."""


def give_back() -> None:
    """Freed pages go back to the system: glibc keeps them otherwise, textures of 8 MB among them (malloc_trim(3))."""
    with suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


async def collect_behind_pages(stage: KivyStage) -> None:
    """Never returns. Started when everything that stays is there."""
    came = trio.Event()

    def watch(_prompt: Prompt[Any]) -> None:
        came.set()

    stage.watchers.append(watch)
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        while True:
            with trio.move_on_after(QUIET_SECONDS):
                await came.wait()
                await trio.sleep(BREATH_SECONDS)
            came = trio.Event()
            gc.collect()
            if isinstance(stage.current, Home):
                give_back()
    finally:
        gc.enable()
        gc.unfreeze()
        stage.watchers.remove(watch)
