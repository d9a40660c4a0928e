"""How much time people are given, as a multiple of the written one; it may change while somebody waits."""

from __future__ import annotations

from collections.abc import Callable

LISTENING = 2.0
"""In listening mode (LOOK.md section 13)."""


class Pace:
    """2 in listening mode, more where a site wants it, less in tests."""

    def __init__(self, factor: float = 1.0) -> None:
        self._site = factor
        self._listening = False
        self._listeners: list[Callable[[], None]] = []

    @property
    def factor(self) -> float:
        """What every written time is multiplied by now."""
        return self._site * (LISTENING if self._listening else 1.0)

    def become(self, factor: float) -> None:
        """The site's own factor from now on; whoever waits begins anew with the new time."""
        if factor != self._site:
            self._site = factor
            self._tell()

    def listen(self, *, on: bool) -> None:
        """Somebody uses the kiosk by ear, or no longer."""
        if on != self._listening:
            self._listening = on
            self._tell()

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()

    def on_change(self, listener: Callable[[], None]) -> None:
        """`listener()` is called when the time changes."""
        self._listeners.append(listener)
