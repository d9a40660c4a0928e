"""The rating was taken."""

from __future__ import annotations

from screens.shell.page import Page


class RatingTakenPage(Page):
    """The way on is the only touch."""
