"""The sounds of the kiosk (LOOK.md section 6), made by code: nothing to licence, nothing to lose."""

from __future__ import annotations

from enum import Enum
from functools import cache

from drivers.audio.pcm import note, silence


class Tone(Enum):
    """What a sound says. Each has a visible sign of its own on the screen."""

    TICK = "tick"
    """A touch: 20 ms."""
    CARD_READ = "card-read"
    """The "bíp": two rising notes."""
    ERROR = "error"
    """One low note, never an alarm."""
    FORGOTTEN = "forgotten"
    """Three notes; repeated by the caller every 5 s."""
    CHIME = "chime"
    """A ticket is ready, or somebody is on the way."""


@cache
def samples(tone: Tone) -> bytes:
    """The sound in the house's format."""
    match tone:
        case Tone.TICK:
            return note(1800, 0.020, 0.30)
        case Tone.CARD_READ:
            return note(880, 0.13) + note(1318.5, 0.26)
        case Tone.ERROR:
            return note(233.1, 0.40, 0.60)
        case Tone.FORGOTTEN:
            return silence(0.06).join((note(1046.5, 0.22), note(784, 0.22), note(1046.5, 0.34)))
        case Tone.CHIME:
            return note(659.3, 0.22, 0.45) + note(987.8, 0.50, 0.45)
