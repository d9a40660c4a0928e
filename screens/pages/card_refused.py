"""Nothing was charged: why, and which ways are left."""

from __future__ import annotations

from screens.shell.page import Page
from services.messages import money


class CardRefusedPage(Page):
    """Another way first."""

    def money(self, amount: int) -> str:
        """ "122.500 đ"."""
        return money(amount)
