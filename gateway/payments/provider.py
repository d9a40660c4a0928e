"""Who tells of money on the account: notifications that are pushed, and the list that is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
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


class Forged(Exception):
    """A notification that is not from the provider, or too old. The text says why, never what it held."""


class Unreadable(Exception):
    """A notification from the provider that is not what its interface says."""


class BankUnavailable(Exception):
    """The provider could not be asked. No secret, no address in the text."""


class BankNotifications(Protocol):
    """A provider that tells of money."""

    @property
    def name(self) -> str:
        """Its name in paths and tables."""
        ...

    def read_notification(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Money:
        """Check and read a pushed notification. Raises Forged or Unreadable."""
        ...

    async def movements_since(self, moment: datetime) -> list[Money]:
        """What the provider lists for our account since `moment`. Raises BankUnavailable."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...
