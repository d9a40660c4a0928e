"""The card terminal of the settings in the driver's words."""

from __future__ import annotations

from collections.abc import Callable

from drivers.card_terminal import NexoTerminal, Parties, TerminalAddress, TerminalDesk
from drivers.device import DeviceState
from drivers.held_line import HeldLine
from kiosk.settings import CardTerminalSettings


def terminal_of(place: CardTerminalSettings) -> NexoTerminal:
    """Where it hangs and what it calls itself and us."""
    address = TerminalAddress(place.host, place.port, payment_seconds=place.payment_seconds)
    return NexoTerminal(address, Parties(place.sale_id, place.poi_id))


def terminal_desk_of(place: CardTerminalSettings, changed: Callable[[DeviceState], None] | None = None) -> TerminalDesk:
    """The supervised terminal."""
    line = HeldLine(place.host, place.port) if place.hold_line else None
    return TerminalDesk(terminal_of(place), f"{place.host}:{place.port}", changed, line=line)
