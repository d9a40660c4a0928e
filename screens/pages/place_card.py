"""Picture 25: the card on the reader."""

from __future__ import annotations

from screens.shell.page import Page
from services.journeys.prompts import CardHolder, PlaceCard


class PlaceCardPage(Page):
    """Side and place in words and pictures."""

    def how(self, prompt: PlaceCard) -> str:
        """Whose card, and which side."""
        if prompt.passport:
            return "reader.how.passport"
        return "reader.how" if prompt.holder is CardHolder.PATIENT else f"reader.how.{prompt.holder.value}"
