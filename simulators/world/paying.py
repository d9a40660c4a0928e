""" "Thanh toán viện phí" as a scripted person walks it: a number taken unpaid, its bill paid at a later visit; or a
bill that the hospital's own system asks for, handed over to it when it is paid.

The bill is found by the chip, by the slip's own code (scanned off the printed paper) or by the number that is printed
on it; paid with the bank's app from the picture of the screen, or with a card at the terminal.
"""

from __future__ import annotations

import base64
import json
import sqlite3
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import requests
import zxingcpp

from drivers.printer.decode import decode
from simulators.world.cases import Case, WorldStill
from simulators.world.check_in import MACHINE_AT_WORK, check_in
from simulators.world.journal import ScreenDidNotCome, Settled
from simulators.world.person import Account, Manners, Person, StepFailed
from simulators.world.processes import NotReady, Refused
from simulators.world.scripted import first_home, keep_last_picture, summarise
from simulators.world.world import Options, World

LATER = Case(
    "", "takes a number and pays later", "", touches={"pay-by-viet-qr": "cashier", "why-not-by-code": "no-answer"}
)
FINDS = ("chip", "slip", "number")
WITH = ("vietqr", "card")
BILLS = ("own", "hospital")
PATIENCE = 60.0
FAULTS = (NotReady, Refused, ScreenDidNotCome, StepFailed, WorldStill, requests.RequestException)


@dataclass(frozen=True)
class Paying:
    """How somebody pays. `bill`: own, of a visit; hospital, of the hospital's own system."""

    finds: str = "chip"
    pays_with: str = "vietqr"
    bill: str = "own"


