"""Faces of five levels, drawn: a coloured disc, two eyes, a mouth that says how it was."""

from __future__ import annotations

from kivy.graphics import Color, Ellipse, Line
from kivy.properties import NumericProperty, StringProperty

from screens.layout import Box
from screens.theme import theme

LAUGH, BEST, WORST = 5, 5, 1
CURVES = {5: 0.5, 4: 0.34, 3: 0.0, 2: -0.26, 1: -0.46}
"""How far the mouth bends, as a part of its width."""


class Face(Box):
    """`level` from 1 to 5."""

    level = NumericProperty(3)
    across = StringProperty("tile_icon")

    def natural(self, room: float) -> float:
        """Square."""
        return theme.size(self.across)

    def fit(self, width: float) -> float:
        """Square."""
        return theme.size(self.across)

    def draw(self) -> None:
        """Disc, outline, eyes, mouth."""
        self.canvas.clear()
        side, line = min(self.width, self.height), theme.size("border_card")
        x, y, ink = self.center_x, self.center_y, theme.colour("ink")
        left, bottom = x - side / 2 + line, y - side / 2 + line
        wide, bend, dot = side * 0.4, CURVES[int(self.level)], side * 0.1
        mouth = y - side * 0.16
        add = self.canvas.add
        add(Color(*theme.colour(f"face_{int(self.level)}")))
        add(Ellipse(pos=(left, bottom), size=(side - 2 * line, side - 2 * line)))
        add(Color(*ink))
        add(Line(circle=(x, y, side / 2 - line), width=line / 2 + 0.5))
        for eye in (x - side * 0.17, x + side * 0.17):
            add(Ellipse(pos=(eye - dot / 2, y + side * 0.08), size=(dot, dot)))
        if int(self.level) == LAUGH:
            add(Ellipse(pos=(x - wide / 2, mouth - wide / 2), size=(wide, wide), angle_start=90, angle_end=270))
            return
        edge = mouth + bend * wide / 2
        deep = mouth - bend * wide
        points = [x - wide / 2, edge, x - wide / 4, deep, x + wide / 4, deep, x + wide / 2, edge]
        add(Line(bezier=points, width=max(1.0, line * 0.9), cap="round"))

    def restyle(self) -> None:
        """Colours again."""
        self.draw()
