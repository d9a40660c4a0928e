"""Plain VietQR without a provider: a person at the cashier looks at the account and confirms what came."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from gateway.payments.provider import Forged, Money

NAME = "cashier"


class ByHand:
    """Tells of nothing by itself."""

    @property
    def name(self) -> str:
        return NAME

    @property
    def orders(self) -> None:
        return None

    @property
    def lists(self) -> bool:
        return False

    def read_notification(self, headers: Mapping[str, str], body: bytes, now: datetime) -> tuple[Money, ...]:
        raise Forged("this account has no provider that notifies")

    async def movements_since(self, moment: datetime) -> list[Money]:
        return []

    async def close(self) -> None:
        """Nothing is open."""
