"""Picture 24: the QR code to the scanner; friendly corrections stand above the picture."""

from __future__ import annotations

from screens.shell.page import Page
from services.journeys.prompts import ScanAnswer, ScanCode


class ScanCodePage(Page):
    """What to hold where."""

    def trouble(self, prompt: ScanCode) -> str:
        """Whom the other way is for."""
        return _TROUBLE[prompt.other_way]


_TROUBLE = {
    ScanAnswer.NO_CARD: "scan.trouble",
    ScanAnswer.NO_COMPANION_CARD: "scan.companion.trouble",
    ScanAnswer.TYPE_NUMBER: "scan.number.why",
}
