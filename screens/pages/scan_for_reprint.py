""" "In lại số": the slip's QR code, or the ID card's, to the scanner."""

from __future__ import annotations

from screens.shell.page import Page


class ScanForReprintPage(Page):
    """What to hold where."""
