"""Picture 24: the QR code to the scanner; friendly corrections stand above the picture."""

from __future__ import annotations

from kivy.properties import BooleanProperty

from screens.shell.page import Page
from services.journeys.prompts import CardHolder, ScanAnswer, ScanCode


class ScanCodePage(Page):
    """What to hold where."""

    companion = BooleanProperty(False)

    def on_prompt(self, _page: object, prompt: ScanCode) -> None:
        """Whose card."""
        self.companion = prompt.holder is CardHolder.COMPANION

    def without(self) -> None:
        """No card: the answer is another one for a companion."""
        self.answer(ScanAnswer.NO_COMPANION_CARD if self.companion else ScanAnswer.NO_CARD)
