"""Every screen in every mode as pictures: for people who compare them with the mock-ups."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import trio
from kivy.core.window import Window

from screens.app import TramWindow
from screens.samples import SAMPLES, SITE, Sample
from screens.stage import KivyStage
from screens.theme import theme


def morning() -> datetime:
    """A fixed time, so that pictures of two runs are the same."""
    return datetime(2026, 11, 23, 7, 14, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def switch(mode: str) -> None:
    """Letters of a mode: e, l, c, r."""
    theme.language = "en" if "e" in mode else "vi"
    theme.larger, theme.contrast, theme.low = "l" in mode, "c" in mode, "r" in mode


async def shown(stage: KivyStage, sample: Sample) -> None:
    """Ask the sample until cancelled."""
    stage.time_left(sample.left)
    await stage.ask(sample.prompt)


async def settled(stage: KivyStage, sample: Sample) -> None:
    """Wait until its page stands still and was drawn."""
    while stage.current is not sample.prompt or not stage.accepting:
        await trio.sleep(0.01)
    for _ in range(3):
        await trio.sleep(1 / 30)


async def draw(folder: Path, names: frozenset[str], modes: tuple[str, ...]) -> int:
    """Write FOLDER/MODE/NAME.png; returns how many."""
    app, count = TramWindow(SITE, now=morning, reduced_motion=True, prepare=False), 0
    async with trio.open_nursery() as nursery:
        nursery.start_soon(app.async_run, "trio")
        while app.root is None:
            await trio.sleep(0.01)
        for mode in modes:
            target = folder / mode
            target.mkdir(parents=True, exist_ok=True)
            for sample in SAMPLES:
                if names and sample.name not in names:
                    continue
                switch(mode)
                theme.one_stop = sample.one_stop
                async with trio.open_nursery() as asking:
                    asking.start_soon(shown, app.stage, sample)
                    await settled(app.stage, sample)
                    # Kivy puts a number into the name it is given.
                    os.replace(Window.screenshot(str(target / "shot.png")), target / f"{sample.name}.png")
                    asking.cancel_scope.cancel()
                app.stage.reset()
                count += 1
        app.stop()
    return count
