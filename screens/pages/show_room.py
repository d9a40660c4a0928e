"""Where a place is, and the way there in words."""

from __future__ import annotations

from screens.shell.page import Page
from services.journeys.prompts import ShowRoom


class ShowRoomPage(Page):
    """Room, floor, building, as far as they are known."""

    def where(self, prompt: ShowRoom) -> bool:
        """Whether any of the three is known."""
        return bool(prompt.room or prompt.floor or prompt.building)
