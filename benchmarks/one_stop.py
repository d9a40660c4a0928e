"""`python -m benchmarks.one_stop`: the one-stop pages on this machine, drawn in software without a display.

From a key's touch to the picture with the changed list among 2,000 procedures; from the question to the picture of a
form of forty fields. Slides are off: they are an animation, not a delay. Pages are loaded before, as on a kiosk that
stood for a minute.
"""

from __future__ import annotations

import json
import os
import statistics
import tempfile
import time
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import trio

TYPED = "giay chung nhan du dieu kien "
ROUNDS = 4
FORMS = 40
_HERE = ZoneInfo("Asia/Ho_Chi_Minh")


async def measure() -> tuple[list[float], list[float], list[float], list[float]]:
    """Milliseconds of each key and of each form; then the same as processor time, which others do not lengthen."""
    from kivy.core.window import Window
    from kivy.graphics.opengl import glFinish  # pyright: ignore[reportUnknownVariableType] - Cython without types

    from kiosk.garbage import collect_behind_pages
    from screens.app import TramWindow
    from screens.registry import load_next
    from screens.samples import SITE
    from screens.samples_one_stop import FORTY
    from services.journeys.books import NoBooks, shelf_of
    from services.journeys.checklist import Place
    from services.journeys.prompts import FillForm, FindProcedure
    from services.journeys.steps.find_procedure import find_procedures
    from services.procedures.files import SAMPLE_CALENDAR
    from simulators.catalogue import many_procedures

    now = datetime(2026, 11, 30, 8, tzinfo=_HERE)
    raw = json.dumps(many_procedures(2000), ensure_ascii=False).encode()
    books = shelf_of(raw, SAMPLE_CALENDAR.read_bytes()).books(now.date())
    find = partial(find_procedures, books, Place("99001", "99"), english=False)

    app: Any = TramWindow(SITE, now=lambda: now, reduced_motion=True, prepare=False)

    async def flip() -> None:
        """Until the next picture is drawn: else llvmpipe puts three pictures off and bills them to one key."""
        out = trio.Event()
        Window.bind(on_flip=lambda *_: out.set())
        app.stage.frame.canvas.ask_update()
        await out.wait()
        glFinish()

    keys: list[float] = []
    forms: list[float] = []
    key_cpu: list[float] = []
    form_cpu: list[float] = []
    async with trio.open_nursery() as nursery:
        nursery.start_soon(app.async_run, "trio")
        while app.root is None:
            await trio.sleep(0.01)
        # As the kiosk does: pages are loaded while nobody is there, garbage is collected behind a page.
        while load_next():
            pass
        nursery.start_soon(collect_behind_pages, app.stage, NoBooks())
        async with trio.open_nursery() as asking:
            asking.start_soon(app.stage.ask, FindProcedure(find=find))
            await trio.sleep(1)
            keyboard = app.stage.frame.page.keyboard
            for letter in TYPED * ROUNDS:
                begun, used = time.perf_counter(), time.process_time()
                keyboard.press(letter)
                await flip()
                keys.append((time.perf_counter() - begun) * 1000)
                key_cpu.append((time.process_time() - used) * 1000)
                if letter == TYPED[-1] and keyboard.text.endswith("  "):
                    keyboard.put("")
                await trio.sleep(0.03)
            asking.cancel_scope.cancel()
        for number in range(FORMS):
            async with trio.open_nursery() as asking:
                begun, used = time.perf_counter(), time.process_time()
                asking.start_soon(app.stage.ask, FillForm(form=f"Tờ khai {number}", rows=FORTY, left=0))
                await trio.sleep(0)
                await flip()
                forms.append((time.perf_counter() - begun) * 1000)
                form_cpu.append((time.process_time() - used) * 1000)
                asking.cancel_scope.cancel()
            app.stage.reset()
        app.stop()
        nursery.cancel_scope.cancel()
    return keys, forms, key_cpu, form_cpu


def main() -> None:
    """Measure and print."""
    os.environ["SDL_VIDEODRIVER"] = "offscreen"
    os.environ["LP_NUM_THREADS"] = "0"
    from kiosk.window import configure

    with tempfile.TemporaryDirectory() as home:
        configure(Path(home), width=1080, height=1920)
        keys, forms, key_cpu, form_cpu = trio.run(measure)
    _tell(f"key to changed list, 2,000 procedures, {len(keys)} keys", keys, key_cpu)
    _tell(f"form of 40 fields opens, {len(forms)} times", forms, form_cpu)


def _tell(what: str, wall: list[float], cpu: list[float]) -> None:
    """Median and 99th percentile of both clocks."""
    both = (statistics.quantiles(each, n=100) for each in (wall, cpu))
    figures = [f"{cuts[49]:.0f} / {cuts[98]:.0f} ms" for cuts in both]
    print(f"{what}: median / 99 % {figures[0]}; processor time {figures[1]}")


if __name__ == "__main__":
    main()
