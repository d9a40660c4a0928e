"""Every command of a chip's reading in columns: header, lengths, status word, time; no content."""

from __future__ import annotations

from screens.layout import Column, Row
from screens.parts.cards import Card
from screens.parts.technical import Leaf, TechPage, named
from screens.words import Words
from services.journeys.prompts import ResultChoice, TechnicianLines

MOST_LINES = 34
HEADER = 1
"""The widest column."""
BELOW, FIRM = "\n", "\u00a0"


class TechnicianLinesPage(TechPage):
    """It turns its own pages."""

    def __init__(self, *args: object, **values: object) -> None:
        self._leaf = Leaf(MOST_LINES)
        super().__init__(*args, **values)
        self._more = self.turner(self._turn)
        self.way(ResultChoice.BACK.value, "tech.back", "check", ResultChoice.BACK, "primary")
        self.top_bar.title.message = "tech.lines.title"
        self._fill()

    def _turn(self, *_: object) -> None:
        self._leaf.turn()
        self._fill()
        self.changed()

    def _fill(self) -> None:
        prompt: TechnicianLines = self.prompt
        self.body.clear_widgets()
        self.body.add_widget(named(prompt.name))
        card = Card(pad_x="pad_row", pad_y="inner", radius="radius_m")
        table = Row(gap="gap")
        columns = zip(*self._leaf.of(prompt.rows), strict=True)
        for number, (head, column) in enumerate(zip(prompt.heads, columns, strict=True)):
            made = Column(flex=2 if number == HEADER else 1)
            made.add_widget(Words(message=head, role="tech", weight="semibold", ink="ink2", lines=1))
            made.add_widget(Words(text=BELOW.join(column).replace(" ", FIRM), role="tech"))
            table.add_widget(made)
        card.add_widget(table)
        self.body.add_widget(card)
        self._more.hidden, self._more.args = self._leaf.pages == 1, self._leaf.args
