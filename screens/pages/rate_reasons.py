"""What was good or not: touched on and off, as many as wished, none is fine."""

from __future__ import annotations

from functools import partial

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty

from screens.layout import Grid
from screens.pages.declare_priority import TickBox
from screens.parts.touch import Touch
from screens.shell.page import Page
from screens.theme import theme
from screens.words import Words
from services.journeys.prompts import RateReasons, RatingLevel, RatingReason, RatingReasons


class ReasonTile(Touch):
    """A word and a tick box."""

    message = StringProperty("")
    on = BooleanProperty(False)
    tall = StringProperty("slim")
    pad_x = StringProperty("pad_note")
    pad_y = StringProperty("inner")
    gap = StringProperty("gap")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._check = TickBox()
        for part in (self._check, Words(message=self.message, role="row", flex=1)):
            self.add_widget(part)
        self.fbind("on", self._fill)

    def fit(self, width: float) -> float:
        """With larger text and low reach the ground alone says what is chosen."""
        hidden = theme.low and theme.larger
        if self._check.hidden != hidden:
            self._check.hidden = hidden
        return super().fit(width)

    def _fill(self, *_: object) -> None:
        self.style = "selected" if self.on else "plain"
        self._check.on = self.on
        self.changed()


class RateReasonsPage(Page):
    """Nothing is asked in words of one's own: nobody could be known by them."""

    tiles = ObjectProperty(None)
    tiles_made: list[tuple[RatingReason, ReasonTile]]

    def on_tiles(self, _page: object, tiles: Grid) -> None:
        """One tile for each reason."""
        self.tiles_made = []
        for reason in RatingReason:
            tile = ReasonTile(name=reason.value, message=f"reasons.{reason.value}")
            tile.bind(on_act=partial(self._touched, tile))
            self.tiles_made.append((reason, tile))
            tiles.add_widget(tile)

    def _touched(self, tile: ReasonTile, *_: object) -> None:
        tile.on = not tile.on

    def question(self, prompt: RateReasons) -> str:
        """Of what was good, or of what was not."""
        return "reasons.ask.good" if prompt.level.value > RatingLevel.NEUTRAL.value else "reasons.ask.bad"

    def go(self) -> None:
        """With those that are ticked."""
        self.answer(RatingReasons(tuple(reason for reason, tile in self.tiles_made if tile.on)))

    def leave(self) -> None:
        """The ticks go with the page."""
        for _reason, tile in self.tiles_made:
            tile.on = False
