"""A scripted journey of a one-stop centre in a world of its own: pictures, slips and figures into a folder."""

from __future__ import annotations

import base64
import json
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from drivers.printer.decode import decode
from simulators.world.journal import Journal, ScreenDidNotCome, Settled
from simulators.world.person import Manners, Person, StepFailed
from simulators.world.scripted import FAULTS, HOMES, first_home, keep_last_picture, summarise
from simulators.world.world import Options, World

STILL_SECONDS = 2.0
Play = Callable[[World, Person, Settled], dict[str, Any]]
"""Played from the start page on; what it found goes into `summary.json`, `told` into the last sentence too."""


def in_a_centre(journey: str, out: Path, manners: Manners, program: tuple[str, ...], play: Play) -> int:
    """Play it; 0 when every step worked, 1 with a clear sentence when one did not."""
    pictures = out / "screens"
    pictures.mkdir(parents=True, exist_ok=True)
    for old in pictures.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory(prefix="tram-") as folder:
        world = World(Path(folder), Options(desk=False, one_stop=True, kiosk_program=program))
        try:
            world.start()
            person = somebody(world, manners)
            found = play(world, person, tiles(world, first_home(person.journal)))
            nothing_fell_over(world)
            summary = {**summarise(journey, world, person), **found}
        except FAULTS as error:
            print(f"The scripted {journey} failed: {error}")
            if "kiosk" in world.processes:
                print(world.processes["kiosk"].tail())
            keep_last_picture(world, pictures)
            return 1
        finally:
            world.stop()
    (out / "summary.json").write_text(json.dumps(summary, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(
        f"{journey} by {manners.citizen}: {summary['touches']} touches, {summary['machine_ms'] / 1000:.2f} s of "
        f"machine time in {len(summary['steps'])} steps; {found['told']}. "
        f"Pictures, slips and summary.json are in {out}."
    )
    return 0


def somebody(world: World, manners: Manners) -> Person:
    """A person in front of this world's kiosk; no pictures are kept of them yet."""
    if world.display is None or world.journal is None:
        raise StepFailed("the kiosk was not started")
    return Person(world.display, world.journal, world.processes, replace(manners), None)


def tiles(world: World, screen: Settled) -> Settled:
    """The start page once it has its catalogue, and stands still: what comes with it moves the tiles."""
    journal: Journal | None = world.journal
    while journal is not None and (screen.screen not in HOMES or screen.named("take-number") is None):
        screen = journal.next(60.0)
    with suppress(ScreenDidNotCome):
        while journal is not None:
            screen = journal.next(STILL_SECONDS)
    return screen


def nothing_fell_over(world: World) -> None:
    """A fault in a page is caught and the kiosk goes on: here it counts."""
    if " ERROR " in world.processes["kiosk"].log.read_text("utf-8", "replace"):
        raise StepFailed("something fell over and was caught: the kiosk's log tells where")


def slips_printed(world: World) -> int:
    """How many came out so far."""
    return int(world.processes["printer"].state()["slips"])


def save_slips(world: World, out: Path, names: Sequence[str], after: int = 0) -> None:
    """The slips that came out after the first `after`, as bytes and decoded; StepFailed where one is missing."""
    there = slips_printed(world) - after
    if there != len(names):
        raise StepFailed(f"the printer printed {there} slips and not {len(names)}")
    for number, name in enumerate(names, after + 1):
        raw = base64.b64decode(world.processes["printer"].control("slip", number=number)["bytes"])
        (out / f"{name}.bin").write_bytes(raw)
        decode(raw)[0].picture.save(out / f"{name}.png")
