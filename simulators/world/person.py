"""A scripted person: looks at the screen, thinks, touches it with real X events, shows codes and cards, pays."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from PIL import Image

from simulators import citizens
from simulators.world.display import Display
from simulators.world.journal import Journal, Settled
from simulators.world.phone import payment_code
from simulators.world.processes import Process

THINK = 0.4
"""Seconds a simulated person looks before doing something; kept apart from machine time."""
PATIENCE = 30.0
PHONE_PATIENCE = 5.0
SEEN_SECONDS = 0.4
"""Until a touched row is seen chosen."""
LOOKS = 3
"""Questions of the kiosk's to the finger reader after which it has surely looked at its window."""
STILL_PAUSE, STILL_PICTURES, STILL_TRIES = 0.08, 3, 16


class StepFailed(Exception):
    """A step of the scripted journey did not work; the message is a clear sentence."""


@dataclass(frozen=True)
class Manners:
    """How this person wants the kiosk."""

    citizen: str = "khang"
    language: str = "vi"
    text: str = "normal"
    contrast: str = "normal"
    think: float = THINK
    clinic: str = ""
    """Which clinic they want; the first open one when empty or closed."""


@dataclass
class Step:
    """One act and what the machine needed until the next screen took touches."""

    name: str
    start_ms: float
    duration_ms: float
    act: str


@dataclass
class Account:
    """What the run costs, measured."""

    steps: list[Step] = field(default_factory=list["Step"])
    touches: int = 0
    human_s: float = 0.0
    printing_s: float = 0.0
    """Waited for paper on the ticket's screen."""
    pictures: list[str] = field(default_factory=list[str])

    @property
    def machine_ms(self) -> float:
        """Sum over all steps."""
        return sum(step.duration_ms for step in self.steps)


