"""The form as a whole: every field with its answer, what the chip gave locked."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from screens.shell.page import Page
from services.journeys.prompts import FieldChosen, FillForm, FormAnswer


class FillFormPage(Page):
    """Rows are made once and filled again."""

    lines = ObjectProperty(None)

    def on_lines(self, _page: object, lines: object) -> None:
        """Fields come with the prompt."""
        self.lines.bind(on_choose=self._chosen)
        self._fill()

    def replace(self, prompt: object) -> None:
        """Labels follow the language."""
        super().replace(prompt)  # type: ignore[arg-type]
        self._fill()

    def _fill(self) -> None:
        prompt: FillForm = self.prompt
        if self.lines is not None:
            self.lines.show(prompt.rows)

    def _chosen(self, _lines: object, field: str) -> None:
        self.answer(FieldChosen(field))

    def go(self) -> None:
        """The next empty field, or the review."""
        self.answer(FormAnswer.NEXT)

    def title(self, left: int) -> str:
        """How much is left."""
        return "form.ask.full" if not left else "form.ask.one" if left == 1 else "form.ask.left"