def run_pay(out: Path, manners: Manners, how: Paying, options: Options) -> int:
    """Play it; 0 when every step worked and the gateway's books say paid, 1 with a clear sentence when not."""
    pictures = out / "screens"
    pictures.mkdir(parents=True, exist_ok=True)
    for old in pictures.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory(prefix="tram-") as folder:
        world = World(Path(folder), options)
        try:
            world.start()
            summary = _play(world, out, manners, how)
        except FAULTS as error:
            print(f"The scripted pay failed: {error}")
            print(world.processes["kiosk"].tail())
            keep_last_picture(world, pictures)
            return 1
        finally:
            world.stop()
    (out / "summary.json").write_text(json.dumps(summary, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(
        f"pay by {how.finds} with {how.pays_with} by {manners.citizen}: {summary['touches']} touches, "
        f"{summary['machine_ms'] / 1000:.2f} s of machine time in {len(summary['steps'])} steps; bill "
        f"{summary['bill']} of {summary['amount']} đồng is paid. Pictures, slip and summary.json are in {out}."
    )
    return 0


def _play(world: World, out: Path, manners: Manners, how: Paying) -> dict[str, Any]:
    if world.display is None or world.journal is None:
        raise StepFailed("the kiosk was not started")
    person = Person(world.display, world.journal, world.processes, manners, None)
    shows = ""
    if how.bill == "hospital":
        made = world.processes["hospital"].control("bill", citizen=manners.citizen)
        number = str(made["number"])
    else:
        check_in(person, first_home(world.journal), LATER)
        number = _bill(world, "open")[0]
        _save(world, out, "ticket", -1)
        shows = _slip_code(out / "ticket.png") if how.finds == "slip" else ""
    # From here on it is another visit: its own pictures and figures.
    person.pictures, person.account = out / "screens", Account()
    person.manners = replace(manners, language="vi", text="normal", contrast="normal")
    walk(person, first_home(world.journal), number if how.finds == "number" else shows, how.pays_with)
    told = world.processes["kiosk"].log.read_text("utf-8", "replace")
    if " ERROR " in told:
        raise StepFailed("something fell over and was caught: the kiosk's log tells where")
    paid, amount = _bill(world, "paid")
    if paid != number:
        raise StepFailed(f"bill {number} is not paid in the gateway's books")
    _save(world, out, "payment", -1)
    handed = _handed_over(world)
    if how.bill == "hospital" and not handed:
        raise StepFailed("the hospital was not told of the payment")
    facts = {"found_by": how.finds, "with": how.pays_with, "bank": world.options.bank, "bill_of": how.bill}
    invoice = _e_invoice(world)
    if world.options.e_invoice and not invoice:
        raise StepFailed("no e-invoice was issued")
    return {**summarise("pay", world, person), **facts, "bill": number, "amount": amount, "e_invoice": invoice}


def walk(person: Person, home: Settled, shows: str, pays_with: str = "vietqr") -> None:
    """From the start page to the start page. `shows` is what is held to the scanner; empty is the ID card."""

    def show() -> None:
        person.hands["scanner"].control("scan", text=shows)

    screen, paid = home, False
    for _ in range(40):
        screen = person.wait_for_paper(screen)
        person.keep(screen)
        match screen.screen:
            case "home":
                if paid:
                    return
                screen = person.touch(screen, "pay")
            case "scan-for-pay" if shows:
                screen = person.act(screen.screen, "show code", show)
            case "scan-for-pay":
                screen = person.show_code(screen, person.manners.citizen)
            case "place-card":
                screen = person.put_card(screen, person.manners.citizen)
            case name if name in MACHINE_AT_WORK or name == "pay-by-card":
                screen = person.look()
            case "choose-bill":
                if not shows:
                    person.take_card()
                rows = [each.name for each in screen.touchables if not each.closed and len(each.name) > 20]
                screen = person.touch(screen, rows[0])
            case "show-bill":
                screen = person.touch(screen, "pay")
            case "pay-by-viet-qr":
                screen = person.touch(screen, "card") if pays_with == "card" else person.pay(screen)
            case "payment-done":
                paid = True
                screen = person.touch(screen, "done")
            case other:
                raise StepFailed(f"screen {other} is not part of an undisturbed payment")
    raise StepFailed("the payment did not come to an end")


def _bill(world: World, status: str) -> tuple[str, int]:
    """Number and sum of the newest bill with that status in the gateway's books."""
    with closing(sqlite3.connect(f"file:{world.run / 'gateway.sqlite'}?mode=ro", uri=True)) as books:
        row = books.execute(
            "SELECT number, amount FROM bills WHERE status = ? ORDER BY created_at DESC LIMIT 1", (status,)
        ).fetchone()
    if row is None:
        raise StepFailed(f"no bill is {status} in the gateway's books")
    return str(row[0]), int(row[1])


def _handed_over(world: World) -> bool:
    """Whether the system whose bill it is has it in its books, soon after at the latest."""
    wanted = "SELECT state FROM payment_errands WHERE kind = 'hand-over' ORDER BY opened_at DESC LIMIT 1"
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with closing(sqlite3.connect(f"file:{world.run / 'gateway.sqlite'}?mode=ro", uri=True)) as books:
            row = books.execute(wanted).fetchone()
        if row is None or row[0] == "done":
            return row is not None
        time.sleep(0.2)
    return False


def _e_invoice(world: World) -> str:
    """The number that was told of the newest paid bill; empty where there is none yet."""
    wanted = "SELECT invoice FROM bills WHERE status = 'paid' ORDER BY paid_at DESC LIMIT 1"
    end = time.monotonic() + (PATIENCE if world.options.e_invoice else 0)
    while True:
        with closing(sqlite3.connect(f"file:{world.run / 'gateway.sqlite'}?mode=ro", uri=True)) as books:
            (told,) = books.execute(wanted).fetchone()
        if told is not None or time.monotonic() >= end:
            return "" if told is None else str(json.loads(told)["number"])
        time.sleep(0.2)


def _save(world: World, out: Path, name: str, number: int) -> None:
    raw = base64.b64decode(world.processes["printer"].control("slip", number=number)["bytes"])
    (out / f"{name}.bin").write_bytes(raw)
    decode(raw)[0].picture.save(out / f"{name}.png")


def _slip_code(picture: Path) -> str:
    from PIL import Image

    with Image.open(picture) as slip:
        codes = zxingcpp.read_barcodes(slip, formats=zxingcpp.BarcodeFormat.QRCode)
    if not codes:
        raise StepFailed("the slip's code cannot be scanned")
    return codes[0].text
