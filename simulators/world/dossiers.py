"""A dossier's later life, played by itself: followed and paid, its result fetched, rated once.

What happens between the visits happens where it belongs: an officer accepts at the reception page, the authority's
software asks for money and finishes. Each time the kiosk must show what that software says, and the books must agree.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from simulators.world.books import Books
from simulators.world.centre import in_a_centre, save_slips, slips_printed
from simulators.world.check_in import MACHINE_AT_WORK
from simulators.world.filing import FILINGS, filing_code, walk
from simulators.world.journal import Settled
from simulators.world.officer import Officer
from simulators.world.person import Account, Manners, Person, StepFailed
from simulators.world.scripted import HOMES
from simulators.world.world import World

FOLLOWINGS = ("track", "rate")
FEE = {"MaPhiLePhi": "LP01", "TenPhiLePhi": "Lệ phí xác nhận", "Gia": 8_000, "LoaiPhiLePhi": "le-phi"}
"""What the authority asks for: a fee of the Treasury's, into its own account, of which the bank tells separately."""
BOOKS_SECONDS = 60.0
LEVEL, REASON = "satisfied", "time"


class Life:
    """One dossier, sent at the kiosk, and what its people do with it."""

    def __init__(self, world: World, person: Person, home: Settled, out: Path) -> None:
        self.world, self.person, self.home, self.out = world, person, home, out
        self.books = Books(world.run)
        self.shown = list[str]()
        """What the kiosk said of it, visit after visit."""
        printed = slips_printed(world)
        walk(person, home, FILINGS["file-procedure"])
        save_slips(world, out, ("papers", "filing"), printed)
        self.slip = filing_code(out / "filing.png")
        self.dossier = self.books.dossiers()[-1]

    # --- elsewhere

    def accepted(self) -> None:
        """An officer receives it; the authority begins to work."""
        self._decided("accept")
        self._authority("move", to=4, unit="Bộ phận chuyên môn")

    def money_asked(self) -> None:
        """The authority asks for a fee."""
        self._authority("money", lines=[FEE])
        self.until(lambda: self.books.open_bill(self.dossier.number) == FEE["Gia"], "its bill did not come")

    def finished(self) -> None:
        """The result is there."""
        self._authority("result", name="Giấy xác nhận tình trạng hôn nhân", unit="Bộ phận chuyên môn")

    def handed_over(self) -> None:
        """The counter hands the result over."""
        self._decided("hand-over")

    def status(self) -> int:
        """What the authority's software says."""
        there: list[dict[str, str]] = self.world.processes["one_stop"].state()["dossiers"]
        return next(int(row["status"]) for row in there if row["number"] == self.dossier.number)

    def _decided(self, act: str) -> None:
        Officer(self.world).decide(self.dossier.sending_code, act)
        self._agree()

    def _authority(self, verb: str, **what: Any) -> None:
        self.world.processes["one_stop"].control(verb, number=self.dossier.number, **what)
        self._agree()

    def _agree(self) -> None:
        self.until(
            lambda: self.books.dossiers()[-1].status == self.status(), "the gateway did not hear of the new status"
        )

    @staticmethod
    def until(condition: Callable[[], bool], otherwise: str) -> None:
        """Wait until books on other machines agree."""
        deadline = time.monotonic() + BOOKS_SECONDS
        while not condition():
            if time.monotonic() > deadline:
                raise StepFailed(f"{otherwise} within {BOOKS_SECONDS:.0f} s")
            time.sleep(0.1)

    # --- at the kiosk

    def visits(self, tile: str, touch: str = "done", *, by_card: bool = False) -> None:
        """From the start page by `tile` to the start page; `touch` is what is done on the dossier's page."""
        person, ends, screen = self.person, False, self.home
        for _ in range(40):
            screen = person.wait_for_paper(screen)
            person.keep(screen)
            match screen.screen:
                case name if name in HOMES:
                    if ends:
                        self.home = screen
                        return
                    screen = person.touch(screen, tile)
                case "scan-for-dossier" | "scan-for-rating" if not by_card:
                    screen = person.act(screen.screen, "show slip", self._show)
                case "scan-for-dossier":
                    screen = person.show_code(screen, person.manners.citizen)
                case "place-card":
                    screen = person.put_card(screen, person.manners.citizen)
                case name if name in MACHINE_AT_WORK:
                    screen = person.look()
                case "show-dossier":
                    if by_card:
                        person.take_card()
                    self._compare(screen)
                    ends = touch == "done"
                    screen = person.touch(screen, touch)
                case "show-bill":
                    screen = person.touch(screen, "pay")
                case "pay-by-viet-qr":
                    screen = person.pay(screen)
                case "declare-priority":
                    screen = person.touch(screen, "none")
                case "rate-service":
                    screen = person.choose(screen, LEVEL, "go")
                case "rate-reasons":
                    screen = person.choose(screen, REASON, "go")
                case "ticket-ready" | "payment-done" | "rating-taken":
                    ends = True
                    screen = person.touch(screen, "done")
                case "nothing-found":
                    ends = True
                    self.shown.append(screen.mark)
                    screen = person.touch(screen, "end")
                case other:
                    raise StepFailed(f"screen {other} {screen.mark} is not part of following a dossier")
        raise StepFailed("the visit did not come to an end")

    def _show(self) -> None:
        self.person.hands["scanner"].control("scan", text=self.slip)

    def _compare(self, screen: Settled) -> None:
        """The kiosk says what the authority's software says."""
        said = f"dossier.status.{self.status()}"
        self.shown.append(screen.mark)
        if screen.mark != said:
            raise StepFailed(f"the kiosk shows {screen.mark}, the authority says {said}")


