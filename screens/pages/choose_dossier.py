"""Which of a person's dossiers is looked at."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from screens.parts.named import NamedRow
from screens.shell.page import Page
from screens.words import MessageId
from services.journeys.prompts import ChooseDossier, DossierChosen


class ChooseDossierPage(Page):
    """A row for each dossier."""

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
        prompt: ChooseDossier = self.prompt
        made = list[NamedRow]()
        for dossier in prompt.dossiers:
            row = NamedRow(
                name=dossier.id,
                icon="file-text",
                text=dossier.name,
                hint="dossiers.row",
                hint_args={"status": MessageId(dossier.headline), "day": dossier.day},
            )
            row.bind(on_act=self.answers(DossierChosen(dossier.id)))
            made.append(row)
        self.rows.fill(made)
