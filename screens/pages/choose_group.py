"""Before picture 07: the kind of examination, or the department."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from screens.parts.named import NamedRow
from screens.shell.page import Page
from services.journeys.prompts import ChooseGroup, GroupChosen


class ChooseGroupPage(Page):
    """A row for each group; who does not know takes the guide desk."""

    rows = ObjectProperty(None)

    def on_rows(self, _page: object, rows: object) -> None:
        """Rows come with the prompt."""
        prompt: ChooseGroup = self.prompt
        made = list[NamedRow]()
        for group in prompt.groups:
            hint = {"hint": "plain", "hint_args": {"text": group.hint}} if group.hint else {}
            row = NamedRow(name=group.id, icon=group.icon, text=group.name, **hint)
            row.bind(on_act=self.answers(GroupChosen(group.id)))
            made.append(row)
        self.rows.fill(made)
