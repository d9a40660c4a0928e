"""Which of a person's dossiers is looked at."""

from __future__ import annotations

from screens.parts.named import NamedRow
from screens.shell.list_page import ListPage
from screens.words import MessageId
from services.journeys.prompts import ChooseDossier, DossierChosen


class ChooseDossierPage(ListPage):
    """A row for each dossier."""

    def made(self) -> list[NamedRow]:
        """One for each."""
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
        return made
