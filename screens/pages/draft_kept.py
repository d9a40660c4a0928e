"""A draft is kept: its code, how to go on, until when."""

from __future__ import annotations

from screens.shell.page import Page


class DraftKeptPage(Page):
    """The code stands large: it is the way back where no slip came out."""
