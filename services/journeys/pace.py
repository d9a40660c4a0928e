"""How much time people are given, as a multiple of the written one; it may change while somebody waits."""

from __future__ import annotations

from collections.abc import Callable


class Pace:
    """2 in listening mode, more where a site wants it, less in tests."""

    def __init__(self, factor: float = 1.0) -> None:
        self.factor = factor
        self._listeners: list[Callable[[], None]] = []

    def become(self, factor: float) -> None:
        """From now on; whoever waits begins anew with the new time."""
        if factor != self.factor:
            self.factor = factor
            for listener in self._listeners:
                listener()

    def on_change(self, listener: Callable[[], None]) -> None:
        """`listener()` is called when the time changes."""
        self._listeners.append(listener)
