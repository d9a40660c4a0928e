"""A real window without a display (EGL, llvmpipe), sample prompts, and fingers that touch it."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import trio

os.environ["SDL_VIDEODRIVER"] = "offscreen"
# Without a display, llvmpipe's threads keep every frame they drew (6 MB each).
os.environ["LP_NUM_THREADS"] = "0"
if "kivy" not in sys.modules:
    from kiosk.window import configure

    configure(Path(tempfile.mkdtemp(prefix="tram-kivy-")), width=1080, height=1920)

if TYPE_CHECKING:
    from screens.app import TramWindow
    from screens.layout import Box
    from screens.samples import Sample
    from screens.shell.frame import Frame
    from screens.site import SiteFacts
    from screens.stage import KivyStage
    from services.journeys.prompts import Prompt, Say
    from services.journeys.stage import StageEvent

FRAME = 1 / 30
PATIENCE = 60.0


class Ears:
    """Hears what is said and what the tools switch outside the screen."""

    def __init__(self) -> None:
        self.said: list[tuple[tuple[Say, ...], str]] = []
        self.stops = 0
        self.ticks = 0
        self.volumes: list[int] = []
        self.headphones = False

    def say(self, sentences: Any, language: str) -> None:
        self.said.append((tuple(sentences), language))

    def stop(self) -> None:
        self.stops += 1

    def tick(self) -> None:
        self.ticks += 1

    def set_volume(self, percent: int) -> None:
        self.volumes.append(percent)


class Hall:
    """The running window: asks prompts and touches what they show."""

    def __init__(self, app: TramWindow, ears: Ears, nursery: trio.Nursery) -> None:
        self.app, self.ears, self._nursery = app, ears, nursery
        self.answers: list[object] = []
        self.events: list[StageEvent] = []

    @property
    def stage(self) -> KivyStage:
        return self.app.stage

    def ask(self, prompt: Prompt[Any], *, backwards: bool = False) -> trio.CancelScope:
        """Ask in the background; the answer is put into `answers`."""
        scope = trio.CancelScope()

        async def asking() -> None:
            with scope:
                self.answers.append(await self.stage.ask(prompt, backwards=backwards))

        self._nursery.start_soon(asking)
        return scope

    async def until(self, true: Any) -> None:
        """Wait for a condition, frame by frame."""
        with trio.fail_after(PATIENCE):
            while not true():
                await trio.sleep(FRAME / 3)

    async def frames(self, count: int) -> None:
        """Let so many be drawn."""
        for _ in range(count):
            await trio.sleep(FRAME)

    async def shown(self, prompt: Prompt[Any]) -> None:
        """Until the prompt's page takes touches."""
        await self.until(lambda: self.stage.current is prompt and self.stage.accepting)

    async def ask_shown(self, prompt: Prompt[Any]) -> trio.CancelScope:
        """Ask and wait until it takes touches."""
        scope = self.ask(prompt)
        await self.shown(prompt)
        return scope

    def listen(self) -> None:
        """Gather the events of the bars."""

        async def gather() -> None:
            async for event in self.stage.events():
                self.events.append(event)

        self._nursery.start_soon(gather)

    def boxes(self) -> list[Box]:
        """Everything that is shown, bars included."""
        from screens.layout import Box

        frame = self.stage.frame
        bars = [box for part in frame.children if isinstance(part, Box) for box in part.each()]
        return bars + (list(frame.page.each()) if frame.page is not None else [])

    def find(self, name: str) -> Box:
        """A touchable by its name."""
        from screens.parts.touch import Touch

        there = {box.name: box for box in self.boxes() if isinstance(box, Touch)}
        assert name in there, (name, sorted(there), self.stage.current)
        return there[name]

    async def press(self, x: float, y: float) -> None:
        """A finger at window coordinates (y from the bottom) comes and goes."""
        from kivy.core.window import Window

        Window.dispatch("on_mouse_down", x, Window.height - y, "left", [])
        await trio.sleep(FRAME)
        Window.dispatch("on_mouse_up", x, Window.height - y, "left", [])
        await trio.sleep(FRAME * 2)

    async def touch(self, name: str) -> None:
        """Touch what has this name, in its middle."""
        from screens.layout import window_box

        x, y, width, height = window_box(self.find(name))
        await self.press(x + width / 2, y + height / 2)


@pytest.fixture
async def hall(nursery: trio.Nursery) -> AsyncIterator[Hall]:
    """The window, running; slides are off, so that a page takes touches at once."""
    async with opened(nursery, reduced_motion=True) as running:
        yield running


class opened:
    """A window for as long as the block lasts."""

    def __init__(self, nursery: trio.Nursery, **settings: Any) -> None:
        self._nursery, self._settings = nursery, settings

    async def __aenter__(self) -> Hall:
        from screens.app import TramWindow
        from screens.gallery import morning
        from screens.samples import SITE
        from screens.theme import theme

        theme.larger = theme.contrast = theme.low = False
        ears = Ears()
        self.app = TramWindow(SITE, speaker=ears, controls=ears, now=morning, prepare=False, **self._settings)
        self._nursery.start_soon(self.app.async_run, "trio")
        with trio.fail_after(PATIENCE):
            while self.app.root is None:
                await trio.sleep(FRAME)
        return Hall(self.app, ears, self._nursery)

    async def __aexit__(self, *_: object) -> None:
        self.app.stop()
        with trio.CancelScope(shield=True), trio.move_on_after(1):
            await trio.sleep(FRAME * 3)


@pytest.fixture
def show() -> Iterator[Callable[[SiteFacts, Sample], Frame]]:
    """Put a sample's page into a frame of its own, without a running window: for measuring."""
    from screens.gallery import morning, switch
    from screens.registry import page_class
    from screens.stage import KivyStage

    stages = list[KivyStage]()

    def put(site: SiteFacts, sample: Sample) -> Frame:
        while stages:
            stages.pop().close()
        switch("n")
        stage = KivyStage(site, now=morning, reduced_motion=True)
        stages.append(stage)
        page = page_class(type(sample.prompt))(sample.prompt, site, lambda _: None, lambda: None, lambda *_: None)
        stage.time_left(sample.left)
        stage.frame.show(page, backwards=False, slide=False, settled=lambda: None)
        return stage.frame

    yield put
    while stages:
        stages.pop().close()
    switch("n")


@pytest.fixture
def opening() -> type[opened]:
    """Open a window with settings of one's own."""
    return opened
