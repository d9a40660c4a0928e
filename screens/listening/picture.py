"""What the listening mode draws: the ring around the focus, the strip with the words and keys, or a dark screen."""

from __future__ import annotations

from kivy.graphics import Color, InstructionGroup, Rectangle

from screens.icons import glyph
from screens.layout import window_box
from screens.listening.stops import Stop
from screens.parts.panel import Panel
from screens.shell.frame import Frame
from screens.theme import Rgba, theme
from screens.typesetting import texture_of
from services.journeys.prompts import Say
from services.messages import dotted, tr

AMOUNT = "amount"
LONGEST = 84
"""Letters of the strip; what is longer is heard whole and read in part."""


class FocusPicture:
    """Lies over the frame; `draw` is called whenever focus or layout changed."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._ring = InstructionGroup()
        self._outer, self._inner, self._lining = Panel(), Panel(), Panel()
        for panel in (self._outer, self._inner, self._lining):
            self._ring.add(panel.group)
        self._night = InstructionGroup()
        frame.canvas.after.add(self._ring)
        frame.canvas.after.add(self._night)

    def draw(self, stop: Stop | None, *, dark: bool) -> None:
        """The focus stands at `stop`; None takes everything away."""
        self._frame.strip_words(line(stop.says) if stop is not None else "")
        self._framed(stop)
        self._night.clear()
        if stop is not None and dark:
            self._darken()

    def _framed(self, stop: Stop | None) -> None:
        if stop is None or stop.box is None or stop.box is self._head():
            for panel in (self._outer, self._inner, self._lining):
                panel.move(0, 0, 0, 0, [1.0] * 4, 0)
            return
        x, y, width, height = window_box(stop.box)
        radius, thick = theme.size("radius_l"), theme.size("focus")
        near, far = ("paper", "ink") if theme.contrast else ("nghe", "ink")
        for panel, away, token in (
            (self._outer, 2 * thick, far),
            (self._inner, thick, near),
            (self._lining, 0.0, "nghe" if theme.contrast else ""),
        ):
            if not token:
                panel.move(0, 0, 0, 0, [1.0] * 4, 0)
                continue
            edge = theme.colour(token)
            panel.paint(edge, _clear(edge))
            panel.move(x - away, y - away, width + 2 * away, height + 2 * away, [radius + away] * 4, thick)

    def _head(self) -> object:
        page = self._frame.page
        return page.head if page is not None else None

    def _darken(self) -> None:
        """Black, and a small sign of headphones: nobody behind can read."""
        width, height = self._frame.size
        self._night.add(Color(0, 0, 0, 1))
        self._night.add(Rectangle(pos=(0, 0), size=(width, height)))
        texture = texture_of(glyph("headphones"), theme.icon_font(fill=False), round(theme.size("icon_large")))
        if texture is not None:
            self._night.add(Color(1, 1, 1, 1))
            at = ((width - texture.width) / 2, (height - texture.height) / 2)
            self._night.add(Rectangle(texture=texture, pos=at, size=texture.size))


def line(says: tuple[Say, ...]) -> str:
    """What the strip reads."""
    words = " ".join(_written(say) for say in says)
    return words if len(words) <= LONGEST else words[: LONGEST - 1].rsplit(" ", 1)[0] + "…"


def _written(say: Say) -> str:
    args = {name: dotted(value) if name == AMOUNT and isinstance(value, int) else value for name, value in say.args}
    return tr(say.message, theme.language, **args)


def _clear(colour: Rgba) -> Rgba:
    return colour[0], colour[1], colour[2], 0.0
