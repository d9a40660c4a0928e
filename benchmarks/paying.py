"""`python -m benchmarks.paying`: how fast paying is on the kiosk's real window, seen in the frame buffer of its screen.

Code: from the moment the payment is known to the picture that holds it.
Confirmation: from the moment the kiosk knows of the money to the changed picture. Whole way: from the bank's app to the
confirmation, through notification, gateway and event stream, on the demo world with one kiosk.
"""

from __future__ import annotations

import argparse
import math
import os
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from simulators.world.display import OwnXvfb

STILL_SECONDS = 0.6


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser("python -m benchmarks.paying")
    parser.add_argument("--times", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=5, help="payments on the whole demo; 0 leaves it out")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tram-") as folder:
        display = OwnXvfb(Path(folder) / "screen")
        os.environ.update(DISPLAY=display.name, LIBGL_ALWAYS_SOFTWARE="1")
        try:
            codes, done, spent, spent_on_done = on_the_window(display, Path(folder), options.times)
        finally:
            display.close()
    told("payment known -> code on the screen", codes)
    told("of it the kiosk's own processor time", spent)
    told("money known -> confirmation on the screen", done)
    told("of it the kiosk's own processor time", spent_on_done)
    if options.rounds:
        told("bank's app -> confirmation on the screen, whole demo", whole_way(options.rounds))


def told(name: str, seconds: list[float]) -> None:
    """One line."""
    some = sorted(1000 * each for each in seconds)
    high = some[max(0, math.ceil(0.95 * len(some)) - 1)]
    print(
        f"{name}: median {some[len(some) // 2]:.0f} ms, p95 {high:.0f} ms, worst {some[-1]:.0f} ms ({len(some)} times)"
    )


def on_the_window(display: OwnXvfb, folder: Path, times: int) -> tuple[list[float], ...]:
    """The real stage on a screen of its own; pages are loaded before, as on a kiosk that has been idle once."""
    from kiosk.window import configure

    configure(folder, width=1080, height=1920)
    import trio

    from kiosk.garbage import collect_behind_pages
    from screens.app import TramWindow
    from screens.gallery import morning
    from screens.parts.codes import modules
    from screens.registry import load_next
    from screens.samples import SITE, done, pay
    from services.codes.vietqr import transfer
    from services.journeys import prompts as ask
    from services.journeys.books import NoBooks

    codes: list[float] = []
    spent: list[float] = []
    confirmations: list[float] = []
    spent_on_done: list[float] = []

    async def measured(stage: Any, prompt: Any, there: bool) -> tuple[float, float]:
        """Until it is seen, and the processor time of it without the watcher's."""
        watch = Watch(display, there)
        began, before = time.monotonic(), time.process_time()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(stage.ask, prompt)
            await trio.to_thread.run_sync(watch.wait)
            nursery.cancel_scope.cancel()
        return watch.at - began, watch.process_seconds - before - watch.own_seconds

    async def play() -> None:
        app = TramWindow(SITE, now=morning, prepare=False)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(app.async_run, "trio")
            while app.root is None:
                await trio.sleep(0.01)
            while load_next():
                await trio.sleep(0)
            modules("loads the library, as on a running kiosk")
            nursery.start_soon(collect_behind_pages, app.stage, NoBooks())
            for number in range(times):
                with trio.move_on_after(STILL_SECONDS):
                    await app.stage.ask(ask.Working(message="working.paying", can_stop=False))
                payload = transfer(bin="970436", account="0011004471", amount=1000 + number, purpose="TRM4K82QX")
                prompt = pay(payload=payload, amount=1000 + number)
                if number == 0:
                    with trio.move_on_after(2 * STILL_SECONDS):
                        await app.stage.ask(prompt)
                    Watch.find(display, payload)
                    with trio.move_on_after(STILL_SECONDS):
                        await app.stage.ask(ask.Working(message="working.paying", can_stop=False))
                seconds, worked = await measured(app.stage, prompt, True)
                codes.append(seconds)
                spent.append(worked)
                with trio.move_on_after(STILL_SECONDS):
                    await app.stage.ask(prompt)
                seconds, worked = await measured(app.stage, done(amount=1000 + number), False)
                confirmations.append(seconds)
                spent_on_done.append(worked)
            app.stop()
            nursery.cancel_scope.cancel()

    trio.run(play)
    return codes, confirmations, spent, spent_on_done


