"""Picture 16: five levels with words. A level is chosen, then confirmed; in mourning no face looks at anybody."""

from __future__ import annotations

from functools import partial

from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty

from screens.layout import Grid
from screens.parts.faces import Face
from screens.parts.touch import Touch
from screens.shell.page import Page
from screens.theme import theme
from screens.words import Icon, Words
from services.journeys.prompts import RateService, RatingLevel


class LevelRow(Touch):
    """A face and its word; a tick where it is chosen."""

    message = StringProperty("")
    level = NumericProperty(3)
    faceless = BooleanProperty(False)
    on = BooleanProperty(False)
    tall = StringProperty("row_slim")
    pad_x = StringProperty("block")
    pad_y = StringProperty("inner")
    gap = StringProperty("gap")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._smile = Face(level=self.level, hidden=self.faceless)
        self._tick = Icon(icon="check", ink="primary", hidden=True)
        for part in (self._smile, Words(message=self.message, role="row", flex=1), self._tick):
            self.add_widget(part)
        self.fbind("on", self._fill)

    def fit(self, width: float) -> float:
        """Two beside each other have no room for faces."""
        hidden = self.faceless or theme.low
        if self._smile.hidden != hidden:
            self._smile.hidden = hidden
        return super().fit(width)

    def _fill(self, *_: object) -> None:
        self.style = "selected" if self.on else "plain"
        self._tick.hidden = not self.on
        self.changed()


class RateServicePage(Page):
    """One level."""

    chosen = ObjectProperty(None, allownone=True)
    rows = ObjectProperty(None)
    rows_made: list[tuple[RatingLevel, LevelRow]]

    def on_rows(self, _page: object, rows: Grid) -> None:
        """Rows come with the prompt."""
        prompt: RateService = self.prompt
        self.rows_made = []
        for level in RatingLevel:
            row = LevelRow(name=level.word, message=f"rate.{level.word}", level=level.value, faceless=prompt.mourning)
            row.bind(on_act=partial(self._touched, level))
            self.rows_made.append((level, row))
            rows.add_widget(row)
        if prompt.chosen is not None:
            self._touched(prompt.chosen)

    def _touched(self, level: RatingLevel, *_: object) -> None:
        """Chosen; touched again, not chosen."""
        self.chosen = None if self.chosen is level else level
        for other, row in self.rows_made:
            row.on = other is self.chosen

    def go(self) -> None:
        """With the chosen level."""
        if self.chosen is not None:
            self.answer(self.chosen)

    def leave(self) -> None:
        """The level goes with the page."""
        self.chosen = None
