"""Picture 04: the chip is being read. It shows work, not verdicts."""

from __future__ import annotations

from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from screens.layout import Box, Row
from screens.parts.cards import Badge
from screens.parts.pictures import Picture
from screens.parts.rings import Ring
from screens.shell.page import Page
from screens.theme import theme
from screens.words import Icon, Words
from services.journeys.prompts import ReadingCard


class WorkRow(Row):
    """One row of work: done, now or to come."""

    message = StringProperty("")
    state = NumericProperty(0)
    """-1 to come, 0 now, 1 done."""
    gap = StringProperty("gap")
    tall = StringProperty("tile_icon_small")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._done = Icon(icon="check-circle", filled=True, ink="ok", across="digit_w")
        self._now = Ring(across="digit_w", thickness=9, share=0.62)
        self._later = Ring(across="digit_w", thickness=5, share=0)
        self._words = Words(role="h3", flex=1)
        parts: tuple[Box, ...] = (self._done, self._now, self._later, self._words)
        for part in parts:
            self.add_widget(part)
        for kind in ("message", "state"):
            self.fbind(kind, self._fill)
        self._fill()

    def _fill(self, *_: object) -> None:
        self._words.message = self.message
        self._words.weight = "bold" if self.state == 0 else "medium"
        self._words.ink = "ink" if self.state == 0 else "ink2"
        self._done.hidden, self._now.hidden, self._later.hidden = self.state != 1, self.state != 0, self.state != -1
        self.changed()


class Reader(Box):
    """The picture of the reader, at the end under a large green tick: what the "bíp" looks like."""

    done = BooleanProperty(False)

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._picture = Picture(source="reading", corners="above", tall="scene_reading")
        self._tick = Badge(
            icon="check", across="photo_w", icon_size="scene_way", fill="ok", ink="on_primary", round=True
        )
        self.add_widget(self._picture)
        self.add_widget(self._tick)
        self.fbind("done", self._show)
        self._show()

    def _show(self, *_: object) -> None:
        self._tick.hidden = not self.done
        self.changed()

    def fit(self, width: float) -> float:
        """As tall as picture 04."""
        return self._picture.fit(width)

    def arrange(self) -> None:
        """The tick in the middle."""
        self._picture.place(*self.pos, *self.size)
        side = min(theme.size("photo_w"), self.height)
        self._tick.place(self.center_x - side / 2, self.center_y - side / 2, side, side)


class ReadingCardPage(Page):
    """Progress of the read; it ends in place, so that the tick is there with the sound."""

    def state(self, row: int, prompt: ReadingCard) -> int:
        """Of a row of work."""
        if prompt.done:
            return 1
        now = prompt.stage.value
        return 1 if row < now else 0 if row == now else -1
