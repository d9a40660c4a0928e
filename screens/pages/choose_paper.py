"""Which paper is laid on the scanner next."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from screens.parts.named import NamedTile
from screens.shell.page import Page
from services.journeys.prompts import ChoosePaper, PaperChosen


class ChoosePaperPage(Page):
    """A row for each paper of the case, and one for anything else."""

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
        prompt: ChoosePaper = self.prompt
        made = list[NamedTile]()
        for one in prompt.papers:
            name = {"text": one.name} if one.name else {"message": "docs.other"}
            tile = NamedTile(name=one.id, icon="file-text", hint="docs.which.here" if one.here else "", **name)
            tile.bind(on_act=self.answers(PaperChosen(one.id)))
            made.append(tile)
        self.rows.fill(made)
