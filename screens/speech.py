"""What a page says aloud: 600 ms after it appears, stopped by any touch, repeated by "Nghe"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from services.journeys.prompts import Say

DELAY_SECONDS = 0.6


class Speaker(Protocol):
    """The kiosk's voice (services.announcements). Neither call blocks."""

    def say(self, sentences: Sequence[Say], language: str) -> None:
        """Speak these sentences in order; what was being said ends."""
        ...

    def stop(self) -> None:
        """Be silent now."""
        ...


class Controls(Protocol):
    """What the tools around every page switch outside the screen."""

    @property
    def headphones(self) -> bool:
        """Whether headphones are in: only then names, numbers and amounts are spoken."""
        ...

    def tick(self) -> None:
        """The sound of a touch."""
        ...

    def set_volume(self, percent: int) -> None:
        """0 to 100 % of what the installer allowed."""
        ...


class Silence:
    """No voice, no sound: everything is on the screen too."""

    headphones = False

    def say(self, sentences: Sequence[Say], language: str) -> None:
        """Nothing is said."""

    def stop(self) -> None:
        """Nothing is stopped."""

    def tick(self) -> None:
        """Nothing sounds."""

    def set_volume(self, percent: int) -> None:
        """Nothing is louder."""


def allowed(sentences: Sequence[Say], *, headphones: bool) -> tuple[Say, ...]:
    """Private sentences only with headphones in."""
    return tuple(sentence for sentence in sentences if headphones or not sentence.private)
