"""What the technician's mode may use of its kiosk: `kiosk.technician` builds the real one, tests their double."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from drivers.smartcard.presence import CardPresence
from services.journeys.prompts import DeviceAction, DeviceHistory, Lamp, SettingRow, TechnicianBoard, Told
from services.technician.handshake import Handshake
from services.technician.pin import PinVerdict


@dataclass(frozen=True)
class Outcome:
    """What became of one test. `code` is a failure code where there is one; `lines` hold no content of a card."""

    lamp: Lamp
    told: Told
    code: str | None = None
    lines: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    """Each command of a chip: number, header, bytes sent, status word, bytes received, milliseconds."""


@dataclass(frozen=True)
class Check:
    """One test of one device. `hands` is a message id: what the technician must do while it runs."""

    name: str
    run: Callable[[], Awaitable[Outcome]]
    hands: str = "tech.do.wait"
    seconds: float = 25.0
    """After this long it is given up."""


class Room(Protocol):
    """One kiosk's technician's mode."""

    @property
    def handshake(self) -> Handshake:
        """In and out."""
        ...

    @property
    def tests(self) -> tuple[Check, ...]:
        """All of them, in the order they run. The touch grid is the screen's own."""
        ...

    async def locked(self) -> int:
        """Seconds until the next PIN is looked at."""
        ...

    async def check(self, pin: str) -> PinVerdict:
        """Look at a PIN."""
        ...

    async def opened_by(self, card: CardPresence) -> bool:
        """Whether this is a technician's card that proves itself now. Never raises for a card."""
        ...

    async def card_lies_here(self) -> bool:
        """Whether such a card lies on the reader now."""
        ...

    async def card_laid_down(self) -> None:
        """Wait until one is laid down and proves itself."""
        ...

    async def board(self, note: Told | None) -> TechnicianBoard:
        """The devices now."""
        ...

    def history(self, device: str) -> DeviceHistory:
        """Counters and last failures with their cures."""
        ...

    def touched(self, missed: int) -> None:
        """The touch grid ended, with so many fields that took no touch."""
        ...

    async def act(self, device: str, action: DeviceAction) -> Told:
        """The second button of a row."""
        ...

    async def export(self) -> Told:
        """Write the redacted bundle to an allow-listed stick, or send it to the gateway."""
        ...

    def settings(self) -> tuple[SettingRow, ...]:
        """Those that may be changed here."""
        ...

    @property
    def can_undo(self) -> bool:
        """Whether a change can be taken back."""
        ...

    async def next_value(self, name: str) -> Told:
        """Write the next allowed value."""
        ...

    async def undo(self) -> Told:
        """Take the last change back."""
        ...

    def session_over(self) -> None:
        """Somebody was served."""
        ...

    def restart(self) -> None:
        """End this program and start it anew."""
        ...
