""" "Thanh toán": the slip's or bill's code, or the ID card's, to the scanner."""

from __future__ import annotations

from screens.shell.page import Page
from services.journeys.prompts import ScanForPay


class ScanForPayPage(Page):
    """What to hold where."""

    def words(self, prompt: ScanForPay, what: str) -> str:
        """Of a hospital, or of a one-stop centre."""
        return f"scan_pay.fees.{what}" if prompt.fees else f"scan_pay.{what}"
