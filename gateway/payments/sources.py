"""Where bills come from and paid ones go back to: the seam to the hospital's and the one-stop system.

A source is named in `bills.source`. Bills of a check-in are the gateway's own (`check-in`); who keeps the hospital's
books is told of those too (`keeps_check_ins`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from services.contract.models import BillKind, BillStatus, Breakdown, EInvoice, FeeLine, PaymentMethod, Person

CHECK_IN = "check-in"
"""The source of the gateway's own bills."""


class SourceUnavailable(Exception):
    """Another try can help. `fault` is a word for technicians: no personal data, no secret, no address."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


class SourceRefused(Exception):
    """Another try cannot help before somebody looked: the bill is paid, changed, or not taken."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True)
class SourceBill:
    """A bill as its system holds it now. `amount` (đồng) is what is owed; the lines' amounts add up to it."""

    id: str
    number: str
    """As it stands on paper; typed or scanned to find the bill."""
    kind: BillKind
    status: BillStatus
    version: str
    """Any word that changes whenever the bill does."""
    amount: int
    issued_at: datetime
    title: str = ""
    title_en: str = ""
    lines: tuple[FeeLine, ...] = ()
    breakdown: Breakdown | None = None
    invoice: EInvoice | None = None
    counter_only: bool = False
    """Payable at the cashier's only."""


@dataclass(frozen=True)
class Payer:
    """Whose bills are looked for: exactly one is set."""

    person: Person | None = None
    """Proven by the chip."""
    check_in_id: str | None = None
    """A visit, by its slip."""
    code: str | None = None
    """A bill's number."""
    dossier_id: str | None = None
    """A dossier, by its slip or by a code that opens it."""


@dataclass(frozen=True)
class PaidPart:
    """One transfer that paid for a bill."""

    provider: str
    id: str
    reference: str
    amount: int
    at: datetime
    account_id: str
    method: PaymentMethod | None
    """None: at our cashier's page."""


@dataclass(frozen=True)
class PaidBill:
    """A bill that was paid here. `key` is always the same for the same bill: taken twice, it is one payment."""

    key: str
    source_id: str | None
    """None for a bill of a check-in."""
    check_in_id: str | None
    number: str
    amount: int
    paid_at: datetime
    parts: tuple[PaidPart, ...]
    lines: tuple[FeeLine, ...] = field(default=())


@dataclass(frozen=True)
class HandedOver:
    """What the other system answers: the number it keeps the payment under, and its e-invoice where there is one."""

    number: str
    invoice: EInvoice | None = None


class BillSource(Protocol):
    """A system that has bills. Every method raises SourceUnavailable or SourceRefused."""

    @property
    def keeps_check_ins(self) -> bool:
        """Whether paid bills of check-ins are handed over to it too."""
        ...

    @property
    def reserves(self) -> bool:
        """Whether a bill can be held there while somebody pays it here."""
        ...

    async def find(self, payer: Payer) -> tuple[SourceBill, ...]:
        """Open bills and advances, and what was paid today."""
        ...

    async def read(self, source_id: str) -> SourceBill | None:
        """The bill now; None when it is gone."""
        ...

    async def reserve(self, source_id: str, version: str, holder: str, until: datetime) -> None:
        """Hold the bill: nobody else takes money for it until then. Raises SourceRefused when it is not to be had."""
        ...

    async def release(self, source_id: str, holder: str) -> None:
        """Let go; does nothing when it is not held."""
        ...

    async def paid(self, bill: PaidBill) -> HandedOver:
        """Take the payment into the books, once for each key."""
        ...

    async def invoice(self, bill: PaidBill) -> EInvoice | None:
        """The e-invoice or e-receipt of a bill that was handed over, once there is one."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...
