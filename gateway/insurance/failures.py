"""Why the insurer could not be asked: the failure codes people read (services.failures has their sentences)."""

from __future__ import annotations

from enum import Enum


class InsurerFault(Enum):
    """The insurer's failure codes."""

    NO_NETWORK = "BH-101"
    ERROR = "BH-102"
    TOO_SLOW = "BH-103"
    ACCOUNT_REFUSED = "BH-104"


class InsurerUnavailable(Exception):
    """The insurer gave no usable answer. `detail` is for the technician: no personal data, no secret, no address."""

    def __init__(self, fault: InsurerFault, detail: str, raw: bytes = b"") -> None:
        super().__init__(f"{fault.value}: {detail}")
        self.fault = fault
        self.detail = detail
        self.raw = raw
