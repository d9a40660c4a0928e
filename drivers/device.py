"""Words shared by all devices: the device's own state as CEN XFS4IoT names it, and how long to wait between tries."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class DeviceState(Enum):
    """`Common.Status` → `device` of XFS4IoT, plus UNKNOWN before the first question."""

    UNKNOWN = "unknown"
    ONLINE = "online"
    OFFLINE = "offline"
    """It answers, but cannot work just now, or it is there and does not answer."""
    NO_DEVICE = "noDevice"
    """Nothing is there: unplugged, switched off, wrong address."""
    HARDWARE_ERROR = "hardwareError"
    """Somebody with tools is needed."""
    USER_ERROR = "userError"
    """Somebody with hands is needed: paper, cover, a jam."""
    BUSY = "deviceBusy"


@dataclass
class BackOff:
    """Growing waits between tries to open a device: `first` seconds, doubled up to `longest`."""

    first: float = 0.25
    longest: float = 2.0
    _next: float = 0.0

    def wait(self) -> float:
        """Seconds to wait now."""
        now = self._next or self.first
        self._next = min(now * 2, self.longest)
        return now

    def worked(self) -> None:
        """The device was opened: begin again with `first`."""
        self._next = 0.0
