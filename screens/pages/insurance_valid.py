"""Picture 06: the insurance is valid; benefit and route, no amounts."""

from __future__ import annotations

from screens.shell.page import Page
from services.journeys.prompts import InsuranceValid
from services.messages import known


class InsuranceValidPage(Page):
    """What the insurer answered."""

    def until(self, prompt: InsuranceValid) -> str:
        """Until when, and whether it is a newer card than the one people hold; empty where neither is known."""
        if prompt.new_card:
            return "ins.until.new" if prompt.valid_to else "ins.new"
        return "ins.until" if prompt.valid_to else ""

    def route(self, message: str) -> str:
        """The route's words; one this kiosk has no words for is not shown."""
        return message if known(message) else ""