class Watch:
    """Looks at two points of the frame buffer all the time: the code's corner is black, the ground beside it white."""

    black, white = (0, 0), (0, 0)

    def __init__(self, display: OwnXvfb, there: bool) -> None:
        self._display, self._there = display, there
        self.at = self.process_seconds = self.own_seconds = 0.0
        self._over = threading.Event()
        threading.Thread(target=self._look, daemon=True).start()

    @classmethod
    def find(cls, display: OwnXvfb, text: str) -> None:
        """Where the code stands on the page, by reading it off the picture."""
        import zxingcpp

        codes: Any = zxingcpp.read_barcodes(display.frame(), formats=zxingcpp.BarcodeFormat.QRCode)
        found = list(codes)
        if [code.text for code in found] != [text]:
            raise RuntimeError("another code is on the screen")
        corner = found[0].position.top_left
        x, y = int(corner.x), int(corner.y)
        cls.black, cls.white = (x + 3, y + 3), (x - 8, y + 3)

    def _look(self) -> None:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            at = time.monotonic()
            if self._seen() is self._there:
                self.at = at
                self.process_seconds, self.own_seconds = time.process_time(), time.thread_time()
                break
            time.sleep(0.002)
        self._over.set()

    def _seen(self) -> bool:
        dark, light = self._display.pixel(*self.black), self._display.pixel(*self.white)
        return max(dark[:3]) < 40 and min(light[:3]) > 215

    def wait(self) -> None:
        """Until it was seen. RuntimeError after ten seconds."""
        self._over.wait()
        if not self.at:
            raise RuntimeError("the picture did not come")


def whole_way(rounds: int) -> list[float]:
    """Check-ins on the demo whose code is paid with the bank's app; the screen's own journal tells when it changed."""
    from simulators import citizens
    from simulators.world.check_in import BARS
    from simulators.world.person import Manners, Person
    from simulators.world.phone import payment_code
    from simulators.world.scripted import first_home
    from simulators.world.world import Options, World

    seconds: list[float] = []
    clinics = ("tim-mach", "noi-tong-quat", "tai-mui-hong", "mat", "rang-ham-mat", "co-xuong-khop")
    with tempfile.TemporaryDirectory(prefix="tram-") as folder, World(Path(folder), Options(desk=False)) as world:
        if world.display is None or world.journal is None:
            raise RuntimeError("the kiosk was not started")
        for number in range(rounds):
            person = Person(world.display, world.journal, world.processes, Manners(think=0.1), None)
            screen = first_home(world.journal)
            while screen.screen != "pay-by-viet-qr":
                match screen.screen:
                    case "home":
                        screen = person.touch(screen, "check-in")
                    case "choose-patient":
                        screen = person.touch(screen, "self")
                    case "scan-code":
                        screen = person.show_code(screen, citizens.load("khang").id)
                    case "place-card":
                        screen = person.put_card(screen, "khang")
                    case "confirm-identity":
                        person.take_card()
                        screen = person.touch(screen, "yes")
                    case "insurance-unhappy":
                        screen = person.touch(screen, "skip")
                    case "choose-clinic":
                        screen = person.touch(screen, clinics[number % len(clinics)])
                    case "declare-priority":
                        screen = person.touch(screen, "none")
                    case "review":
                        screen = person.touch(screen, "take-number")
                    case _:
                        screen = person.look()
            while (payload := payment_code(world.display.frame())) is None:
                time.sleep(0.05)
            began = time.monotonic()
            world.processes["bank"].control("pay", payload=payload)
            screen = world.journal.next(30)
            while screen.screen != "ticket-ready":
                screen = world.journal.next(30)
            seconds.append(screen.t - began)
            screen = person.wait_for_paper(screen)
            names = {each.name for each in screen.touchables} - BARS
            person.touch(screen, "done" if "done" in names else names.pop())
    return seconds


if __name__ == "__main__":
    main()
