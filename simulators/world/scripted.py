"""A whole journey by itself on an own screen: pictures, slip and figures into a folder."""

from __future__ import annotations

import base64
import json
import tempfile
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import requests
import zxingcpp
from PIL import Image

from drivers.printer.decode import decode
from kiosk import __version__
from simulators.world.books import Books
from simulators.world.cases import Case, WorldStill, wrong
from simulators.world.check_in import UNDISTURBED, check_in
from simulators.world.journal import Journal, ScreenDidNotCome
from simulators.world.person import Manners, Person, StepFailed
from simulators.world.processes import NotReady, Refused
from simulators.world.world import Options, World

FIRST_SCREEN_SECONDS = 60.0
ALL = "all"
HOMES = frozenset({"home", "one-stop-home"})
FAULTS = (NotReady, Refused, ScreenDidNotCome, StepFailed, WorldStill, requests.RequestException)


def run(
    journey: str,
    out: Path,
    manners: Manners,
    cases: tuple[Case, ...] = (UNDISTURBED,),
    kiosk_program: tuple[str, ...] = Options.kiosk_program,
) -> int:
    """Play `journey` ("check-in"); 0 when every step worked, 1 with a clear sentence when one did not.

    Several cases are played in one world, each into a folder of its own name.
    """
    with tempfile.TemporaryDirectory(prefix="tram-") as folder:
        hospital = "rest" if any(case.name for case in cases) else "none"
        fingers = any(case.fingers for case in cases)
        options = Options(desk=False, hospital=hospital, fingers=fingers, kiosk_program=kiosk_program)
        world = World(Path(folder), options)
        try:
            world.start()
        except NotReady as error:
            print(f"The scripted {journey} failed: {error}")
            world.stop()
            return 1
        try:
            failed = 0
            for case in cases:
                place = out / case.name if len(cases) > 1 else out
                failed += play_case(journey, world, case, place, manners)
            return 1 if failed else 0
        finally:
            world.stop()


def play_case(journey: str, world: World, case: Case, out: Path, manners: Manners) -> int:
    """One case into `out`: pictures, slips as the printer got them and decoded, summary.json; 1 when a step failed."""
    pictures = out / "screens"
    pictures.mkdir(parents=True, exist_ok=True)
    for old in pictures.glob("*.png"):
        old.unlink()
    manners = replace(manners, citizen=case.citizen or manners.citizen, clinic=case.clinic or manners.clinic)
    name = f"{journey} {case.name}".strip()
    try:
        printed = int(world.processes["printer"].state()["slips"])
        person = play(world, manners, pictures, case)
        save_slips(world, out, printed)
        check_slip(world, out)
        summary = summarise(journey, world, person, case)
    except FAULTS as error:
        print(f"The scripted {name} failed: {error}")
        keep_last_picture(world, pictures)
        _say_why(world)
        return 1
    (out / "summary.json").write_text(json.dumps(summary, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(
        f"{name} by {manners.citizen}: {summary['touches']} touches, {summary['machine_ms'] / 1000:.2f} s of "
        f"machine time in {len(summary['steps'])} steps, {summary['human_ms'] / 1000:.1f} s of simulated human time, "
        f"{summary['resident_mb']:.0f} MB. Pictures, slip and summary.json are in {out}."
    )
    return 0


def play(world: World, manners: Manners, pictures: Path | None, case: Case = UNDISTURBED) -> Person:
    """One person from the start page to the start page; then the books must say what the case is about."""
    if world.display is None or world.journal is None:
        raise StepFailed("the kiosk was not started")
    person = Person(world.display, world.journal, world.processes, manners, pictures)
    home = first_home(world.journal)
    books = Books(world.run)
    before = books.check_ins()

    def event(screen: str) -> None:
        if screen not in happened and screen in case.events:
            happened.add(screen)
            case.events[screen](world)

    happened = set[str]()
    try:
        if case.before is not None:
            case.before(world)
        screens = check_in(person, home, case, event)
        if case.after is not None:
            case.after(world)
        fault = wrong(case, screens, before, books.check_ins()) or (case.proof(world) if case.proof else None)
        if fault is not None:
            raise StepFailed(fault)
    finally:
        if case.undo is not None:
            case.undo(world)
    return person


def first_home(journal: Journal) -> Any:
    """The start page that takes touches; the first one that is settled, or the one that was left on the screen."""
    if journal.last is not None and journal.last.screen in HOMES:
        return journal.newest() or journal.last
    screen = journal.next(FIRST_SCREEN_SECONDS)
    while screen.screen not in HOMES:
        screen = journal.next(FIRST_SCREEN_SECONDS)
    return screen


def summarise(journey: str, world: World, person: Person, case: Case = UNDISTURBED) -> dict[str, Any]:
    """What `summary.json` holds; times in ms, measured on this machine."""
    account = person.account
    return {
        "journey": journey,
        "case": case.name,
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


def save_slips(world: World, out: Path, printed: int = 0) -> None:
    """`ticket.bin` as the printer got it and `ticket.png` decoded from those bytes; a second slip beside it.

    `printed` slips came out before.
    """
    printer = world.processes["printer"]
    count = int(printer.state()["slips"])
    if count == printed:
        raise StepFailed("the printer printed nothing")
    for number in range(printed + 1, count + 1):
        raw = base64.b64decode(printer.control("slip", number=number)["bytes"])
        # The number comes first; who paid gets the confirmation after it.
        name = "ticket" if number == printed + 1 else "payment"
        (out / f"{name}.bin").write_bytes(raw)
        slips = decode(raw)
        slips[0].picture.save(out / f"{name}.png")


def check_slip(world: World, out: Path) -> None:
    """The slip's own code can be scanned, and is that of the newest check-in in the gateway's books."""
    with Image.open(out / "ticket.png") as slip:
        codes = [code.text for code in zxingcpp.read_barcodes(slip, formats=zxingcpp.BarcodeFormat.QRCode)]
    token = Books(world.run).check_ins()[-1].slip_token
    if not any(token in text for text in codes):
        raise StepFailed("the slip's code cannot be scanned, or is not that of the number in the gateway's books")


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
