"""How the devices are: one board, a change published once, and one function per device that finds its words."""

from services.device_health.board import Health, HealthBoard
from services.device_health.devices import (
    CARD_TERMINAL,
    DOCUMENT_SCANNER,
    FINGER,
    PRINTER,
    READER,
    SCANNER,
    SOUND,
    of_card_terminal,
    of_document_scanner,
    of_finger,
    of_printer,
    of_reader,
    of_scanner,
    of_sound,
)
from services.device_health.history import PastFailure, Record

__all__ = [
    "CARD_TERMINAL",
    "DOCUMENT_SCANNER",
    "FINGER",
    "PRINTER",
    "READER",
    "SCANNER",
    "SOUND",
    "Health",
    "HealthBoard",
    "PastFailure",
    "Record",
    "of_card_terminal",
    "of_document_scanner",
    "of_finger",
    "of_printer",
    "of_reader",
    "of_scanner",
    "of_sound",
]
