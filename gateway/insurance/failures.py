"""Why the insurer could not be asked: the failure codes people read (services.failures has their sentences)."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gateway.insurance.exchanges import Exchange


class InsurerFault(Enum):
    """The insurer's failure codes."""

    NO_NETWORK = "BH-101"
    ERROR = "BH-102"
    TOO_SLOW = "BH-103"
    ACCOUNT_REFUSED = "BH-104"


class InsurerUnavailable(Exception):
    """The insurer gave no usable answer. `detail` is for the technician: no personal data, no secret, no address.

    `exchanges` is what was asked and answered until then: evidence, sealed when it is kept.
    """

    def __init__(self, fault: InsurerFault, detail: str, exchanges: tuple[Exchange, ...] = ()) -> None:
        super().__init__(f"{fault.value}: {detail}")
        self.fault = fault
        self.detail = detail
        self.exchanges = exchanges

    def after(self, earlier: tuple[Exchange, ...]) -> InsurerUnavailable:
        """The same failure, with what was exchanged before it."""
        return InsurerUnavailable(self.fault, self.detail, (*earlier, *self.exchanges))
