""" "Tra cứu hồ sơ": the receipt's or slip's code, or the ID card's, to the scanner."""

from __future__ import annotations

from screens.shell.page import Page


class ScanForDossierPage(Page):
    """What to hold where."""
