"""Whether a fingerprint template was stored: said plainly, with where to erase it."""

from __future__ import annotations

from screens.shell.page import Page
from services.journeys.prompts import FingerKept


class FingerKeptPage(Page):
    """The way on is the only touch."""

    def outcome(self, prompt: FingerKept) -> str:
        """Stored or not."""
        return "finger.kept" if prompt.kept else "finger.notkept"
