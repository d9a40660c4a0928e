"""CR-04: the card was lifted a little early; it is read again from the start."""

from __future__ import annotations

from screens.shell.page import Page


class LiftedEarlyPage(Page):
    """Put it back; no new scan."""
