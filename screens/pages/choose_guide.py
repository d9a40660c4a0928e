"""Guides and notices to choose from; below them what the community digital team touches."""

from __future__ import annotations

from screens.parts.named import NamedRow
from screens.shell.list_page import ListPage
from services.journeys.prompts import ChooseGuide, GuideChosen


class ChooseGuidePage(ListPage):
    """A row for each."""

    def made(self) -> list[NamedRow]:
        """One for each."""
        prompt: ChooseGuide = self.prompt
        made = list[NamedRow]()
        for one in prompt.rows:
            hint = "guides.row.notice" if one.notice and not prompt.only_notices else ""
            row = NamedRow(name=one.id, icon=one.icon, text=one.name, hint=hint)
            row.bind(on_act=self.answers(GuideChosen(one.id)))
            made.append(row)
        return made
