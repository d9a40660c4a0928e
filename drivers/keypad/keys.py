"""From strokes to what a key means. Names and codes are the kernel's (linux/input-event-codes.h), by python-evdev."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import monotonic

KeyNames = Mapping[str, str]
"""What a key means ("next") to the kernel's name of it ("KEY_RIGHT")."""
CHOOSE, HELP, LISTEN = "choose", "help", "listen"
HELP_SECONDS = 2.0
"""So long "Chọn" is held to call staff."""
LISTEN_SECONDS = 1.0
"""So long the raised key is held: a hand that passes over it begins and ends nothing."""


def code_of(name: str) -> int | None:
    """The kernel's number of "KEY_RIGHT"; None for a name it does not know."""
    from evdev import ecodes

    return ecodes.ecodes.get(name)


class Presses:
    """Says what was meant: when a key goes down, or up for the key that means two things, or once it was held.

    A held key repeats itself (the kernel's autorepeat); where it does not, the time is known when it goes up. `stroke`
    never raises.
    """

    def __init__(self, keys: Mapping[int, str], act: Callable[[str], None], now: Callable[[], float] = monotonic):
        self._keys, self._act, self._now = keys, act, now
        self._down: dict[int, float] = {}
        self._held = set[int]()

    def stroke(self, key: int, *, down: bool, again: bool = False) -> None:
        """A key went down or up, or is still held (`again`, where that is told apart); a held key counts once."""
        meaning = self._keys.get(key)
        if meaning is None or (again and key not in self._down):
            return
        if down:
            begun = key in self._down
            self._down.setdefault(key, self._now())
            if meaning == LISTEN:
                self._listen(key, self._down[key])
            elif not begun and meaning != CHOOSE:
                self._act(meaning)
            return
        since = self._down.pop(key, None)
        if meaning == CHOOSE and since is not None:
            self._act(HELP if self._now() - since >= HELP_SECONDS else CHOOSE)
        if meaning == LISTEN and since is not None:
            self._listen(key, since)
        self._held.discard(key)

    def _listen(self, key: int, since: float) -> None:
        if key not in self._held and self._now() - since >= LISTEN_SECONDS:
            self._held.add(key)
            self._act(LISTEN)

    def forget(self) -> None:
        """The keypad is gone: what was held is held no longer."""
        self._down.clear()
        self._held.clear()
