"""Which paper is laid on the scanner next."""

from __future__ import annotations

from screens.parts.named import NamedTile
from screens.shell.list_page import ListPage
from services.journeys.prompts import ChoosePaper, PaperChosen


class ChoosePaperPage(ListPage):
    """A row for each paper of the case, and one for anything else."""

    def made(self) -> list[NamedTile]:
        """One for each."""
        prompt: ChoosePaper = self.prompt
        made = list[NamedTile]()
        for one in prompt.papers:
            name = {"text": one.name} if one.name else {"message": "docs.other"}
            tile = NamedTile(name=one.id, icon="file-text", hint="docs.which.here" if one.here else "", **name)
            tile.bind(on_act=self.answers(PaperChosen(one.id)))
            made.append(tile)
        return made
