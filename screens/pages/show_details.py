"""More about a procedure than its checklist: a card for each thing, turned over where there are many."""

from __future__ import annotations

from screens.parts.cards import Ground
from screens.shell.list_page import ListPage
from screens.theme import theme
from screens.words import Words
from services.journeys.prompts import DetailRow, Phrase, ShowDetails
from services.messages import tr


class DetailCard(Ground):
    """What it is, and below it what the catalogue says."""

    def __init__(self, row: DetailRow) -> None:
        super().__init__(
            fill="surface", edge="line", border="border_card", radius="radius_m", pad_x="block", pad_y="hair"
        )
        self.add_widget(Words(text=_said(row.label), role="tiny", ink="ink2"))
        self.add_widget(Words(text=_said(row.value), role="note", weight="semibold"))


class ShowDetailsPage(ListPage):
    """Rows of the prompt."""

    def made(self) -> list[DetailCard]:
        """One for each."""
        prompt: ShowDetails = self.prompt
        return [DetailCard(row) for row in prompt.rows]


def _said(phrase: Phrase) -> str:
    return tr(phrase.message, theme.language, **dict(phrase.args))
