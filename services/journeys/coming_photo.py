"""The photo of the patient's card while it streams in behind the journey."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import trio

from services.identity.citizen import Citizen
from services.journeys.prompts import PhotoPlace


@dataclass(eq=False)
class ComingPhoto:
    """`over` is set when the photo is here, when the card was lifted before (`missed`) or has none."""

    stop: Callable[[], None]
    """Reads no more of it."""
    over: trio.Event = field(default_factory=trio.Event)
    missed: bool = False
    whole: Citizen | None = None
    """The same person judged by the whole card, with the photo."""

    @property
    def place(self) -> PhotoPlace:
        """What is to be seen where the photo belongs."""
        if not self.over.is_set():
            return PhotoPlace.COMING
        return PhotoPlace.MISSED if self.missed else PhotoPlace.READ
