"""Picture 06: the insurance is valid; benefit and route, no amounts."""

from __future__ import annotations

from screens.shell.page import Page
from services.messages import known


class InsuranceValidPage(Page):
    """What the insurer answered."""

    def route(self, message: str) -> str:
        """The route's words; one this kiosk has no words for is not shown."""
        return message if known(message) else ""
