""" "In lại số": the slip's QR code, or the ID card's, to the scanner."""

from __future__ import annotations

from screens.pages.scan_code import CardSide
from screens.shell.page import Page

NEEDS = CardSide


class ScanForReprintPage(Page):
    """What to hold where."""
