"""A dossier as a scripted person sends it at a one-stop centre: search, case, papers, card, form, last look, number.

The proof is on the other side: the authority's software holds the dossier, and the slip's code leads to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import zxingcpp
from PIL import Image

from simulators.world.cases import PLACE
from simulators.world.centre import in_a_centre, save_slips
from simulators.world.check_in import MACHINE_AT_WORK
from simulators.world.journal import Settled
from simulators.world.person import Manners, Person, StepFailed
from simulators.world.scripted import HOMES
from simulators.world.world import World

SLIP_PREFIX = "TRAM:P1:"
RECENTLY = f"{datetime.now(PLACE) - timedelta(days=10):%d%m%Y}"
"""A birth or a death within the time in which it is to be registered, as it is typed."""


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
        {"hon-nhan.tinh-trang": "chua", "hon-nhan.muc-dich": "mua nhaf chung"},
    ),
    "birth": Errand(
        "khai sinh lien thong",
        ("co-ket-hon",),
        {
            "nguoi-nop.quan-he": "cha",
            "tre.ho-ten": "traanf an na",
            "tre.ngay-sinh": RECENTLY,
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
            "nguoi-mat.ngay": RECENTLY,
            "nguoi-mat.noi": "beenhj vieenj",
            "mai-tang.nguoi-lo": "traanf minh khang",
            "mai-tang.nhan-tien": "tien-mat",
        },
    ),
}


def run_filing(journey: str, out: Path, manners: Manners, program: tuple[str, ...]) -> int:
    """Play it; 0 when every step worked and the authority has the dossier, 1 with a clear sentence when not."""

    def play(world: World, person: Person, home: Settled) -> dict[str, Any]:
        person.pictures = out / "screens"
        walk(person, home, FILINGS[journey])
        held = int(world.processes["one_stop"].state()["counts"]["dossiers"])
        if held < 1:
            raise StepFailed("the authority's software holds no dossier")
        save_slips(world, out, ("papers", "filing"))
        filing_code(out / "filing.png")
        return {"dossiers": held, "told": f"the authority holds {held} dossier(s)"}

    return in_a_centre(journey, out, manners, program, play)


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
            case "gather-documents":
                screen = person.touch(screen, "go-on")
            case "review-filing":
                screen = person.touch(screen, "send")
            case "declare-filing":
                screen = person.touch(screen, "agree")
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


def filing_code(picture: Path) -> str:
    """What the sending slip's QR code holds, scanned off the paper."""
    with Image.open(picture) as slip:
        codes = zxingcpp.read_barcodes(slip, formats=zxingcpp.BarcodeFormat.QRCode)
    found = next((code.text for code in codes if code.text.startswith(SLIP_PREFIX)), None)
    if found is None:
        raise StepFailed("the sending slip's code cannot be scanned")
    return found
