"""How the companion is related to the patient."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from screens.parts.lists import Choice
from screens.shell.page import Page
from services.journeys.prompts import ChooseRelation, Relation

ICONS = {
    Relation.FATHER: "user",
    Relation.MOTHER: "gender-female",
    Relation.GUARDIAN: "shield-check",
    Relation.RELATIVE: "users",
    Relation.COMPANION: "hand-heart",
}


class ChooseRelationPage(Page):
    """A row for each relation the journey offers."""

    rows = ObjectProperty(None)

    def on_rows(self, _page: object, rows: object) -> None:
        """Rows come with the prompt."""
        prompt: ChooseRelation = self.prompt
        items = list[Choice]()
        for relation in prompt.choices:
            row = Choice(
                name=relation.value,
                message=f"relation.{relation.value}",
                icon=ICONS[relation],
                tile="tile_icon",
                icon_size="icon",
                tall="row_touch",
            )
            row.bind(on_act=self.answers(relation))
            items.append(row)
        self.rows.fill(items)