class Person:
    """Walks through a journey by what the screens say, as a person would."""

    def __init__(
        self, display: Display, journal: Journal, hands: dict[str, Process], manners: Manners, pictures: Path | None
    ) -> None:
        self.display = display
        self.journal = journal
        self.hands = hands
        self.manners = manners
        self.pictures = pictures
        self.account = Account()
        self.started = time.monotonic()

    # --- looking

    def look(self, at_least: float = 0.0, timeout: float = PATIENCE) -> Settled:
        """Wait for a settled screen that came after `at_least` and keep its picture."""
        screen = self.journal.next(timeout)
        while screen.t < at_least:
            screen = self.journal.next(timeout)
        return screen

    def keep(self, screen: Settled) -> None:
        """Save the picture of a screen."""
        if self.pictures is None:
            return
        name = f"{len(self.account.pictures) + 1:02d}-{screen.screen}.png"
        self._still_picture().save(self.pictures / name, compress_level=1)
        self.account.pictures.append(name)

    def _still_picture(self) -> Image.Image:
        """What was drawn reaches the frame buffer a moment later: wait until several pictures are the same."""
        picture, same = self.display.frame(), 1
        for _ in range(STILL_TRIES):
            time.sleep(STILL_PAUSE)
            before, picture = picture, self.display.frame()
            same = same + 1 if picture.tobytes() == before.tobytes() else 1
            if same == STILL_PICTURES:
                break
        return picture

    # --- acting

    def think(self) -> None:
        """Human time."""
        time.sleep(self.manners.think)
        self.account.human_s += self.manners.think

    def act(self, name: str, what: str, deed: Callable[[], object], timeout: float = PATIENCE) -> Settled:
        """Do something and wait for the next settled screen; the time between is the machine's."""
        self.think()
        newest = self.journal.newest()
        if newest is not None and newest.screen != name:
            return newest
        before = time.monotonic()
        deed()
        # What the world itself needs for a deed (drawing a card's keys) is not the machine's time.
        start = before if what.startswith("touch") else time.monotonic()
        screen = self.look(before, timeout)
        self.account.steps.append(
            Step(name, round((start - self.started) * 1000, 1), round((screen.t - start) * 1000, 1), what)
        )
        return screen

    def touch(self, screen: Settled, element: str) -> Settled:
        """Touch a named element and wait for what comes."""
        target = screen.named(element)
        if target is None:
            there = ", ".join(one.name for one in screen.touchables)
            raise StepFailed(f"on screen {screen.screen} there is no {element!r} to touch, only: {there}")

        def finger() -> None:
            self.account.touches += 1
            self.display.touch(*target.middle)

        return self.act(screen.screen, f"touch {element}", finger)

    def press(self, screen: Settled, keys: tuple[str, ...]) -> None:
        """Keys of a keyboard, one after the other; the page stays."""
        for key in keys:
            target = screen.named(key)
            if target is None:
                raise StepFailed(f"on screen {screen.screen} there is no key {key!r}")
            self.account.touches += 1
            self.display.touch(*target.middle)
            time.sleep(SEEN_SECONDS)

    def choose(self, screen: Settled, row: str, then: str) -> Settled:
        """Touch a row that opens the button `then`, see it open, and touch that."""
        target = screen.named(row)
        button = next((one for one in screen.touchables if one.name == then), None)
        if target is None or button is None:
            raise StepFailed(f"on screen {screen.screen} {row!r} cannot be chosen")
        self.think()
        self.account.touches += 1
        self.display.touch(*target.middle)
        time.sleep(SEEN_SECONDS)
        return self.touch(replace(screen, touchables=(replace(button, closed=False),)), then)

    def type(self, screen: Settled, digits: str) -> Settled:
        """Digits on the keypad, then the way on, which they open."""
        self.think()
        self.press(screen, tuple(digits))
        button = next(one for one in screen.touchables if one.name == "go")
        return self.touch(replace(screen, touchables=(replace(button, closed=False),)), "go")

    def put_finger(self, screen: Settled, number: int) -> Settled:
        """Put a finger on the reader and leave it there until it is read; each touch is another impression of it."""
        return self.act(screen.screen, "put finger", lambda: self._touch_reader(number))

    def _touch_reader(self, number: int) -> None:
        finger = self.hands["fingerprint"]
        asked = int(finger.state()["commands"])
        # It must have seen that nothing lies there: the finger before was lifted.
        self._wait(lambda: finger.state()["commands"] >= asked + LOOKS, "the finger reader asks for no finger")
        read = int(finger.state()["uploads"])
        finger.control("finger", number=number)
        self._wait(lambda: finger.state()["uploads"] > read, "the finger reader did not see the finger")
        finger.control("lift")

    @staticmethod
    def _wait(condition: Callable[[], bool], otherwise: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                raise StepFailed(otherwise)
            time.sleep(STILL_PAUSE)

    def show_code(self, screen: Settled, citizen: str, *, damaged: bool = False) -> Settled:
        """Hold the card's QR code to the scanner; of a scratched one only the beginning comes through."""
        text = citizens.load(citizen).qr_text()
        if damaged:
            text = text[: text.index("|") + 1]
        return self.act(screen.screen, "show code", lambda: self.hands["scanner"].control("scan", text=text))

    def put_card(self, screen: Settled, citizen: str, **how: Any) -> Settled:
        """Lay the card on the reader."""
        return self.act(screen.screen, "put card", lambda: self.hands["chip"].control("insert", citizen=citizen, **how))

    def wait_for_paper(self, screen: Settled) -> Settled:
        """Nobody leaves before the slip is out; the printer's time is kept apart."""
        began = time.monotonic()
        while screen.screen in {"ticket-ready", "payment-done"} and screen.mark == "printing":
            screen = self.journal.next(PATIENCE)
        self.account.printing_s += time.monotonic() - began
        return screen

    def take_card(self) -> None:
        """Take it back."""
        self.hands["chip"].control("remove")

    def pay(self, screen: Settled) -> Settled:
        """Scan the code on the screen with the bank's app and pay it all."""
        # A phone tries again until it sees the code.
        deadline = time.monotonic() + PHONE_PATIENCE
        while (payload := payment_code(self.display.frame())) is None and time.monotonic() < deadline:
            time.sleep(STILL_PAUSE)
        if payload is None:
            raise StepFailed("the payment code on the screen cannot be scanned")
        return self.act(screen.screen, "pay", lambda: self.hands["bank"].control("pay", payload=payload))
