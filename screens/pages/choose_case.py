"""Picture 30: which case; what is done together stands above, "Khác, hỏi quầy" below."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from screens.parts.lists import Choice
from screens.parts.rows import IconRow
from screens.shell.page import Page
from services.journeys.prompts import CaseAnswer, CaseChosen, ChooseCase


class ChooseCasePage(Page):
    """Rows in pages where there are too many for larger text."""

    rows = ObjectProperty(None)
    parts = ObjectProperty(None)

    def on_rows(self, _page: object, rows: object) -> None:
        """Rows come with the prompt."""
        prompt: ChooseCase = self.prompt
        made = list[Choice]()
        for row in prompt.rows:
            choice = _choice(row.id, "plain", row.name)
            choice.bind(on_act=self.answers(CaseChosen(row.id)))
            made.append(choice)
        desk = _choice(CaseAnswer.ASK_DESK.value, "case.desk", "")
        desk.bind(on_act=self.answers(CaseAnswer.ASK_DESK))
        self.rows.fill([*made, desk])

    def on_parts(self, _page: object, parts: object) -> None:
        """What is done together, with its times."""
        prompt: ChooseCase = self.prompt
        for part in prompt.parts:
            cell = IconRow(
                icon=part.icon, message="plain", args={"text": part.name}, role="note", pad_y="zero",
                hint=part.time.message, hint_args=dict(part.time.args), hint_role="tiny",
            )  # fmt: skip
            self.parts.add_widget(cell)


def _choice(name: str, message: str, text: str) -> Choice:
    args = {"text": text} if text else {}
    return Choice(name=name, message=message, args=args, heading="h3", tall="row_case")
