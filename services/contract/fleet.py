"""Heartbeats and device reports."""

from __future__ import annotations

from enum import Enum

from pydantic import AwareDatetime, Field

from services.contract.base import Wire


class DeviceState(Enum):
    """A device as the fleet sees it (vocabulary of CEN XFS4IoT)."""

    ONLINE = "online"
    OFFLINE = "offline"
    NO_DEVICE = "no-device"
    HARDWARE_ERROR = "hardware-error"
    USER_ERROR = "user-error"
    UNKNOWN = "unknown"
    NOT_SUPPORTED = "not-supported"


class DeviceReport(Wire):
    """One device now; `failure_code` says why it is not online."""

    name: str = Field(max_length=40)
    state: DeviceState
    failure_code: str | None = Field(default=None, max_length=12)
    since: AwareDatetime | None = None
    """Since when it is as it is."""
    losses: int = Field(default=0, ge=0)
    """How often it was lost since the kiosk's start."""
    last_failure: str | None = Field(default=None, max_length=12)
    last_failure_at: AwareDatetime | None = None


class Heartbeat(Wire):
    """POST /v1/heartbeats, every 30 s and after a change; no personal data, no idempotency key (the newest wins)."""

    at: AwareDatetime
    version: str = Field(max_length=40)
    started_at: AwareDatetime | None = None
    """When the kiosk's program was started: another time than before means that it fell over or was restarted."""
    devices: tuple[DeviceReport, ...] = Field(default=(), max_length=40)
    outbox_waiting: int = 0
    outbox_oldest_seconds: int = 0
    outbox_dead: int = 0
    """Entries the gateway refused for good: somebody must look."""
