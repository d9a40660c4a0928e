"""The technician's hidden gesture: logo and clock in turn, five touches within five seconds.

Neither of them has a ledge, and nobody touches them in turn by chance. It only asks for the PIN.
"""

from __future__ import annotations

from collections import deque
from enum import Enum
from time import monotonic

TOUCHES, SECONDS = 5, 5.0


class Zone(Enum):
    """The two ends of the place bar."""

    LOGO = "logo"
    CLOCK = "clock"


class Gesture:
    """Hears where the place bar was touched."""

    def __init__(self) -> None:
        self._touches: deque[tuple[Zone, float]] = deque(maxlen=TOUCHES)

    def touched(self, zone: Zone | None, now: float | None = None) -> bool:
        """Whether this touch completes it; a touch anywhere else (None) begins anew."""
        if zone is None:
            self._touches.clear()
            return False
        at = monotonic() if now is None else now
        self._touches.append((zone, at))
        zones = [each for each, _ in self._touches]
        in_turn = zones == [Zone.LOGO, Zone.CLOCK, Zone.LOGO, Zone.CLOCK, Zone.LOGO]
        if in_turn and at - self._touches[0][1] <= SECONDS:
            self._touches.clear()
            return True
        return False
