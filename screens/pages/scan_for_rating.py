""" "Đánh giá": the slip of what was done to the scanner."""

from __future__ import annotations

from screens.shell.page import Page


class ScanForRatingPage(Page):
    """What to hold where."""
