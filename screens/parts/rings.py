"""Rings, bars and dots: time left, work done, how full a clinic is. They step or grow; nothing moves for ever."""

from __future__ import annotations

from kivy.animation import Animation
from kivy.graphics import Color, SmoothEllipse, SmoothLine
from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from screens.layout import Box
from screens.parts.panel import Panel
from screens.theme import theme


class Ring(Box):
    """A ring that empties: `share` from 1 to 0."""

    across = StringProperty("ring")
    thickness = NumericProperty(12)
    share = NumericProperty(1.0)

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._rest, self._done = Color(), Color()
        self._track = SmoothLine(overdraw_width=1.2)
        self._arc = SmoothLine(overdraw_width=1.2, cap="round")
        for part in (self._rest, self._track, self._done, self._arc):
            self.canvas.add(part)
        self.fbind("share", self._draw_arc)

    def natural(self, room: float) -> float:
        """Square."""
        return theme.size(self.across)

    def fit(self, width: float) -> float:
        """Square."""
        return theme.size(self.across)

    def _circle(self) -> tuple[float, float, float]:
        return self.center_x, self.center_y, theme.size(self.across) / 2 - self.thickness * theme.scale / 2

    def draw(self) -> None:
        """Track and arc."""
        self._track.width = self._arc.width = self.thickness * theme.scale / 2
        self._track.circle = (*self._circle(), 0, 360, 90)
        self._draw_arc()
        self.restyle()

    def _draw_arc(self, *_: object) -> None:
        share = min(1.0, max(0.0, self.share))
        self._done.a = 1 if share > 0 else 0
        self._arc.circle = (*self._circle(), 0, max(1.0, 360 * share), 90)

    def restyle(self) -> None:
        """Colours again."""
        self._rest.rgba = theme.colour("line") if not theme.contrast else theme.colour("sunken")
        self._done.rgba = theme.colour("primary")
        self._draw_arc()


class Meter(Box):
    """How full a clinic is: one, two or three bars of rising height."""

    level = NumericProperty(1)
    wide = StringProperty("meter_w")
    tall = StringProperty("meter_h")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._bars = [Panel() for _ in range(3)]
        for bar in self._bars:
            self.canvas.add(bar.group)
        self.fbind("level", self._paint)

    def draw(self) -> None:
        """14 px wide, 14, 23 and 32 high."""
        scale = theme.scale
        for number, bar in enumerate(self._bars):
            bar.move(self.x + number * 20 * scale, self.y, 14 * scale, (14 + 9 * number) * scale, [4 * scale] * 4, 0)
        self._paint()

    def _paint(self, *_: object) -> None:
        full = {1: "ok", 2: "ink", 3: "bad"}[int(self.level)]
        idle = "line" if not theme.contrast else "sunken"
        for number, bar in enumerate(self._bars, 1):
            colour = theme.colour(full if number <= self.level else idle)
            bar.paint(colour, colour)

    def restyle(self) -> None:
        """Colours again."""
        self._paint()


class Progress(Box):
    """A bar that fills, from 0 to 100."""

    percent = NumericProperty(0)
    tall = StringProperty("pad_note")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._track, self._fill = Panel(), Panel()
        for part in (self._track, self._fill):
            self.canvas.add(part.group)
        self.fbind("percent", self._move)

    def draw(self) -> None:
        """Track and fill."""
        self._track.move(*self.pos, *self.size, [self.height / 2] * 4, 0)
        self._move()
        self.restyle()

    def _move(self, *_: object) -> None:
        share = min(100.0, max(0.0, self.percent)) / 100
        self._fill.move(*self.pos, max(self.height, self.width * share), self.height, [self.height / 2] * 4, 0)

    def restyle(self) -> None:
        """Colours again."""
        for bar, token in ((self._track, "sunken"), (self._fill, "primary")):
            bar.paint(theme.colour(token), theme.colour(token))


class Dots(Box):
    """Three dots; while somebody is waited for they breathe by opacity, 1.2 s."""

    breathing = BooleanProperty(False)
    glow = NumericProperty(0.0)
    wide = StringProperty("tile_icon")
    tall = StringProperty("dot")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._dots = [(Color(), SmoothEllipse(size=(0, 0))) for _ in range(3)]
        for paint, dot in self._dots:
            self.canvas.add(paint)
            self.canvas.add(dot)
        self.fbind("glow", self._paint)
        self.fbind("breathing", self._breathe)
        self._breath: Animation | None = None

    def draw(self) -> None:
        """22 px each."""
        size = theme.size("dot")
        for number, (_paint, dot) in enumerate(self._dots):
            dot.pos, dot.size = (self.x + number * 31 * theme.scale, self.center_y - size / 2), (size, size)
        self._paint()

    def _paint(self, *_: object) -> None:
        red, green, blue, _alpha = theme.colour("primary")
        for number, (paint, _dot) in enumerate(self._dots):
            rest = (1.0, 0.55, 0.2)[number]
            paint.rgba = (red, green, blue, rest + (1.2 - 2 * rest) * self.glow)

    def _breathe(self, *_: object) -> None:
        if self._breath is not None:
            self._breath.cancel(self)
            self._breath = None
        if self.breathing and not theme.calm:
            self._breath = Animation(glow=1, d=0.6, s=0.1) + Animation(glow=0, d=0.6, s=0.1)
            self._breath.repeat = True
            self._breath.start(self)

    def restyle(self) -> None:
        """Colours again."""
        self._paint()
