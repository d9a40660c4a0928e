"""The whole house on real wires: one world for all tests of this folder, put right again before each."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from simulators import citizens
from simulators.world.journal import ScreenDidNotCome, Settled
from simulators.world.phone import payment_code
from simulators.world.processes import Process
from simulators.world.world import Options, World

HURRY = 60.0
"""While nobody is there, waiting is so much shorter: 2 s for a question, a third of a second for the warning."""
PATIENCE = 60.0
HAND_SECONDS = 1.0
"""Between one card and the next: pcscd looks at a virtual reader every 0.4 s and would overlook a faster swap."""
CLINICS = ("tai-mui-hong", "mat", "tim-mach", "co-xuong-khop", "rang-ham-mat", "noi-tong-quat")


class Kiosk:
    """The kiosk as a person in front of it uses it."""

    def __init__(self, world: World, visits: set[tuple[str, str]] | None = None) -> None:
        """`visits`: who was at which clinic already, in all tests of this world."""
        self.world = world
        self.screen: Settled | None = None
        self._visits = set() if visits is None else visits
        self._citizen = ""
        self._lifted = time.monotonic()

    def __getitem__(self, name: str) -> Process:
        return self.world.processes[name]

    def next(self, timeout: float = PATIENCE) -> Settled:
        """The next screen that takes touches."""
        assert self.world.journal is not None
        self.screen = self.world.journal.next(timeout)
        return self.screen

    def until(self, *names: str, mark: str | None = None, timeout: float = PATIENCE) -> Settled:
        """Wait until one of these screens is there (now or later), with this mark."""
        deadline = time.monotonic() + timeout
        screen = self.screen
        while screen is None or screen.screen not in names or (mark is not None and screen.mark != mark):
            try:
                screen = self.next(max(deadline - time.monotonic(), 0.1))
            except ScreenDidNotCome:
                last = None if self.screen is None else (self.screen.screen, self.screen.mark)
                raise AssertionError(f"waited for {names} {mark or ''}; the last screen was {last}") from None
        return screen

    @contextmanager
    def nobody(self, hurry: float = HURRY) -> Iterator[None]:
        """Nobody stands in front of it: what it waits for comes soon. Who acts has all the time people have.

        A page that is to be seen has to stand longer than its way in takes on a busy machine: a smaller `hurry`.
        """
        self.world.hurry(hurry)
        try:
            yield
        finally:
            self.world.hurry(1.0)

    def left_alone(self) -> None:
        """Nobody touches anything until it is home by itself."""
        with self.nobody():
            self.until("home")

    def touch(self, name: str) -> None:
        """Touch an element of the screen that was last waited for."""
        assert self.screen is not None and self.world.display is not None
        target = self.screen.named(name)
        assert target is not None, f"{self.screen.screen} has no {name}: {[one.name for one in self.screen.touchables]}"
        self.screen = None
        self.world.display.touch(*target.middle)

    def scan(self, text: str) -> None:
        """Hold any text to the scanner."""
        self.screen = None
        self["scanner"].control("scan", text=text)

    def show(self, citizen: str) -> None:
        """Hold somebody's ID card to the scanner."""
        self._citizen = citizen
        self.scan(citizens.load(citizen).qr_text())

    def lay(self, citizen: str, **how: Any) -> None:
        """Lay somebody's card on the reader."""
        self.screen = None
        self.put(citizen=citizen, **how)

    def put(self, **card: Any) -> None:
        """Lay any card on the reader, at the speed of a hand."""
        self.see_it_lifted()
        self["chip"].control("insert", **card)

    def lift(self) -> None:
        """Take the card away."""
        self["chip"].control("remove")
        self._lifted = time.monotonic()

    def see_it_lifted(self) -> None:
        """Wait until the kiosk's reader has noticed too."""
        time.sleep(max(self._lifted + HAND_SECONDS - time.monotonic(), 0))

    def pay(self, **how: Any) -> None:
        """Scan the code on the screen and pay."""
        assert self.world.display is not None
        deadline = time.monotonic() + 10
        while (payload := payment_code(self.world.display.frame())) is None:
            assert time.monotonic() < deadline, "no code on the screen can be scanned"
            time.sleep(0.1)
        self.screen = None
        self["bank"].control("pay", payload=payload, **how)

    # --- longer ways

    def start(self) -> None:
        """From the start page to the scanner."""
        self.until("home")
        self.touch("check-in")
        self.until("choose-patient")
        self.touch("self")
        self.until("scan-code")

    def identify(self, citizen: str = "khang") -> None:
        """Until the confirmed person's insurance was asked."""
        self.start()
        self.show(citizen)
        self.until("place-card")
        self.lay(citizen)
        self.until("confirm-identity")
        self.lift()

    def free_clinic(self, citizen: str) -> str:
        """A clinic at which nobody has seen this citizen: a person has one number at a clinic and day.

        Whatever tests ran before in this world, and in which order.
        """
        return next(clinic for clinic in CLINICS if (citizen, clinic) not in self._visits)

    def choose(self) -> None:
        """From the insurance's answer to the review, at a clinic where this person has no number yet."""
        clinic = self.free_clinic(self._citizen)
        screen = self.until("insurance-unhappy", "insurance-valid", "choose-clinic", "problem")
        if screen.screen == "insurance-unhappy":
            self.touch("skip")
        elif screen.screen == "insurance-valid":
            self.touch("use")
        elif screen.screen == "problem":
            self.touch("go-on")
        self.until("choose-clinic")
        self._visits.add((self._citizen, clinic))
        self.touch(clinic)
        if self.until("declare-priority", "review").screen == "declare-priority":
            self.touch("none")
        self.until("review")

    # --- the books

    def tickets(self) -> list[tuple[str, str]]:
        """Number and status of every ticket in the gateway's own books."""
        return self._books("select number, status from tickets order by rowid")

    def callable_tickets(self) -> list[tuple[str, str]]:
        """Those somebody may be called by."""
        return [ticket for ticket in self.tickets() if ticket[1] not in {"voided", "abandoned"}]

    def live_codes(self) -> int:
        """Payment codes somebody could still pay."""
        return len(self._books("select id from payment_intents where live"))

    def outbox_is_empty(self) -> bool:
        """Whether everything the kiosk had to deliver was delivered."""
        with closing(sqlite3.connect(self.world.run / "state" / "outbox.db")) as books:
            rows = books.execute("select count(*) from entries where state = 'waiting'").fetchone()
        return rows[0] == 0

    def has_numbers(self, clinic: str) -> bool:
        """Whether the kiosk keeps numbers of today for this clinic, lent by the gateway."""
        question = "select 1 from numbers where clinic_id = ? and day = date('now', '+7 hours')"
        with closing(sqlite3.connect(self.world.run / "state" / "outbox.db")) as books:
            return books.execute(question, (clinic,)).fetchone() is not None

    def _books(self, question: str) -> list[Any]:
        with closing(sqlite3.connect(self.world.run / "gateway.sqlite")) as books:
            return list(books.execute(question))

    @staticmethod
    def wait_for(condition: Callable[[], bool], timeout: float = PATIENCE) -> None:
        """Until it holds."""
        deadline = time.monotonic() + timeout
        while not condition():
            assert time.monotonic() < deadline, "it did not come true in time"
            time.sleep(0.05)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    run: Path = tmp_path_factory.mktemp("world")
    # Answers have time on a busy machine; what is lost on purpose is lost for longer than that all the same.
    with World(run, Options(answer_seconds=12.0)) as world:
        yield world


@pytest.fixture(scope="session")
def visits() -> set[tuple[str, str]]:
    """Citizen and clinic of every visit in the session's world."""
    return set()


@pytest.fixture
def kiosk(world: World, visits: set[tuple[str, str]]) -> Iterator[Kiosk]:
    """A world in which nothing is wrong, and the kiosk on its start page."""
    put_right(world)
    kiosk = Kiosk(world, visits)
    assert world.journal is not None
    if world.journal.last is None or (world.journal.newest() or world.journal.last).screen != "home":
        kiosk.until("home")
    else:
        kiosk.screen = world.journal.last
    yield kiosk
    put_right(world)


def put_right(world: World) -> None:
    """Undo whatever a test broke."""
    processes = world.processes
    processes["network"].control("restore")
    processes["insurer"].control("outage", kind="none")
    processes["insurer"].control("delay", seconds=0)
    processes["bank"].control("outage", on=False)
    processes["printer"].control("paper", state="ok")
    processes["printer"].control("cover", state="closed")
    processes["printer"].control("jam", on=False)
    processes["printer"].control("mute", on=False)
    processes["printer"].control("offline", on=False)
    processes["pcsc"].control("start")
    processes["chip"].control("remove")
