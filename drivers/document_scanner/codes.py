"""SANE_Status: the values of SANE Standard 1.06 §4.2.7 (Status Type) and of sane/sane.h in sane-backends 1.1."""

from __future__ import annotations

from enum import IntEnum

from drivers.device import DeviceState
from drivers.document_scanner.errors import ScanError, ScanErrorReason


class SaneStatus(IntEnum):
    """What every call of the library answers."""

    GOOD = 0
    UNSUPPORTED = 1
    CANCELLED = 2
    DEVICE_BUSY = 3
    INVAL = 4
    """At `sane_open`: no such device (sane.h: "includes no dev at open")."""
    EOF = 5
    JAMMED = 6
    NO_DOCS = 7
    COVER_OPEN = 8
    IO_ERROR = 9
    NO_MEM = 10
    ACCESS_DENIED = 11
    WARMING_UP = 12
    """Not in version 1; sane.h keeps the number for later, some back ends send it."""
    HW_LOCKED = 13
    """The same."""


REASONS: dict[int, ScanErrorReason] = {
    SaneStatus.UNSUPPORTED: ScanErrorReason.UNSUPPORTED,
    SaneStatus.CANCELLED: ScanErrorReason.CANCELLED,
    SaneStatus.DEVICE_BUSY: ScanErrorReason.BUSY,
    SaneStatus.INVAL: ScanErrorReason.UNSUPPORTED,
    SaneStatus.EOF: ScanErrorReason.LOST,  # where data must come: the page broke off
    SaneStatus.JAMMED: ScanErrorReason.JAMMED,
    SaneStatus.NO_DOCS: ScanErrorReason.NO_DOCUMENTS,
    SaneStatus.COVER_OPEN: ScanErrorReason.COVER_OPEN,
    SaneStatus.IO_ERROR: ScanErrorReason.LOST,
    SaneStatus.NO_MEM: ScanErrorReason.TOO_LARGE,
    SaneStatus.ACCESS_DENIED: ScanErrorReason.ACCESS,
    SaneStatus.WARMING_UP: ScanErrorReason.BUSY,
    SaneStatus.HW_LOCKED: ScanErrorReason.LOCKED,
}

STATES: dict[ScanErrorReason, DeviceState] = {
    ScanErrorReason.ABSENT: DeviceState.NO_DEVICE,
    ScanErrorReason.ACCESS: DeviceState.OFFLINE,
    ScanErrorReason.LOST: DeviceState.NO_DEVICE,
    ScanErrorReason.SILENT: DeviceState.OFFLINE,
    ScanErrorReason.BUSY: DeviceState.BUSY,
    ScanErrorReason.JAMMED: DeviceState.USER_ERROR,
    ScanErrorReason.COVER_OPEN: DeviceState.USER_ERROR,
    ScanErrorReason.LOCKED: DeviceState.HARDWARE_ERROR,
    ScanErrorReason.UNSUPPORTED: DeviceState.NOT_SUPPORTED,
    ScanErrorReason.WORKER: DeviceState.OFFLINE,
    ScanErrorReason.UNKNOWN: DeviceState.OFFLINE,
}
"""What a reason makes of the device (XFS4IoT `device`); a reason that is not here leaves it online."""


def error_of(status: int, where: str) -> ScanError:
    """The error of a status that is not GOOD; `where` is the call. Opening nothing is ABSENT, not a refusal."""
    name = SaneStatus(status).name if status in SaneStatus.__members__.values() else f"status {status}"
    reason = REASONS.get(status, ScanErrorReason.UNKNOWN)
    if where == "open" and status == SaneStatus.INVAL:
        reason = ScanErrorReason.ABSENT
    return ScanError(reason, f"{where}: {name}", status=status)
