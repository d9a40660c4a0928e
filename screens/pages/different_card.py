""" "Người khác đăng ký?": another card lies on the reader."""

from __future__ import annotations

from screens.shell.page import Page


class DifferentCardPage(Page):
    """Covers what was open; nothing of it is shown."""
