"""The last look before a dossier is sent: what was filled in, what is brought, what is declared."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from screens.parts.cards import Ground
from screens.parts.rows import IconRow
from screens.shell.page import Page
from screens.words import Words
from services.journeys.prompts import ReviewFiling


class AnswerLine(Ground):
    """A field with its answer."""

    def __init__(self, label: str, value: str) -> None:
        super().__init__(
            fill="surface", edge="line", border="border_card", radius="radius_m", pad_x="block", pad_y="hair"
        )
        self.add_widget(Words(text=label, role="tiny", ink="ink2"))
        self.add_widget(Words(text=value, role="row", weight="semibold"))


class PaperLine(Ground):
    """A paper that is brought to the counter."""

    def __init__(self, name: str) -> None:
        super().__init__(fill="sunken", edge="line", border="border_card", radius="radius_m", pad_x="block")
        self.add_widget(IconRow(icon="file-text", text=name, pad_y="hair"))


class ReviewFilingPage(Page):
    """Pages where there is much; nothing is left out."""

    lines = ObjectProperty(None)

    def on_lines(self, _page: object, lines: object) -> None:
        """Answers come with the prompt."""
        self._fill()

    def replace(self, prompt: object) -> None:
        """Labels follow the language."""
        super().replace(prompt)  # type: ignore[arg-type]
        self._fill()

    def _fill(self) -> None:
        prompt: ReviewFiling = self.prompt
        if self.lines is None:
            return
        self.lines.empty()
        answers = [AnswerLine(row.label, row.value) for row in prompt.rows]
        self.lines.fill([*answers, *(PaperLine(name) for name in prompt.papers)])
