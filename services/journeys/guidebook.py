"""Notices and guides of the place, as journeys read them: data that the site replaces, with pictures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Protocol

from services.contract.one_stop import Guidance

NOTHING = Guidance(notices=(), guides=())


class Guidebook(Protocol):
    """What the place tells, from the gateway's last answer; kept for days without network."""

    def guidance(self, day: date) -> Guidance:
        """What holds on a day."""
        ...

    def picture(self, name: str | None) -> bytes | None:
        """A picture that a notice or guide names; None where there is none (yet)."""
        ...

    def on_change(self, listener: Callable[[], None]) -> None:
        """`listener()` is called when something else is told."""
        ...


class NoGuides:
    """A place that tells nothing."""

    def guidance(self, day: date) -> Guidance:
        """Nothing."""
        return NOTHING

    def picture(self, name: str | None) -> bytes | None:
        """None."""
        return None

    def on_change(self, listener: Callable[[], None]) -> None:
        """Never."""
