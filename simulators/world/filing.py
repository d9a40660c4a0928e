"""A dossier as a scripted person sends it at a one-stop centre: search, case, papers, card, form, last look, number.

The proof is on the other side: the authority's software holds the dossier, and the slip's code leads to it.
"""

from __future__ import annotations

import base64
import json
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import zxingcpp
from PIL import Image

from drivers.printer.decode import decode
from simulators.world.check_in import MACHINE_AT_WORK
from simulators.world.journal import Settled
from simulators.world.person import Manners, Person, StepFailed
from simulators.world.scripted import FAULTS, HOMES, first_home, keep_last_picture, summarise
from simulators.world.world import Options, World


@dataclass(frozen=True)
class Errand:
    """What somebody looks for, and what they answer. Keys are those of the kiosk's own keyboard."""

    search: str
    cases: tuple[str, ...]
    answers: dict[str, str]


FILINGS = {
    "file-procedure": Errand(
        "tinh trang hon nhan",
        ("chua-tung",),
        {"hon-nhan.tinh-trang": "chua", "hon-nhan.muc-dich": "ddawng kys keets hoon"},
    ),
    "birth": Errand(
        "khai sinh lien thong",
        ("co-ket-hon",),
        {
            "nguoi-nop.quan-he": "cha",
            "tre.ho-ten": "traanf an na",
            "tre.ngay-sinh": "20112026",
            "tre.gioi-tinh": "nu",
            "tre.noi-sinh": "beenhj vieenj",
            "tre.dan-toc": "kinh",
            "tre.que-quan": "ben truc",
            "me.ho-ten": "lee thij hoa",
            "cu-tru.chu-ho": "traanf minh khang",
            "cu-tru.xa": "ben truc",
            "cu-tru.dia-chi": "hoa gaoj",
        },
    ),
    "death": Errand(
        "khai tu lien thong",
        ("co-bao-tu", "xin-mai-tang"),
        {
            "nguoi-nop.quan-he": "con",
            "nguoi-mat.ho-ten": "traanf vawn ddoong",
            "nguoi-mat.gioi-tinh": "nam",
            "nguoi-mat.noi-cu-tru": "ben truc",
            "nguoi-mat.ngay": "20112026",
            "nguoi-mat.noi": "beenhj vieenj",
            "mai-tang.nguoi-lo": "traanf minh khang",
            "mai-tang.nhan-tien": "tien-mat",
        },
    ),
}


def run_filing(journey: str, out: Path, manners: Manners, program: tuple[str, ...]) -> int:
    """Play it; 0 when every step worked and the authority has the dossier, 1 with a clear sentence when not."""
    pictures = out / "screens"
    pictures.mkdir(parents=True, exist_ok=True)
    for old in pictures.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory(prefix="tram-") as folder:
        world = World(Path(folder), Options(desk=False, one_stop=True, kiosk_program=program))
        try:
            world.start()
            summary = _play(journey, world, out, manners)
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
        f"machine time in {len(summary['steps'])} steps; the authority holds {summary['dossiers']} dossier(s). "
        f"Pictures, slips and summary.json are in {out}."
    )
    return 0


def _play(journey: str, world: World, out: Path, manners: Manners) -> dict[str, Any]:
    if world.display is None or world.journal is None:
        raise StepFailed("the kiosk was not started")
    person = Person(world.display, world.journal, world.processes, replace(manners), out / "screens")
    walk(person, _with_tiles(person, first_home(world.journal)), FILINGS[journey])
    told = world.processes["kiosk"].log.read_text("utf-8", "replace")
    if " ERROR " in told:
        raise StepFailed("something fell over and was caught: the kiosk's log tells where")
    held = int(world.processes["one_stop"].state()["counts"]["dossiers"])
    if held < 1:
        raise StepFailed("the authority's software holds no dossier")
    _save_slips(world, out)
    return {**summarise(journey, world, person), "dossiers": held}


def _with_tiles(person: Person, screen: Settled) -> Settled:
    """The start page once it has its catalogue."""
    while screen.screen not in HOMES or screen.named("take-number") is None:
        screen = person.journal.next(60.0)
    return screen


def walk(person: Person, home: Settled, errand: Errand) -> None:
    """From the start page to the start page."""
    screen, done, printed = home, False, False
    for _ in range(80):
        screen = person.wait_for_paper(screen)
        person.keep(screen)
        match screen.screen:
            case name if name in HOMES:
                if done:
                    return
                screen = person.touch(screen, "take-number")
            case "find-procedure":
                person.press(screen, _keys(errand.search))
                screen = person.touch(screen, "go")
            case "choose-case":
                screen = person.touch(screen, next(case for case in errand.cases if screen.named(case) is not None))
            case "show-checklist":
                way = "prepare" if printed else "print"
                printed = True
                screen = person.touch(screen, way)
            case "ask-part":
                screen = person.touch(screen, "yes")
            case "choose-capacity":
                screen = person.touch(screen, "myself")
            case "scan-code":
                screen = person.show_code(screen, person.manners.citizen)
            case "place-card":
                screen = person.put_card(screen, person.manners.citizen)
            case name if name in MACHINE_AT_WORK:
                screen = person.look()
            case "confirm-identity":
                person.take_card()
                screen = person.touch(screen, "yes")
            case "fill-form":
                screen = person.touch(screen, "next")
            case "type-field":
                screen = _answer(person, screen, errand)
            case "review-filing":
                screen = person.touch(screen, "send")
            case "declare-priority":
                screen = person.touch(screen, "none")
            case "ticket-ready":
                done = True
                screen = person.touch(screen, "done")
            case other:
                raise StepFailed(f"screen {other} {screen.mark} is not part of an undisturbed filing")
    raise StepFailed("the filing did not come to an end")


def _answer(person: Person, screen: Settled, errand: Errand) -> Settled:
    """The field is the screen's mark: an option is touched, everything else is typed."""
    answer = errand.answers.get(screen.mark)
    if answer is None:
        raise StepFailed(f"nobody knows what to answer in {screen.mark}")
    if screen.named(answer) is not None:
        return person.touch(screen, answer)
    person.press(screen, _keys(answer))
    return person.touch(screen, "go")


def _keys(text: str) -> tuple[str, ...]:
    return tuple("space" if letter == " " else letter for letter in text)


def _save_slips(world: World, out: Path) -> None:
    """The checklist first, then the sending slip, whose code must be readable."""
    printer = world.processes["printer"]
    names = ("papers", "filing")
    for number, name in enumerate(names, 1):
        raw = base64.b64decode(printer.control("slip", number=number)["bytes"])
        (out / f"{name}.bin").write_bytes(raw)
        decode(raw)[0].picture.save(out / f"{name}.png")
    with Image.open(out / "filing.png") as slip:
        codes = zxingcpp.read_barcodes(slip, formats=zxingcpp.BarcodeFormat.QRCode)
    if not any(code.text.startswith("TRAM:P1:") for code in codes):
        raise StepFailed("the sending slip's code cannot be scanned")