def run_following(journey: str, out: Path, manners: Manners, program: tuple[str, ...]) -> int:
    """Play it; 0 when every step worked and all books agree, 1 with a clear sentence when not."""

    def play(world: World, person: Person, home: Settled) -> dict[str, Any]:
        life = Life(world, person, home, out)
        # What is kept and measured is the following, not the filing before it.
        person.pictures, person.account = out / "screens", Account()
        return {"track": track, "rate": rate}[journey](life)

    return in_a_centre(journey, out, manners, program, play)


def track(life: Life) -> dict[str, Any]:
    """In work; money due, paid here; the result is there, and the chip alone finds it: a number for its counter."""
    world, books = life.world, life.books
    life.accepted()
    life.visits("track")
    life.money_asked()
    printed = slips_printed(world)
    life.visits("track", "pay")
    save_slips(world, life.out, ("payment",), printed)
    life.until(lambda: life.status() == 4, "the authority did not hear of the payment")
    payments = int(world.processes["one_stop"].state()["counts"]["payments"])
    if payments != 1 or books.open_bill(life.dossier.number):
        raise StepFailed(f"the authority has {payments} payments instead of one, or the bill is still open")
    life.finished()
    printed, numbers = slips_printed(world), len(books.check_ins())
    life.visits("track", "take-number", by_card=True)
    save_slips(world, life.out, ("ticket",), printed)
    taken = books.check_ins()[numbers:]
    if [one.clinic for one in taken] != ["tra-ket-qua"]:
        raise StepFailed(
            f"the gateway has {[one.clinic for one in taken]} instead of one number for the result counter"
        )
    return {
        "shown": life.shown,
        "paid": FEE["Gia"],
        "number": taken[0].number,
        "told": f"{FEE['Gia']} đồng paid and noted by the authority, number {taken[0].number} for the result",
    }


def rate(life: Life) -> dict[str, Any]:
    """Too early; then once; a second time it says so."""
    life.accepted()
    life.visits("rate")
    life.finished()
    life.handed_over()
    rate_once(life)
    if life.shown != ["rate-not-yet", "rate-rated"]:
        raise StepFailed(f"before and after the rating the kiosk said {life.shown}")
    return {"shown": life.shown, "told": "counted once, with its reason"}


def rate_once(life: Life) -> None:
    """What is kept is a count, and that this dossier was rated."""
    life.visits("rate")
    life.until(lambda: bool(life.books.ratings()), "the rating did not arrive")
    life.visits("rate")
    counted = life.books.ratings()
    if counted != {("level", "4"): 1, ("reason", REASON): 1}:
        raise StepFailed(f"the gateway counted {counted}")
