"""What the kiosk of the demo tells about itself: which screen takes touches since when, and where.

The kiosk appends one JSON line a settled screen to a file (demo settings only, `kiosk run` refuses them):
{"t": seconds of CLOCK_MONOTONIC, "screen": "choose-patient", "mark": "",
 "touchables": [{"name", "x", "y", "w", "h", "closed"}]}.
Names of screens and elements only, no text of a person.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


class ScreenDidNotCome(Exception):
    """The kiosk showed nothing new in time."""


@dataclass(frozen=True)
class Touchable:
    """One thing to touch; the box is in window pixels from the top left."""

    name: str
    x: float
    y: float
    w: float
    h: float
    closed: bool = False
    """Seen, and takes no touch as the screen is now."""

    @property
    def middle(self) -> tuple[int, int]:
        """Where a finger lands."""
        return round(self.x + self.w / 2), round(self.y + self.h / 2)


@dataclass(frozen=True)
class Settled:
    """A screen that takes touches since `t`."""

    t: float
    screen: str
    mark: str
    """What the screen is about beyond its name: a failure code, a hint, a state."""
    touchables: tuple[Touchable, ...]

    def named(self, name: str) -> Touchable | None:
        """The touchable of that name, if it is there and open."""
        return next((one for one in self.touchables if one.name == name and not one.closed), None)


class Journal:
    """Reads the kiosk's lines as they come."""

    def __init__(self, path: Path, alive: Callable[[], bool] = lambda: True) -> None:
        path.touch()
        self._alive = alive
        self._file = path.open("r", encoding="utf-8")
        self._rest = ""
        self.last: Settled | None = None

    def next(self, timeout: float) -> Settled:
        """The next settled screen. Raises ScreenDidNotCome."""
        deadline = time.monotonic() + timeout
        while True:
            found = self._line()
            if found is not None:
                self.last = found
                return found
            if not self._alive():
                raise ScreenDidNotCome("the kiosk ended by itself")
            if time.monotonic() > deadline:
                where = self.last.screen if self.last else "nothing"
                raise ScreenDidNotCome(f"no new screen within {timeout:.0f} s; the last one was {where}")
            time.sleep(0.002)

    def newest(self) -> Settled | None:
        """Skip to the newest line that is there, None when there is none since the last."""
        newest: Settled | None = None
        while (found := self._line()) is not None:
            newest = self.last = found
        return newest

    def _line(self) -> Settled | None:
        self._rest += self._file.readline()
        if not self._rest.endswith("\n"):
            return None
        line, self._rest = json.loads(self._rest), ""
        return Settled(line["t"], line["screen"], line["mark"], tuple(Touchable(**one) for one in line["touchables"]))

    def close(self) -> None:
        """Close the file."""
        self._file.close()
