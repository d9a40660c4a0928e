"""Somebody is called to the kiosk."""

from __future__ import annotations

from enum import Enum

from pydantic import AwareDatetime, Field

from services.contract.base import Wire
from services.contract.identity import NonceBatch
from services.contract.payments import PaymentIntent


class StaffCallStatus(Enum):
    """Rings until acknowledged."""

    RINGING = "ringing"
    ACKNOWLEDGED = "acknowledged"
    CANCELLED = "cancelled"
    CLOSED = "closed"


class StaffCallRequest(Wire):
    """POST /v1/staff-calls: where the person is in the journey (a step's name, no personal data)."""

    step: str = Field(default="", pattern="^[0-9A-Za-z._-]{0,40}$")


class StaffCall(Wire):
    """One open call per kiosk."""

    id: str
    status: StaffCallStatus
    called_at: AwareDatetime
    acknowledged_at: AwareDatetime | None = None
    version: int


NonceBatch.model_rebuild()

PaymentIntent.model_rebuild()
