"""One purpose that needs a consent: its words, and two answers of one size, neither chosen beforehand."""

from __future__ import annotations

from screens.shell.page import Page


class AskConsentPage(Page):
    """The words are the notice's; the kiosk has none of its own for them."""
