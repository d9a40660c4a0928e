"""How the papers come: photographed, or brought. What came so far stands there and can be left out again."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from screens.layout import Box
from screens.parts.cards import Ground
from screens.parts.documents import DocumentLine, refill
from screens.parts.rows import IconRow
from screens.shell.page import Page
from services.journeys.prompts import DocumentRemoved, DocumentsAnswer, GatherDocuments


class WantedLine(Ground):
    """A paper of the case."""

    def __init__(self, name: str) -> None:
        super().__init__(fill="sunken", edge="line", border="border_card", radius="radius_m", pad_x="block")
        self.add_widget(IconRow(icon="file-text", text=name, pad_y="inner"))


class GatherDocumentsPage(Page):
    """Papers, or what came of them."""

    lines = ObjectProperty(None)

    def on_lines(self, _page: object, lines: object) -> None:
        """Documents come with the prompt."""
        self._fill()

    def replace(self, prompt: object) -> None:
        """Names follow the language."""
        super().replace(prompt)  # type: ignore[arg-type]
        self._fill()

    def _fill(self) -> None:
        prompt: GatherDocuments = self.prompt
        if self.lines is None:
            return
        lines: list[Box] = [DocumentLine(row, self.answers(DocumentRemoved(row.id))) for row in prompt.rows]
        refill(self.lines, lines or [WantedLine(name) for name in prompt.wanted])

    def has(self, answer: DocumentsAnswer) -> bool:
        """Whether a way works here."""
        prompt: GatherDocuments = self.prompt
        return answer in prompt.offers

    def leave(self) -> None:
        """The pictures go with the page."""
        refill(self.lines, [])
