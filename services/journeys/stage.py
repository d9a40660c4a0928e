"""The stage: where a journey asks. Screens implement it with Kivy, tests with a script.

A journey knows no widget. It asks a prompt and gets the prompt's answer; what the bars around every screen say
(Back, Home, staff call, language…) arrives as stage events, which only the runner listens to.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import Enum
from typing import Protocol, TypeVar

from services.journeys.prompts.base import Prompt

A = TypeVar("A")


class StageEvent(Enum):
    """What a person did outside the question itself."""

    TOUCHED = "touched"
    """Any touch, also one that hit nothing: it resets the idle clock."""
    BACK = "back"
    HOME = "home"
    CALL_STAFF = "call-staff"
    TECHNICIAN = "technician"
    """The hidden gesture: it asks for the PIN, once no session is open."""
    LANGUAGE = "language"
    """The language was switched: words of the place are asked for again in the other one."""


class PadKey(Enum):
    """The keys of the listening mode, by what they mean; each may be used by somebody who sees nothing."""

    BACK = "back"
    NEXT = "next"
    CHOOSE = "choose"
    REPEAT = "repeat"
    LISTEN = "listen"
    """The one tactile key that starts the listening mode, and ends it."""
    HELP = "help"
    """"Chọn", held for two seconds: staff."""


@dataclass(frozen=True)
class TimeLeft:
    """The ring in the bottom bar: `seconds` of `total` are left from now; the stage counts down by itself."""

    seconds: float
    total: float
    result: bool = False
    """True reads "Tự về trang đầu", False "Còn lại"."""
    hold: bool = False
    """True reads "Giữ chỗ còn" (staff call)."""


class Stage(Protocol):
    """Where prompts appear. One person stands in front of it.

    `ask` pushes the prompt on top of whatever is shown and takes it away when answered or cancelled; the prompt
    below is shown again. It is a checkpoint and may be cancelled at any time. When nothing is left below, the last
    picture stays, not touchable, until the next prompt comes; nothing of it stays in any texture after that.
    """

    async def ask(self, prompt: Prompt[A], *, backwards: bool = False) -> A:
        """Show `prompt`, wait for its answer. `backwards` slides the other way (the person touched Back)."""
        ...

    def show(self, prompt: Prompt[A]) -> None:
        """Replace the asked prompt of the same type, wherever it lies in the pile, by its newer state.

        Does nothing when none of that type is asked. Who waits for the answer goes on waiting.
        """
        ...

    def time_left(self, left: TimeLeft | None) -> None:
        """Set or take away the ring of the bottom bar."""
        ...

    def assisted(self, name: str, until: str) -> None:
        """Every screen says who of the community digital team helps here, and until when; empty takes it away."""
        ...

    def events(self) -> AsyncIterator[StageEvent]:
        """What the bars say, until the stage ends. One listener: the runner."""
        ...

    def reset(self) -> None:
        """End of a session: language, text size, contrast, reach and volume go back to the site's defaults,
        nothing of the last person stays in any widget, texture or cache."""
        ...

    @property
    def language(self) -> str:
        """The person's language now: "vi" or "en"."""
        ...
