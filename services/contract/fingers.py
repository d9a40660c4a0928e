"""Fingerprint templates on the gateway: leaving one, being checked by it, coming back."""

from __future__ import annotations

from enum import Enum

from pydantic import Field

from services.contract.base import Wire
from services.contract.identity import Person
from services.contract.privacy import Consents


class FingerPicture(Wire):
    """A finger as the reader saw it: grey bytes row by row, deflated (zlib), in base64. Never kept."""

    width: int = Field(ge=64, le=1024)
    height: int = Field(ge=64, le=1024)
    dpi: int = Field(ge=250, le=1000)
    pixels: str = Field(max_length=1_600_000, repr=False)


class FingerAnswer(Enum):
    """What came of a finger. No score ever leaves the gateway."""

    MATCH = "match"
    NO_MATCH = "no-match"
    POOR = "poor"
    """Too little to compare: a hint, and not a try."""
    FAILED = "failed"
    """The matcher crashed or took too long: one failed try."""
    UNKNOWN = "unknown"
    """Nobody is enrolled under what was asked."""


class FingerAsk(Wire):
    """POST /v1/fingers/standing (a question, no write): whose. Only a person whom the chip proved gets an answer."""

    person: Person


class FingerStanding(Wire):
    """Fingers this person enrolled here, by their numbers in ISO/IEC 19785; empty: none."""

    positions: tuple[int, ...]


class FingerEnrolment(Wire):
    """POST /v1/fingers/enrolments (ask again, never later): impressions of one finger, after a proven check-in.

    `consent` is the evidence for purpose "finger" and names the registration; nothing is stored without it.
    """

    consent: Consents
    position: int = Field(ge=1, le=10)
    pictures: tuple[FingerPicture, FingerPicture, FingerPicture]
    phone_last4: str | None = Field(default=None, pattern="^[0-9]{4}$")
    """For coming back without the card, where the site has that; only a keyed hash of it is kept."""


class FingerCheck(Wire):
    """POST /v1/fingers/checks (ask again, never later): is this the finger of the person whom the chip proved?"""

    person: Person
    position: int = Field(ge=0, le=10)
    picture: FingerPicture


class FingerReturn(Wire):
    """POST /v1/fingers/returns (ask again, never later): somebody without a card, who enrolled here."""

    birth: str = Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
    phone_last4: str = Field(pattern="^[0-9]{4}$")
    picture: FingerPicture


class FingerVerdict(Wire):
    """Answer of all three. `finger` names a match of a return, for `Person.finger`, for ten minutes."""

    answer: FingerAnswer
    tries_left: int = 0
    finger: str | None = None
