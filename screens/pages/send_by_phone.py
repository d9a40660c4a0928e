"""A code for the phone's camera: the Wi-Fi's first, then the link's; then what arrives."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from screens.parts.documents import DocumentLine, refill
from screens.shell.page import Page
from services.journeys.prompts import DocumentRemoved, PhoneAnswer, PhoneStep, SendByPhone


class SendByPhonePage(Page):
    """Changes with what the phone does."""

    lines = ObjectProperty(None)

    def on_lines(self, _page: object, lines: object) -> None:
        """Documents come with the prompt."""
        self._fill()

    def replace(self, prompt: object) -> None:
        """More came."""
        super().replace(prompt)  # type: ignore[arg-type]
        self._fill()

    def _fill(self) -> None:
        prompt: SendByPhone = self.prompt
        if self.lines is not None:
            refill(self.lines, [DocumentLine(row, self.answers(DocumentRemoved(row.id))) for row in prompt.rows])

    def has(self, answer: PhoneAnswer) -> bool:
        """Whether it can be touched now."""
        prompt: SendByPhone = self.prompt
        return answer in prompt.answers

    def sentence(self, prompt: SendByPhone) -> str:
        """What to do where no phone of the person's has the page."""
        none = prompt.step is PhoneStep.OPENED and PhoneAnswer.AGAIN in prompt.answers
        return "send.sub.none" if none else f"send.sub.{prompt.step.value}"

    def leave(self) -> None:
        """The pictures go with the page."""
        refill(self.lines, [])
