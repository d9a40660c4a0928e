"""From strokes to what a key means. Names and codes are the kernel's (linux/input-event-codes.h), by python-evdev."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import monotonic

KeyNames = Mapping[str, str]
"""What a key means ("next") to the kernel's name of it ("KEY_RIGHT")."""
CHOOSE, HELP = "choose", "help"
HELP_SECONDS = 2.0
"""So long "Chọn" is held to call staff."""


def code_of(name: str) -> int | None:
    """The kernel's number of "KEY_RIGHT"; None for a name it does not know."""
    from evdev import ecodes

    return ecodes.ecodes.get(name)


class Presses:
    """Says what was meant when a key goes down, or up for the key that means two things. `stroke` never raises."""

    def __init__(self, keys: Mapping[int, str], act: Callable[[str], None], now: Callable[[], float] = monotonic):
        self._keys, self._act, self._now = keys, act, now
        self._down: dict[int, float] = {}

    def stroke(self, key: int, *, down: bool) -> None:
        """A key went down or up; the repetition of a held key counts once."""
        meaning = self._keys.get(key)
        if meaning is None:
            return
        if down:
            begun = key in self._down
            self._down.setdefault(key, self._now())
            if not begun and meaning != CHOOSE:
                self._act(meaning)
            return
        since = self._down.pop(key, None)
        if meaning == CHOOSE and since is not None:
            self._act(HELP if self._now() - since >= HELP_SECONDS else CHOOSE)

    def forget(self) -> None:
        """The keypad is gone: what was held is held no longer."""
        self._down.clear()
