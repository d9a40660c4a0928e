"""Why the authority's system could not be told or asked."""

from __future__ import annotations

from enum import Enum


class OneStopFault(Enum):
    """What to fix, for technicians."""

    NO_NETWORK = "no-network"
    """No connection stood: nothing was sent."""
    NO_ANSWER = "no-answer"
    """Sent, and the answer did not come: nobody knows whether it was carried out."""
    ERROR = "error"
    """It answered that it failed, or something that is no answer."""
    ACCOUNT_REFUSED = "account-refused"
    INVALID = "invalid"
    """It does not take what was sent: repeating cannot help."""


class OneStopUnavailable(Exception):
    """Another try can help. `detail` is for technicians: no personal data, no secret, no address."""

    def __init__(self, fault: OneStopFault, detail: str) -> None:
        super().__init__(f"{fault.value}: {detail}")
        self.fault = fault
        self.detail = detail


class OneStopRefused(Exception):
    """Another try cannot help before somebody looked. `detail` as above."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.fault = OneStopFault.INVALID
        self.detail = detail
