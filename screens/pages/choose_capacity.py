"""For whom somebody files, and which paper that needs."""

from __future__ import annotations

from screens.shell.page import Page


class ChooseCapacityPage(Page):
    """Four rows."""
