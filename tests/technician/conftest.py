"""A technician's room of a test: what was asked of it, and what it answers."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import pytest
import trio

from drivers.smartcard.presence import CardPresence
from screens.samples_technician import BOARD, SETTINGS
from services.journeys.prompts import DeviceAction, DeviceHistory, Lamp, SettingRow, TechnicianBoard, Told
from services.technician.handshake import Handshake
from services.technician.pin import PinVerdict
from services.technician.room import Check, Outcome

PIN = "274918"
TECHNICIANS = b"technician"


@dataclass
class Room:
    """Implements services.technician.room.Room."""

    handshake: Handshake = field(default_factory=Handshake)
    tests: tuple[Check, ...] = ()
    wait: int = 0
    done: list[str] = field(default_factory=list[str])
    served: int = 0
    can_undo: bool = False
    card: bool = False
    card_comes: float = math.inf
    """A technician's card lies there, or comes after so many seconds."""

    async def locked(self) -> int:
        await trio.lowlevel.checkpoint()
        return self.wait

    async def check(self, pin: str) -> PinVerdict:
        await trio.lowlevel.checkpoint()
        self.done.append("pin")
        return PinVerdict(pin == PIN)

    async def opened_by(self, card: CardPresence) -> bool:
        await trio.lowlevel.checkpoint()
        return card.atr == TECHNICIANS

    async def card_lies_here(self) -> bool:
        await trio.lowlevel.checkpoint()
        return self.card

    async def card_laid_down(self) -> None:
        await trio.sleep(self.card_comes)

    async def board(self, note: Told | None) -> TechnicianBoard:
        await trio.lowlevel.checkpoint()
        return TechnicianBoard(**{**vars(BOARD), "note": note})

    def history(self, device: str) -> DeviceHistory:
        return DeviceHistory(Told("tech.history.counts", (("changes", 1), ("losses", 0))))

    def touched(self, missed: int) -> None:
        self.done.append(f"touched {missed}")

    async def act(self, device: str, action: DeviceAction) -> Told:
        self.done.append(f"{action.value} {device}")
        return Told("tech.reopened")

    async def export(self) -> Told:
        self.done.append("export")
        return Told("tech.export.none")

    def settings(self) -> tuple[SettingRow, ...]:
        return SETTINGS.rows

    async def next_value(self, name: str) -> Told:
        self.done.append(name)
        self.can_undo = True
        return Told("tech.settings.changed")

    async def undo(self) -> Told:
        self.done.append("undo")
        return Told("tech.settings.undone")

    def session_over(self) -> None:
        self.served += 1

    def restart(self) -> None:
        self.done.append("restart")


@pytest.fixture
def room() -> Room:
    """With a printer that prints, a scanner nobody shows anything, and a reader whose test falls over."""
    made = Room()

    async def printed() -> Outcome:
        await trio.sleep(1)
        return Outcome(Lamp.GOOD, Told("tech.found.printed"))

    async def nothing() -> Outcome:
        await trio.sleep_forever()
        raise AssertionError

    async def falls_over() -> Outcome:
        await trio.lowlevel.checkpoint()
        raise ZeroDivisionError

    made.tests = (
        Check("printer", printed),
        Check("scanner", nothing, "tech.do.scan", 20.0),
        Check("reader", falls_over),
    )
    return made
