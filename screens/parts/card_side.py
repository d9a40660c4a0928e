"""A picture of a paper with the place of its code below: what to hold to the scanner."""

from __future__ import annotations

from kivy.properties import StringProperty

from screens.layout import Column
from screens.parts.cards import Card
from screens.parts.pictures import Picture
from screens.words import Words


class CardSide(Card):
    """Where the code is on a card of one year, or on a slip."""

    source = StringProperty("")
    year = StringProperty("")
    side = StringProperty("")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self.flex = 1
        self._picture = Picture(corners="above", tall="scene_card")
        self._year, self._side = Words(role="row"), Words(role="small", ink="ink2")
        words = Column(pad_x="pad_note", pad_y="inner")
        words.add_widget(self._year)
        words.add_widget(self._side)
        self.add_widget(self._picture)
        self.add_widget(words)
        for kind in ("source", "year", "side"):
            self.fbind(kind, self._fill)
        self._fill()

    def _fill(self, *_: object) -> None:
        self._picture.source = self.source
        self._year.message, self._side.message = self.year, self.side
        self.changed()
