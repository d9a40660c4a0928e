"""The card terminal of the settings in the driver's words."""

from __future__ import annotations

from drivers.card_terminal import NexoTerminal, Parties, TerminalAddress
from kiosk.settings import CardTerminalSettings


def terminal_of(place: CardTerminalSettings) -> NexoTerminal:
    """Where it hangs and what it calls itself and us."""
    address = TerminalAddress(place.host, place.port, payment_seconds=place.payment_seconds)
    return NexoTerminal(address, Parties(place.sale_id, place.poi_id))
