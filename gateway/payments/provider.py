"""Who tells of money on an account, and who keeps orders for it: one interface each, one room for each provider."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol


@dataclass(frozen=True)
class Money:
    """One movement on an account. `id` is the provider's own: told twice, it is one movement."""

    provider: str
    id: str
    account: str
    amount: int
    """Whole đồng."""
    incoming: bool
    content: str
    """The transfer's text, with whatever the banks added. May hold personal data."""
    reference: str
    at: datetime
    order: int | None = None
    """The number of the provider's order it was paid for, where the provider keeps orders."""


class Forged(Exception):
    """A notification that is not from the provider, or too old. The text says why, never what it held."""


class Unreadable(Exception):
    """A notification from the provider that is not what its interface says."""


class BankUnavailable(Exception):
    """The provider could not be asked: nobody knows whether it did what was asked. No secret, no address."""


class OrderRefused(Exception):
    """The provider said no: there is no such order. `detail` is its own code."""


class OrderExists(Exception):
    """The provider has an order of this number: look it up, never make another."""


class OrderStanding(Enum):
    """How an order stands at its provider."""

    OPEN = "open"
    PAID = "paid"
    CLOSED = "closed"
    """Cancelled, expired or failed: its code takes no money any more."""


@dataclass(frozen=True)
class Order:
    """What is asked for. `code` is ours, drawn before the first send."""

    code: int
    amount: int
    purpose: str
    expires_at: datetime


@dataclass(frozen=True)
class Made:
    """A code somebody can pay with, and whose account it is in the provider's own words."""

    payload: str
    bin: str
    account: str
    account_name: str


@dataclass(frozen=True)
class OrderState:
    """An order as the provider holds it."""

    code: int
    standing: OrderStanding
    amount: int
    money: tuple[Money, ...]
    made: Made | None = None
    """None where the provider does not repeat its code."""


class Orders(Protocol):
    """A provider that makes a code of its own for each payment."""

    async def create(self, order: Order) -> Made:
        """Make it. Raises OrderExists, OrderRefused, BankUnavailable."""
        ...

    async def look_up(self, code: int) -> OrderState | None:
        """How it stands; None when there is none. Raises BankUnavailable."""
        ...

    async def cancel(self, code: int) -> OrderState | None:
        """Close it, and how it stands then: paid orders stay paid. Raises BankUnavailable."""
        ...


class BankNotifications(Protocol):
    """A provider that tells of money."""

    @property
    def name(self) -> str:
        """Its name in paths and tables."""
        ...

    @property
    def orders(self) -> Orders | None:
        """Its orders; None where every code is a plain VietQR of ours."""
        ...

    @property
    def lists(self) -> bool:
        """Whether it can be asked for movements."""
        ...

    def read_notification(self, headers: Mapping[str, str], body: bytes, now: datetime) -> tuple[Money, ...]:
        """Check and read a pushed notification: every movement it tells of. Raises Forged or Unreadable."""
        ...

    async def movements_since(self, moment: datetime) -> list[Money]:
        """What the provider lists for our account since `moment`. Raises BankUnavailable."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...
