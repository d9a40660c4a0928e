"""A machine works for more than a moment: what it does, in plain words. Never a lone spinner."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from screens.shell.page import Page
from services.journeys.prompts import Working, WorkingAnswer

ICONS = {
    "working.insurance": "shield-check",
    "working.clinics": "users",
    "working.registering": "ticket",
    "working.printing": "printer",
    "working.paying": "qr-code",
    "working.bank": "bank",
    "working.card": "identification-card",
    "working.bills": "receipt",
    "working.terminal": "credit-card",
}


class WorkingPage(Page):
    """Three dots breathe; one button stops it where it can be stopped."""

    dots = ObjectProperty(None)

    def on_prompt(self, _page: object, prompt: Working) -> None:
        """Stopping is offered where the journey can stop."""
        self.stop_message = "working.stop" if prompt.can_stop else ""
        self.stop_answer = WorkingAnswer.STOP

    def icon(self, prompt: Working) -> str:
        """What it is about."""
        return ICONS.get(prompt.message, "hourglass-medium")

    def appeared(self) -> None:
        """Now the dots breathe."""
        if self.dots is not None:
            self.dots.breathing = True

    def leave(self) -> None:
        """They stop with the page."""
        if self.dots is not None:
            self.dots.breathing = False
