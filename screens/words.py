"""Texts and icons on a page: a message id in the person's language, set in a role of the theme."""

from __future__ import annotations

from typing import cast

from kivy.graphics import Color, InstructionGroup, Rectangle
from kivy.graphics.texture import Texture
from kivy.properties import BooleanProperty, DictProperty, NumericProperty, StringProperty

from screens.icons import glyph
from screens.layout import Box
from screens.theme import SMALLEST_TEXT, Face, theme
from screens.typesetting import Setting, Typesetter, measure, texture_of
from services.messages import tr

ROOMS_KEPT = 6
"""Settings kept for each text: a layout asks for its natural width and then for its height at another."""


class MessageId(str):
    """An argument of a message that is a message itself."""


class Words(Box):
    """A text. Either `message` with `args`, or `text` as it stands (a name, a number)."""

    message = StringProperty("")
    args = DictProperty({})
    text = StringProperty("")
    role = StringProperty("body")
    weight = StringProperty("")
    align = StringProperty("left")
    balance = BooleanProperty(False)
    lines = NumericProperty(0)
    """Most lines; a longer text is set smaller, down to 28 px. 0: as many as it needs."""

    def __init__(self, **values: object) -> None:
        self._settings: dict[object, tuple[Setting, Face]] = {}
        self._slacks: list[float] = []
        self._last: tuple[Setting, Face] | None = None
        self._drawn: object = None
        self._paint: Color | None = None
        self._marks: list[tuple[Rectangle, float, float]] = []
        super().__init__(**values)
        self._group = InstructionGroup()
        self.canvas.add(self._group)
        for kind in ("message", "args", "text", "role", "weight"):
            self.fbind(kind, self.changed)
        self.fbind("ink", self._recolour)

    def said(self) -> str:
        """The text in the person's language."""
        if not self.message:
            return self.text
        language = theme.language
        args = {
            name: tr(value, language) if isinstance(value, MessageId) else cast("str | int", value)
            for name, value in self.args.items()
        }
        return tr(self.message, language, **args)

    def _setting(self, room: float) -> tuple[Setting, Face]:
        said = self.said()
        key = (said, room, self.role, self.weight, theme.tight, theme.larger, theme.scale, self.lines, self.balance)
        if key in self._settings:
            return self._settings[key]
        step = 1.0
        while True:
            face = theme.face(self.role, self.weight, step)
            setter = Typesetter(face)
            setting = setter.balanced(said, room) if self.balance else setter.set(said, room)
            good = setting.fits and (not self.lines or len(setting.lines) <= self.lines)
            if good or face.size <= round(SMALLEST_TEXT * theme.scale):
                if not setting.fits:
                    setting = setter.forced(said, room)
                break
            step *= 0.95
        if len(self._settings) >= ROOMS_KEPT:
            self._settings.clear()
        self._settings[key] = (setting, face)
        return setting, face

    def lines_at(self, width: float) -> int:
        """Lines it takes at a width, however small it is set."""
        return len(self._setting(width)[0].lines)

    @property
    def complete(self) -> bool:
        """Whether the whole text stands inside its box."""
        if self._last is None:
            return True
        setting, face = self._last
        tall = len(setting.lines) * face.line
        return setting.fits and tall <= self.height + 1

    @property
    def letter_size(self) -> float:
        """Size of the letters drawn, in design pixels."""
        return self._last[1].size / theme.scale if self._last is not None else 0.0

    def natural(self, room: float) -> float:
        """The widest line."""
        if self.wide:
            return theme.size(self.wide)
        return min(room, round(self._setting(room)[0].width + 1))

    def fit(self, width: float) -> float:
        """Lines times pitch."""
        setting, face = self._setting(width)
        return max(len(setting.lines) * face.line, super().fit(width))

    def draw(self) -> None:
        """Textures are made again only when the setting changed; a new place moves them."""
        setting, face = self._last = self._setting(self.width)
        if self._drawn != (setting, face, self.width, self.align):
            self._drawn = (setting, face, self.width, self.align)
            self._make(setting, face)
        top = self.top - (self.height - len(setting.lines) * face.line) / 2
        for (rectangle, x, drop), slack in zip(self._marks, self._slacks, strict=True):
            wide, tall = rectangle.size
            rectangle.pos = (round(self.x + x + slack), round(top - drop - (face.line + tall) / 2))
            rectangle.size = (wide, tall)

    def _make(self, setting: Setting, face: Face) -> None:
        self._group.clear()
        self._marks, self._slacks = [], list[float]()
        self._paint = Color(*theme.colour(self.ink))
        self._group.add(self._paint)
        share = {"left": 0.0, "center": 0.5, "right": 1.0}[self.align]
        for number, line in enumerate(setting.lines):
            for run in line.runs:
                texture = texture_of(run.text, face.bold if run.bold else face.font, face.size)
                if texture is None:
                    continue
                rectangle = Rectangle(texture=texture, size=texture.size)
                self._group.add(rectangle)
                self._marks.append((rectangle, run.x, number * face.line))
                self._slacks.append((self.width - line.width) * share)

    def _recolour(self, *_: object) -> None:
        if self._paint is not None:
            self._paint.rgba = theme.colour(self.ink)

    def restyle(self) -> None:
        """Take the colour again."""
        self._recolour()


class Icon(Box):
    """A Phosphor icon by its name. An icon always has a word beside or under it."""

    icon = StringProperty("")
    across = StringProperty("icon")
    """Size token."""
    filled = BooleanProperty(False)

    def __init__(self, **values: object) -> None:
        self._drawn: object = None
        self._texture: Texture | None = None
        super().__init__(**values)
        self._paint = Color()
        self._mark = Rectangle(size=(0, 0))
        self.canvas.add(self._paint)
        self.canvas.add(self._mark)
        self.fbind("icon", self.changed)
        self.fbind("ink", self._recolour)

    def natural(self, room: float) -> float:
        """Square."""
        return theme.size(self.across)

    def fit(self, width: float) -> float:
        """Square."""
        return theme.size(self.across)

    def draw(self) -> None:
        """The glyph in the middle."""
        size = round(theme.size(self.across))
        key = (self.icon, self.filled, size)
        if self._drawn != key:
            self._drawn = key
            self._texture = texture_of(glyph(self.icon), theme.icon_font(fill=self.filled), size)
            self._mark.texture = self._texture
        self._recolour()
        texture = self._texture
        if texture is None:
            self._mark.size = (0, 0)
            return
        self._mark.size = texture.size
        self._mark.pos = (
            round(self.center_x - texture.width / 2),
            round(self.center_y - texture.height / 2),
        )

    def _recolour(self, *_: object) -> None:
        self._paint.rgba = theme.colour(self.ink)

    def restyle(self) -> None:
        """Take the colour again."""
        self._recolour()


__all__ = ["Icon", "MessageId", "Words", "measure"]
