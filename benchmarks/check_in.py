"""`python -m benchmarks.check_in`: what a check-in costs on this machine, measured on the whole demo world.

First frame, machine time of a check-in on the radio model (10 ms per APDU and 212 kbit/s) with an extended-length and
a short-length card, touch to changed picture, idle CPU, and resident memory over many check-ins.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from simulators.world.display import OwnXvfb
from simulators.world.person import Manners, Person
from simulators.world.scripted import first_home, play
from simulators.world.world import Options, World

TICKS = 100.0
"""Clock ticks a second of /proc/PID/stat (sysconf SC_CLK_TCK on Linux)."""
CLINICS = ("tim-mach", "noi-tong-quat", "tai-mui-hong", "mat", "rang-ham-mat", "co-xuong-khop")
HURRIED = Manners(think=0.15)
"""For the memory figure: nobody waits for anybody."""


@contextmanager
def world(*chip: str) -> Generator[World]:
    """A fresh demo without the desk."""
    with (
        tempfile.TemporaryDirectory(prefix="tram-") as folder,
        World(Path(folder), Options(chip=chip, desk=False)) as it,
    ):
        yield it


def first_frame(here: World) -> tuple[list[float], list[float]]:
    """Seconds from starting the kiosk's process to the picture of its start page, and until that takes touches."""
    display, journal = here.display, here.journal
    if not isinstance(display, OwnXvfb) or journal is None:
        raise RuntimeError("needs a screen of its own")
    target = first_home(journal).named("check-in")
    if target is None:
        raise RuntimeError("the start page has nothing to touch")
    # On the face of the button, beside its word.
    spot = (round(target.x + 40), round(target.y + target.h / 2))
    face = display.pixel(*spot)
    drawn: list[float] = []
    touchable: list[float] = []
    for _ in range(6):
        here.processes["kiosk"].stop()
        _until(lambda: display.pixel(*spot) != face)
        began = time.monotonic()
        here.start_kiosk()
        _until(lambda: display.pixel(*spot) == face)
        drawn.append(time.monotonic() - began)
        if here.journal is None:
            raise RuntimeError("no journal")
        touchable.append(first_home(here.journal).t - began)
    return drawn[1:], touchable[1:]


def _until(true: Callable[[], bool]) -> None:
    ends = time.monotonic() + 60
    while not true():
        if time.monotonic() > ends:
            raise TimeoutError("the screen did not change")
        time.sleep(0.002)


def check_ins(here: World, count: int, manners: Manners = HURRIED) -> list[Person]:
    """So many check-ins one after another by somebody who pays; a second one at the same clinic keeps its number."""
    return [play(here, replace(manners, clinic=CLINICS[number % len(CLINICS)]), None) for number in range(count)]


def touches(here: World, count: int) -> list[float]:
    """Milliseconds from the X event to the first changed pixel under the finger."""
    display, journal = here.display, here.journal
    if not isinstance(display, OwnXvfb) or journal is None:
        raise RuntimeError("needs a screen of its own")
    home = first_home(journal)
    target = home.named("volume")
    if target is None:
        raise RuntimeError("no tool to touch")
    x, y = target.middle
    # Beside the word, on the face of the button: it stays pressed for 80 ms.
    spot = (round(target.x + 14), round(target.y + 30))
    found: list[float] = []
    for _ in range(count):
        before = display.pixel(*spot)
        began = time.monotonic()
        display.touch(x, y)
        while display.pixel(*spot) == before and time.monotonic() - began < 2:
            time.sleep(0.0005)
        found.append((time.monotonic() - began) * 1000)
        time.sleep(0.5)
    return found


def idle_cpu(here: World, seconds: float) -> float:
    """Percent of one core the kiosk uses while nobody is there."""
    pid = here.processes["kiosk"].child.pid

    def used() -> float:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    time.sleep(10)
    before, began = used(), time.monotonic()
    time.sleep(seconds)
    return 100 * (used() - before) / (time.monotonic() - began)


def percentile(values: list[float], share: float) -> float:
    """The value below which this share lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def report(name: str, measure: Callable[[], str]) -> None:
    """One line a figure, as soon as it is known."""
    print(f"{name:<58} {measure()}", flush=True)


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.check_in", description=__doc__)
    parser.add_argument("--check-ins", type=int, default=50, help="of the memory figure")
    parser.add_argument("--touches", type=int, default=150)
    options = parser.parse_args()
    with world("--radio") as here:
        drawn, touchable = first_frame(here)
        report("first frame, warm (s, median and worst of 5)", lambda: _spread(drawn, "{:.2f}"))
        report("start page takes touches (s, median and worst of 5)", lambda: _spread(touchable, "{:.2f}"))
        play(here, replace(HURRIED, citizen="hoa"), None)
        people = check_ins(here, 5, Manners())
        report("machine time of a check-in, extended length (s)", lambda: _machine(people))
        _print_steps(people)
        values = touches(here, options.touches)
        report("touch to changed picture (ms, median and p99)", lambda: _tail(values))
        report("idle CPU (% of a core)", lambda: f"{idle_cpu(here, 30):.1f}")
    with world("--radio", "--short") as here:
        play(here, replace(HURRIED, citizen="hoa"), None)
        short = check_ins(here, 5, Manners())
        report("machine time of a check-in, short length (s)", lambda: _machine(short))
    with world() as here:
        memory: list[float] = []
        for _ in range(options.check_ins):
            check_ins(here, 1)
            memory.append(here.memory_mb("kiosk"))
        settled = memory[min(9, len(memory) - 1)]
        growth = 100 * (memory[-1] - settled) / settled
        report(
            f"resident memory after {options.check_ins} check-ins (MB), growth since the 10th",
            lambda: f"{memory[-1]:.0f}, {growth:+.1f} %",
        )


def _machine(people: list[Person]) -> str:
    return _spread([person.account.machine_ms / 1000 for person in people], "{:.2f}")


def _spread(values: list[float], form: str) -> str:
    return f"{form.format(statistics.median(values))}, {form.format(max(values))}"


def _tail(values: list[float]) -> str:
    return f"{statistics.median(values):.0f}, {percentile(values, 0.99):.0f}"


def _print_steps(people: list[Person]) -> None:
    names = [step.name for step in people[0].account.steps]
    for number, name in enumerate(names):
        values = [p.account.steps[number].duration_ms for p in people if len(p.account.steps) == len(names)]
        print(f"    {name:<24} {people[0].account.steps[number].act:<22} {statistics.median(values):6.0f} ms")


if __name__ == "__main__":
    main()
