"""Python's collector works while a page stands and is read, never between a touch and its picture.

A page that goes leaves some thousand objects in cycles. Left alone, Python would collect them in the middle of a slide,
or, put off to the end, take 100 ms at once and some 80 MB until then. What lives as long as the kiosk is frozen out of
the collection, so the garbage of one page takes some 10 ms, a third of a frame. A catalogue of thousands of records
comes later, and a new one now and then: it is frozen when the start page stands next, else each takes 90 ms more.
"""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress
from typing import Any

import trio

from screens.stage import KivyStage
from services.journeys.books import Library
from services.journeys.prompts import Home, OneStopHome, Prompt

BREATH_SECONDS = 0.1
"""After a page stands: its picture comes first."""
QUIET_SECONDS = 600.0
"""Collected at least so often, also when nobody comes."""


def give_back() -> None:
    """Freed pages go back to the system: glibc keeps them otherwise, textures of 8 MB among them (malloc_trim(3))."""
    with suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


async def collect_behind_pages(stage: KivyStage, library: Library) -> None:
    """Never returns. Started when everything that stays is there; books of `library` that come later are frozen too."""
    came, grown = trio.Event(), False

    def watch(_prompt: Prompt[Any]) -> None:
        came.set()

    def other_books() -> None:
        nonlocal grown
        grown = True

    stage.watchers.append(watch)
    library.on_change(other_books)
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        while True:
            with trio.move_on_after(QUIET_SECONDS):
                await came.wait()
                await trio.sleep(BREATH_SECONDS)
            came = trio.Event()
            at_home = isinstance(stage.current, (Home, OneStopHome))
            if grown and at_home:
                # Everything is looked at once more, the old catalogue too; then the new one is left alone.
                grown = False
                gc.unfreeze()
                gc.collect()
                gc.freeze()
            else:
                gc.collect()
            if at_home:
                give_back()
    finally:
        gc.enable()
        gc.unfreeze()
        stage.watchers.remove(watch)
