"""Why the hospital's system could not be told or asked: worth another try, or a person must look."""

from __future__ import annotations

from enum import Enum


class HospitalFault(Enum):
    """What to fix. Kept with a delivery, shown to technicians."""

    NO_NETWORK = "no-network"
    TOO_SLOW = "too-slow"
    """No answer in time: nobody knows whether it was carried out."""
    ERROR = "error"
    """It answered that it failed, or something that is no answer."""
    BUSY = "busy"
    ACCOUNT_REFUSED = "account-refused"
    CHANGED = "changed"
    """Somebody else changed the same record at the same moment."""
    INVALID = "invalid"
    """It does not take what was sent: repeating cannot help."""
    AMBIGUOUS = "ambiguous"
    """It holds several records under one identifier: a person there must merge them."""


class HospitalUnavailable(Exception):
    """Another try can help. `detail` is for technicians: no personal data, no secret, no address."""

    def __init__(self, fault: HospitalFault, detail: str) -> None:
        super().__init__(f"{fault.value}: {detail}")
        self.fault = fault
        self.detail = detail


class HospitalRefused(Exception):
    """Another try cannot help before somebody looked. `detail` as above."""

    def __init__(self, fault: HospitalFault, detail: str) -> None:
        super().__init__(f"{fault.value}: {detail}")
        self.fault = fault
        self.detail = detail
