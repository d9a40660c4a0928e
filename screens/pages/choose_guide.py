"""Guides and notices to choose from; below them what the community digital team touches."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from screens.parts.named import NamedRow
from screens.shell.page import Page
from services.journeys.prompts import ChooseGuide, GuideChosen


class ChooseGuidePage(Page):
    """A row for each."""

    rows = ObjectProperty(None)

    def on_rows(self, _page: object, rows: object) -> None:
        """Rows come with the prompt."""
        self._fill()

    def replace(self, prompt: object) -> None:
        """Names follow the language."""
        super().replace(prompt)  # type: ignore[arg-type]
        self.rows.empty()
        self._fill()

    def _fill(self) -> None:
        prompt: ChooseGuide = self.prompt
        made = list[NamedRow]()
        for one in prompt.rows:
            hint = "guides.row.notice" if one.notice and not prompt.only_notices else ""
            row = NamedRow(name=one.id, icon=one.icon, text=one.name, hint=hint)
            row.bind(on_act=self.answers(GuideChosen(one.id)))
            made.append(row)
        self.rows.fill(made)
