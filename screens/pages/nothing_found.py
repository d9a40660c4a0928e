"""Nothing was found: what was looked for, why it may be missing, the next step."""

from __future__ import annotations

from screens.shell.page import Page
from services.journeys.prompts import NothingFound, NothingKind

VISITS = frozenset({NothingKind.APPOINTMENT, NothingKind.UNPROVEN})


class NothingFoundPage(Page):
    """Never a dead end."""

    def way(self, prompt: NothingFound) -> str:
        """A new visit, or another try."""
        return "nothing.go.visit" if prompt.what in VISITS else "nothing.go.again"
