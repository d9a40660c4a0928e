"""Is it the same finger? Pictures in, one word out; nothing of a picture is kept, no score leaves this room."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from gateway.fingers.matching import OneAtATime
from gateway.fingers.templates import Kept
from services.contract.models import FingerAnswer, FingerPicture
from services.fingers.matcher import MatcherError, MatcherErrorReason, Template
from services.fingers.rules import Position, same_finger

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Decision:
    """What came of it."""

    answer: FingerAnswer
    kept: Kept | None = None
    """The finger that matched."""
    templates: tuple[Template, ...] = field(default=(), repr=False)
    """Of an enrolment that may be kept."""


def enrolled(matcher: OneAtATime, pictures: Sequence[FingerPicture], position: Position) -> Decision:
    """Three impressions: each must have enough to compare, and each must be the same finger as the first."""
    try:
        templates = tuple(matcher.extract(picture, position) for picture in pictures)
        if not all(template.good for template in templates):
            return Decision(FingerAnswer.POOR)
        first, *others = templates
        if not all(same_finger(matcher.compare(other, [first])) for other in others):
            return Decision(FingerAnswer.NO_MATCH)
    except MatcherError as error:
        return _failed(error)
    return Decision(FingerAnswer.MATCH, templates=templates)


def compared(matcher: OneAtATime, picture: FingerPicture, references: Sequence[Kept], position: Position) -> Decision:
    """The finger against what is kept. Two people who match alike are no match: a person decides."""
    if not references:
        return Decision(FingerAnswer.UNKNOWN)
    try:
        probe = matcher.extract(picture, position)
        if not probe.good:
            return Decision(FingerAnswer.POOR)
        found = [kept for kept in references if same_finger(matcher.compare(probe, kept.templates))]
    except MatcherError as error:
        return _failed(error)
    if len({kept.person for kept in found}) != 1:
        return Decision(FingerAnswer.NO_MATCH)
    return Decision(FingerAnswer.MATCH, kept=found[0])


def _failed(error: MatcherError) -> Decision:
    log.warning("a finger could not be compared: %s", error)
    poor = error.reason is MatcherErrorReason.UNREADABLE
    return Decision(FingerAnswer.POOR if poor else FingerAnswer.FAILED)
