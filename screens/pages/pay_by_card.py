"""Paying at the card terminal: what happens there, step by step."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from screens.shell.page import Page
from services.journeys.prompts import CardStep, PayByCard, PayByCardAnswer
from services.messages import money

ICONS = {
    CardStep.STARTING: "hourglass-medium",
    CardStep.SHOW: "credit-card",
    CardStep.READING: "credit-card",
    CardStep.PIN: "keyboard",
    CardStep.WRONG_PIN: "keyboard",
    CardStep.BANK: "bank",
    CardStep.TAKE: "cardholder",
    CardStep.RESOLVING: "question",
    CardStep.STOPPING: "hourglass-medium",
}
PERSONS_TURN = frozenset({CardStep.SHOW, CardStep.PIN, CardStep.WRONG_PIN, CardStep.TAKE})
"""Nothing breathes where the person acts."""


class PayByCardPage(Page):
    """The terminal has the word; one button stops it while that is still possible."""

    dots = ObjectProperty(None)

    def money(self, amount: int) -> str:
        """ "122.500 đ"."""
        return money(amount)

    def icon(self, prompt: PayByCard) -> str:
        """What it is about now."""
        return ICONS[prompt.step]

    def works(self, prompt: PayByCard) -> bool:
        """Whether a machine works."""
        return prompt.step not in PERSONS_TURN

    def on_prompt(self, _page: object, prompt: PayByCard) -> None:
        """Once the bank is asked there is no stopping any more."""
        self.stop_message = "card.pay.stop" if prompt.can_stop else ""
        self.stop_answer = PayByCardAnswer.STOP
        if self.dots is not None:
            self.dots.breathing = self.works(prompt)

    def appeared(self) -> None:
        """Now the dots breathe."""
        self.on_prompt(self, self.prompt)

    def leave(self) -> None:
        """They stop with the page."""
        if self.dots is not None:
            self.dots.breathing = False
