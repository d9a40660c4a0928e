"""Who is called next: a pure rule over three lanes, so that priority goes first and nobody starves.

The *priority* and the *ordinary* lane are interleaved: while somebody ordinary waits, at most `ratio` priority numbers
are called before one ordinary number. The *returning* lane holds people who were called before and come back (with
results, after an absence): each is due after a number of further calls, and never two of them follow each other while
anybody else waits. So the first of the ordinary lane is called within 2 x (ratio + 1) calls, the
first of the priority lane within 4. Inside a lane the order is: due, time of issue, order of arrival; never the number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum


class Lane(Enum):
    """Where somebody waits."""

    PRIORITY = "priority"
    ORDINARY = "ordinary"
    RETURNING = "returning"


@dataclass(frozen=True)
class Turn:
    """What the rule remembers between two calls of one clinic and day."""

    overtaken: int = 0
    """Priority numbers called since the last ordinary one, while somebody ordinary waited."""
    returned: bool = False
    """The last call was of somebody who came back."""


@dataclass(frozen=True)
class Heads:
    """Which lanes have somebody to call, and whether the first of the returning ones is due."""

    priority: bool
    ordinary: bool
    returning: bool
    due: bool


def choose(heads: Heads, turn: Turn, ratio: int) -> tuple[Lane, Turn] | None:
    """The lane whose first is called next, and what to remember; None when nobody waits. `ratio` >= 1."""
    others = heads.priority or heads.ordinary
    if heads.returning and (not others or (heads.due and not turn.returned)):
        return Lane.RETURNING, replace(turn, returned=True)
    if heads.priority and (not heads.ordinary or turn.overtaken < ratio):
        return Lane.PRIORITY, Turn(overtaken=turn.overtaken + 1 if heads.ordinary else 0)
    if heads.ordinary:
        return Lane.ORDINARY, Turn()
    return None


def ahead(priority: bool, waiting_priority: int, waiting_ordinary: int, overtaken: int, ratio: int) -> int:
    """People called before somebody who joins now, as long as nobody else comes (those who come back not counted)."""
    if priority:
        return waiting_priority + min(waiting_ordinary, (overtaken + waiting_priority) // ratio)
    return waiting_ordinary + min(waiting_priority, max(0, (waiting_ordinary + 1) * ratio - overtaken))
