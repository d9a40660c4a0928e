"""Picture 22: who is examined."""

from __future__ import annotations

from screens.shell.page import Page


class ChoosePatientPage(Page):
    """Three rows, and where emergencies go."""
