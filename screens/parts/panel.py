"""Flat shapes: a rounded rectangle with its border, and the ledge below what can be touched."""

from __future__ import annotations

from kivy.graphics import Color, InstructionGroup, Line, SmoothRoundedRectangle

from screens.theme import Rgba, theme

Radii = list[float]


class Panel:
    """A filled rounded rectangle with an inner border. Add `group` to a canvas."""

    def __init__(self) -> None:
        self.group = InstructionGroup()
        self._bordered = self._filled = False
        self._edge, self._fill = Color(), Color()
        # Kivy's shapes are 100 px large until told otherwise.
        self._outer, self._inner = SmoothRoundedRectangle(size=(0, 0)), SmoothRoundedRectangle(size=(0, 0))
        for part in (self._edge, self._outer, self._fill, self._inner):
            self.group.add(part)

    def paint(self, edge: Rgba, fill: Rgba) -> None:
        """Colours of border and face."""
        self._edge.rgba, self._fill.rgba = edge, fill
        self._veil()

    def _veil(self) -> None:
        """A shape once drawn keeps its form at size 0: it is made clear instead."""
        self._edge.a = 1 if self._bordered else 0
        self._fill.a = 1 if self._filled else 0

    def move(self, x: float, y: float, width: float, height: float, radius: Radii, border: float) -> None:
        """`radius` of the four corners from top left clockwise, in window pixels."""
        x, y, width, height = round(x), round(y), round(width), round(height)
        most = min(width, height) / 2
        radius = [min(corner, most) for corner in radius]
        self._bordered, self._filled = border > 0, width > 0 and height > 0
        self._veil()
        if not self._filled:
            return
        if self._bordered:
            self._outer.pos, self._outer.size, self._outer.radius = (x, y), (width, height), radius
        self._inner.pos = (x + border, y + border)
        self._inner.size = (max(0, width - 2 * border), max(0, height - 2 * border))
        self._inner.radius = [max(0.1, corner - border) for corner in radius]


class Dashes:
    """A dashed rounded border: short lines, because Kivy dashes only lines of width 1."""

    def __init__(self) -> None:
        self.group = InstructionGroup()

    def move(self, x: float, y: float, width: float, height: float, radius: float, colour: Rgba) -> None:
        """Draw anew."""
        self.group.clear()
        self.group.add(Color(*colour))
        thick = theme.size("border_small") / 2
        dash, space = 16 * theme.scale, 12 * theme.scale
        for along, (x0, y0, dx, dy) in (
            (width - 2 * radius, (x + radius, y, 1, 0)),
            (width - 2 * radius, (x + radius, y + height, 1, 0)),
            (height - 2 * radius, (x, y + radius, 0, 1)),
            (height - 2 * radius, (x + width, y + radius, 0, 1)),
        ):
            at = 0.0
            while at < along:
                end = min(at + dash, along)
                self.group.add(
                    Line(points=[x0 + dx * at, y0 + dy * at, x0 + dx * end, y0 + dy * end], width=thick, cap="none")
                )
                at = end + space
        for cx, cy, start in (
            (x + radius, y + radius, 180),
            (x + radius, y + height - radius, 270),
            (x + width - radius, y + height - radius, 0),
            (x + width - radius, y + radius, 90),
        ):
            for part in (0, 50):
                self.group.add(Line(circle=(cx, cy, radius, start + part, start + part + 35), width=thick, cap="none"))
