"""The insurer's answer as the kiosk sees it."""

from __future__ import annotations

from datetime import date
from enum import Enum

from pydantic import AwareDatetime, Field

from services.contract.base import Wire


class EligibilityRequest(Wire):
    """POST /v1/insurance/eligibility (ask again, never later): whom to look up."""

    number: str = Field(max_length=15)
    """12-digit ID number, 10-digit BHXH number or 15-character card number."""
    name: str = Field(max_length=255)
    birth: str = Field(pattern="^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$")


class EligibilityResult(Enum):
    """What the patient is told; each has its own words."""

    VALID = "valid"
    NOT_COVERED_HERE = "none"
    PARTLY = "partly"
    EXPIRED = "expired"
    NOT_YET = "notyet"
    NOT_FOUND = "notfound"
    STOPPED = "stopped"
    """Revoked, or taken off the list."""
    MOVED = "moved"
    """Managed elsewhere now: there is a newer card."""
    CHILD = "child"
    """A child whose card is not made yet."""
    MISMATCH = "mismatch"
    PAPER_CARD = "papercard"
    """A card of army, police or cipher service: insured, the desk looks at the paper card."""
    UNCLEAR = "unclear"
    """An answer nobody here knows the meaning of."""


class MismatchField(Enum):
    """What the insurer knows otherwise (codes 060, 061, 070)."""

    NAME = "name"
    BIRTH = "birth"


class Mismatch(Wire):
    """For the mismatch slip: field, message id of the difference, and the code by which the desk finds the look-up.

    Never the values themselves.
    """

    field: MismatchField
    detail: str = Field(max_length=60)
    code: str = Field(pattern="^[0-9A-Z]{4}-[0-9A-Z]{4}$")


class Eligibility(Wire):
    """The insurer's answer, already judged by the gateway's dated tables."""

    id: str
    result: EligibilityResult
    card_number: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    benefit_percent: int | None = None
    route_percent: int | None = None
    route: str = ""
    """Message id of the route, e.g. route.registered, route.first_level, route.other."""
    registered_here: bool = False
    registered_at: str | None = None
    result_code: str = ""
    """maKetQua, for staff."""
    asked_at: AwareDatetime
    staff_check: bool = False
    """The desk looks at card and papers too (cards of army and police)."""
    new_card: bool = False
    """The card that counts was issued after the one that was asked for."""
    mismatch: Mismatch | None = None
    """Set with the result MISMATCH."""
    transfer_form_from: date | None = None
    """A transfer form signed on this day or later still holds: guidance, the desk decides."""
