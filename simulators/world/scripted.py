"""A whole journey by itself on an own screen: pictures, slip and figures into a folder."""

from __future__ import annotations

import base64
import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import requests

from drivers.printer.decode import decode
from kiosk import __version__
from simulators.world.check_in import check_in
from simulators.world.journal import Journal, ScreenDidNotCome
from simulators.world.person import Manners, Person, StepFailed
from simulators.world.processes import NotReady, Refused
from simulators.world.world import Options, World

FIRST_SCREEN_SECONDS = 60.0


def run(journey: str, out: Path, manners: Manners) -> int:
    """Play `journey` ("check-in"); 0 when every step worked, 1 with a clear sentence when one did not."""
    pictures = out / "screens"
    pictures.mkdir(parents=True, exist_ok=True)
    for old in pictures.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory(prefix="tram-") as folder:
        world = World(Path(folder), Options(desk=False))
        try:
            world.start()
            person = play(world, manners, pictures)
            summary = summarise(journey, world, person)
            save_slips(world, out)
        except (NotReady, Refused, ScreenDidNotCome, StepFailed, requests.RequestException) as error:
            print(f"The scripted {journey} failed: {error}")
            keep_last_picture(world, pictures)
            _say_why(world)
            return 1
        finally:
            world.stop()
    (out / "summary.json").write_text(json.dumps(summary, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(
        f"{journey} by {manners.citizen}: {summary['touches']} touches, {summary['machine_ms'] / 1000:.2f} s of "
        f"machine time in {len(summary['steps'])} steps, {summary['human_ms'] / 1000:.1f} s of simulated human time, "
        f"{summary['resident_mb']:.0f} MB. Pictures, slip and summary.json are in {out}."
    )
    return 0


def play(world: World, manners: Manners, pictures: Path | None) -> Person:
    """One person from the start page to the start page."""
    if world.display is None or world.journal is None:
        raise StepFailed("the kiosk was not started")
    person = Person(world.display, world.journal, world.processes, manners, pictures)
    home = first_home(world.journal)
    check_in(person, home)
    return person


def first_home(journal: Journal) -> Any:
    """The start page that takes touches; the first one that is settled, or the one that was left on the screen."""
    if journal.last is not None and journal.last.screen == "home":
        return journal.newest() or journal.last
    screen = journal.next(FIRST_SCREEN_SECONDS)
    while screen.screen != "home":
        screen = journal.next(FIRST_SCREEN_SECONDS)
    return screen


def summarise(journey: str, world: World, person: Person) -> dict[str, Any]:
    """What `summary.json` holds; times in ms, measured on this machine."""
    account = person.account
    return {
        "journey": journey,
        "version": __version__,
        "citizen": person.manners.citizen,
        "language": person.manners.language,
        "text": person.manners.text,
        "contrast": person.manners.contrast,
        "steps": [asdict(step) for step in account.steps],
        "touches": account.touches,
        "machine_ms": round(account.machine_ms, 1),
        "human_ms": round(account.human_s * 1000, 1),
        "printing_ms": round(account.printing_s * 1000, 1),
        "resident_mb": round(world.memory_mb("kiosk"), 1),
        "screens": account.pictures,
    }


def save_slips(world: World, out: Path) -> None:
    """`ticket.bin` as the printer got it and `ticket.png` decoded from those bytes; a second slip beside it."""
    printer = world.processes["printer"]
    count = int(printer.state()["slips"])
    if not count:
        raise StepFailed("the printer printed nothing")
    for number in range(1, count + 1):
        raw = base64.b64decode(printer.control("slip", number=number)["bytes"])
        # The number comes first; who paid gets the confirmation after it.
        name = "ticket" if number == 1 else "payment"
        (out / f"{name}.bin").write_bytes(raw)
        slips = decode(raw)
        slips[0].picture.save(out / f"{name}.png")


def keep_last_picture(world: World, pictures: Path) -> None:
    """What was on the screen when it went wrong."""
    if world.display is not None:
        world.display.frame().save(pictures / "99-failed.png", compress_level=1)


def _say_why(world: World) -> None:
    dead = world.dead()
    if dead is not None:
        print(f"{dead.name} ended by itself. {dead.tail()}")
    elif "kiosk" in world.processes:
        print(f"The kiosk still ran. {world.processes['kiosk'].tail()}")
