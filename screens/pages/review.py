"""Picture 26: the last look before the number is taken."""

from __future__ import annotations

from screens.shell.page import Page
from services.journeys.prompts import Amounts, Review
from services.messages import dotted, money

HOUR = 60


class ReviewPage(Page):
    """Clinic, priority, provisional amounts."""

    def waiting(self, prompt: Review) -> str:
        """How many wait, as a message."""
        if prompt.waiting is None:
            return ""
        if not prompt.waiting:
            return "clinic.wait.nobody"
        if prompt.minutes is None:
            return "clinic.wait.count"
        return "clinic.wait.hour" if prompt.minutes > HOUR else "clinic.wait"

    def counts(self, prompt: Review) -> dict[str, str | int]:
        """Its arguments."""
        return {"count": prompt.waiting or 0, "minutes": prompt.minutes or 0}

    def money(self, amount: int | None) -> str:
        """ "45.000 đ"."""
        return money(amount) if amount is not None else ""

    def limit(self, amounts: Amounts | None) -> dict[str, str | int]:
        """Arguments of the sentence about the limit."""
        if amounts is None or amounts.limit is None:
            return {"limit": "", "percent": 0}
        return {"limit": dotted(amounts.limit), "percent": amounts.limit_percent or 0}
