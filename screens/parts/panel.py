"""Flat shapes: a rounded rectangle with its border and the ledge below what can be touched.

A panel is one picture of its corners, stretched between them (nine quads). Software drawing pays for every layer and
every triangle of a page: rounded shapes made of triangles, one for the ledge, one for the border and one for the face,
cost three times as much.
"""

from __future__ import annotations

from functools import lru_cache

from kivy.graphics import BorderImage, Color, InstructionGroup, Line
from kivy.graphics.texture import Texture
from PIL import Image, ImageDraw

from screens.theme import Rgba, theme

Radii = list[float]
_FINE = 6
"""Corners are drawn so many times larger and reduced: smooth edges."""
_MIDDLE = 2
"""Pixels between the corners that are stretched; equal neighbours keep the linear filter from bleeding."""


class Panel:
    """A filled rounded rectangle with an inner border and, if wanted, a ledge below. Add `group` to a canvas."""

    def __init__(self) -> None:
        self.group = InstructionGroup()
        self._white, self._shape = Color(1, 1, 1, 1), BorderImage()
        self._colours: tuple[Rgba, Rgba, Rgba] | None = None
        self._form: tuple[tuple[int, ...], int, int] | None = None
        self._shown = False
        self._dressed: object = None

    def paint(self, edge: Rgba, fill: Rgba, ledge: Rgba = (0, 0, 0, 0)) -> None:
        """Colours of border, face and ledge."""
        self._colours = edge, fill, ledge
        self._dress()

    def move(
        self, x: float, y: float, width: float, height: float, radius: Radii, border: float, ledge: float = 0
    ) -> None:
        """`radius` of the four corners from top left clockwise, in window pixels; the ledge is part of `height`."""
        x, y, width, height = round(x), round(y), round(width), round(height)
        if width <= 0 or height <= 0:
            self._show(shown=False)
            return
        most = min(width, height - round(ledge)) // 2
        self._form = tuple(min(round(corner), most) for corner in radius), round(border), round(ledge)
        self._shape.pos, self._shape.size = (x, y), (width, height)
        self._show(shown=True)
        self._dress()

    def _show(self, *, shown: bool) -> None:
        """What has no size is not drawn at all: a clear shape costs as much as a seen one."""
        if shown == self._shown:
            return
        self._shown = shown
        if shown:
            self.group.add(self._white)
            self.group.add(self._shape)
        else:
            self.group.clear()

    def _dress(self) -> None:
        if self._form is None or self._colours is None or (self._form, self._colours) == self._dressed:
            return
        self._dressed = self._form, self._colours
        radii, border, ledge = self._form
        edge, fill, below = self._colours
        self._shape.texture, self._shape.border = _skin(
            radii, border, ledge, _bytes(edge if border else fill), _bytes(fill), _bytes(below)
        )


def _bytes(colour: Rgba) -> tuple[int, ...]:
    return tuple(round(255 * part) for part in colour)


@lru_cache(maxsize=256)
def _skin(
    radii: tuple[int, ...],
    border: int,
    ledge: int,
    edge: tuple[int, ...],
    fill: tuple[int, ...],
    below: tuple[int, ...],
) -> tuple[Texture, tuple[int, int, int, int]]:
    """The picture of a panel's corners, and what of it is not stretched: below, right, above, left."""
    radius = max(radii)
    side = max(radius, border) + 1
    width, height = 2 * side + _MIDDLE, 2 * side + _MIDDLE + ledge
    round_ones = (radii[0] > 0, radii[1] > 0, radii[2] > 0, radii[3] > 0)
    picture = Image.new("RGBA", (width * _FINE, height * _FINE), (*(below if ledge else edge)[:3], 0))
    pen = ImageDraw.Draw(picture)

    def shape(left: int, top: int, right: int, bottom: int, corner: int, colour: tuple[int, ...]) -> None:
        box = (left * _FINE, top * _FINE, right * _FINE - 1, bottom * _FINE - 1)
        pen.rounded_rectangle(box, max(0, corner) * _FINE, fill=colour, corners=round_ones)

    if ledge:
        shape(0, ledge, width, height, radius, below)
    shape(0, 0, width, height - ledge, radius, edge)
    if border:
        shape(border, border, width - border, height - ledge - border, radius - border, fill)
    # Kivy's pictures begin below.
    pixels = picture.reduce(_FINE).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    texture = Texture.create(size=pixels.size, colorfmt="rgba")
    texture.blit_buffer(pixels.tobytes(), colorfmt="rgba", bufferfmt="ubyte")
    return texture, (side + ledge, side, side, side)


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
