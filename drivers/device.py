"""Words shared by all devices: the device's own state as CEN XFS4IoT names it, and how long to wait between tries.

Every driver has the same parts: a frozen status, frozen capabilities (enums of both have UNKNOWN and NOT_SUPPORTED), a
hook that is called on change only, and a `Supervised` side that `drivers.supervisor` keeps open (docs/decisions/0080).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import Enum

import trio


class DeviceState(Enum):
    """`Common.Status` → `device` of XFS4IoT, plus UNKNOWN before the first question."""

    UNKNOWN = "unknown"
    NOT_SUPPORTED = "notSupported"
    """A kiosk built without this device."""
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


class Answer(Enum):
    """What is known of one capability."""

    UNKNOWN = "unknown"
    SUPPORTED = "supported"
    NOT_SUPPORTED = "notSupported"


class Gone(OSError):
    """The device is not there or does not answer: `state` says which. A plain OSError means NO_DEVICE."""

    def __init__(self, state: DeviceState, detail: str) -> None:
        super().__init__(detail)
        self.state = state


class Supervised(ABC):
    """One device as its supervisor sees it. All methods belong to the trio thread and may be cancelled."""

    @abstractmethod
    async def open(self) -> None:
        """Open it and see that it answers. Raises OSError (Gone) when it is not there."""

    @abstractmethod
    async def watch(self) -> None:
        """Until it is lost: raises OSError (Gone) then, within a second where its wire can tell."""

    async def close(self) -> None:
        """Let go of it after a loss, a reset or at the end; called once for each `open` that was begun."""
        await trio.lowlevel.checkpoint()

    async def restart(self) -> None:
        """What a reset does beyond closing and opening: end a worker, clear a buffer."""
        await trio.lowlevel.checkpoint()


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
