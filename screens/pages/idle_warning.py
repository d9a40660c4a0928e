"""Picture 17: are you still here; it covers everything personal."""

from __future__ import annotations

from math import ceil

from kivy.clock import Clock
from kivy.properties import BooleanProperty, NumericProperty

from screens.layout import Box
from screens.parts.pictures import Pattern
from screens.parts.rings import Ring
from screens.shell.page import Page
from screens.theme import theme
from screens.words import Words
from services.journeys.prompts import IdleWarning


class Countdown(Box):
    """A large ring around the seconds."""

    seconds = NumericProperty(20)
    total = NumericProperty(20)

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._ring = Ring(across="countdown", thickness=28)
        self._words = Words(role="countdown", align="center")
        self.add_widget(self._ring)
        self.add_widget(self._words)
        for kind in ("seconds", "total"):
            self.fbind(kind, self._fill)
        self._fill()

    def _fill(self, *_: object) -> None:
        self._ring.share = self.seconds / self.total if self.total else 0
        self._words.text = str(ceil(self.seconds))

    def fit(self, width: float) -> float:
        """300 px."""
        return theme.size("countdown")

    def arrange(self) -> None:
        """The seconds in the ring."""
        side = theme.size("countdown")
        self._ring.place(self.center_x - side / 2, self.y, side, side)
        tall = self._words.fit(side)
        self._words.place(self.center_x - side / 2, self.y + (self.height - tall) / 2, side, tall)


class IdleWarningPage(Page):
    """One big button; the pattern hides what was there."""

    covers = BooleanProperty(True)
    has_head = BooleanProperty(False)
    seconds = NumericProperty(20)
    total = NumericProperty(20)

    def __init__(self, *args: object, **values: object) -> None:
        super().__init__(*args, **values)  # type: ignore[arg-type]
        self._pattern = Pattern(fill="cover", strength=0.35, side=100)
        Box.add_widget(self, self._pattern, index=len(self.children))
        self._told = False
        self.total = self.seconds = IdleWarning.seconds or 20.0
        self._clock = Clock.schedule_interval(self._step, 1.0)

    def time_left(self, seconds: float, total: float) -> None:
        """The runner's clock is the one that counts."""
        if total <= self.total:
            self._told = True
            self.seconds, self.total = seconds, total

    def _step(self, _seconds: float) -> None:
        if not self._told:
            self.seconds = max(0, self.seconds - 1)

    def whole(self, seconds: float) -> int:
        """Whole seconds."""
        return ceil(seconds)

    def arrange(self) -> None:
        """The card at the bottom."""
        self._pattern.place(*self.pos, *self.size)
        super().arrange()

    def leave(self) -> None:
        """The clock stops."""
        self._clock.cancel()
