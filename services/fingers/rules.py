"""What counts as the same finger, how many tries there are, and which fingers are asked for.

Threshold and counts are for one matcher (nbis-py 0.1.3, Bozorth3): scores of two matchers are not comparable. They are
to be measured again on the chosen reader before any rate is promised (docs/fingerprint.md).
"""

from __future__ import annotations

from enum import IntEnum

THRESHOLD = 40
IMPRESSIONS = 3
"""Enrolled of one finger."""
TRIES = 3
"""Comparisons that scored; a picture refused for its quality is none."""
CAPTURES = 6
"""Pictures in all, refused ones included."""
LEAST_MINUTIAE = 12
"""Fewer are no finger to compare: a refusal. More prove nothing (noise has 68)."""
MOST_CANDIDATES = 10
"""Whom a returning person is compared with at most."""


class Position(IntEnum):
    """Fingers by their numbers in ISO/IEC 19785; the other index finger is offered from the first try."""

    UNKNOWN = 0
    RIGHT_THUMB = 1
    RIGHT_INDEX = 2
    RIGHT_MIDDLE = 3
    RIGHT_RING = 4
    RIGHT_LITTLE = 5
    LEFT_THUMB = 6
    LEFT_INDEX = 7
    LEFT_MIDDLE = 8
    LEFT_RING = 9
    LEFT_LITTLE = 10


ASKED_FOR = (Position.RIGHT_INDEX, Position.LEFT_INDEX, Position.RIGHT_THUMB, Position.LEFT_THUMB)
"""In this order, where nothing says which finger is known."""


def same_finger(scores: list[int]) -> bool:
    """Whether any reference scored enough."""
    return any(score >= THRESHOLD for score in scores)
