"""What can be touched: it has a ledge, moves down on touch and acts when the finger leaves inside it.

No drag, double tap or long press. Pressing is seen at once; what a touch did is decided when it ends.
"""

from __future__ import annotations

from dataclasses import dataclass

from kivy.clock import Clock
from kivy.graphics import PopMatrix, PushMatrix, Translate
from kivy.input import MotionEvent
from kivy.properties import BooleanProperty, DictProperty, StringProperty

from screens.layout import Box, Column, Row
from screens.parts.panel import Dashes, Panel
from screens.theme import theme
from screens.words import Icon, Words

PRESS_UP_SECONDS = 0.08


@dataclass(frozen=True)
class Style:
    """Colour tokens of a touchable: face, border, ledge, what is written on it; and of the pressed face."""

    fill: str
    edge: str
    ledge: str
    ink: str
    pressed: str
    pressed_ink: str


STYLES = {
    "plain": Style("surface", "edge", "edge", "ink", "sunken", "ink"),
    "listen": Style("surface", "edge", "edge", "primary", "sunken", "primary"),
    "primary": Style("primary", "primary", "press", "on_primary", "press", "on_press"),
    "secondary": Style("surface", "primary", "primary", "primary", "soft", "primary"),
    "soft": Style("soft", "primary", "primary", "primary", "sunken", "primary"),
    "selected": Style("soft", "primary", "primary", "ink", "soft", "ink"),
    "help": Style("help", "help_edge", "help_edge", "help_ink", "help_edge", "help_ink"),
    "on": Style("switched", "switched_edge", "switched_edge", "switched_ink", "switched_edge", "switched_ink"),
    "closed": Style("sunken", "line", "line", "ink", "sunken", "ink"),
    "off": Style("paper", "edge", "edge", "ink2", "paper", "ink2"),
}
INVERTED = Style("press", "press", "press", "on_press", "press", "on_press")
"""Pressed in high contrast, where nothing has a ledge."""


class Touch(Row):
    """A row that can be touched. Colours of words in it follow its style; `on_act` is what it does."""

    __events__ = ("on_act",)

    style = StringProperty("plain")
    ledge = StringProperty("ledge")
    border = StringProperty("border")
    radius = StringProperty("radius_l")
    closed = BooleanProperty(False)
    """Seen, not touchable: a clinic without numbers, "Trước" on the first page."""
    down = BooleanProperty(False)
    lasting = BooleanProperty(False)
    """Keeps its look after the touch (a switch)."""

    def __init__(self, **values: object) -> None:
        self._rest: dict[Box, str] = {}
        super().__init__(**values)
        self._panel, self._ring, self._dashes = Panel(), Panel(), Dashes()
        self._shift = Translate(0, 0)
        for part in (self._panel.group, PushMatrix(), self._shift, self._ring.group, self._dashes.group):
            self.canvas.before.add(part)
        self.canvas.after.add(PopMatrix())
        for kind in ("style", "closed", "down"):
            self.fbind(kind, self._look)

    def on_act(self) -> None:
        """Touched: overridden in kv."""

    @property
    def touchable(self) -> bool:
        """It is."""
        return True

    @property
    def look(self) -> Style:
        """The style in use."""
        if self.closed and self.style == "plain":
            return STYLES["closed"]
        return STYLES["off" if self.closed else self.style]

    def pads(self) -> tuple[float, float, float]:
        """The ledge stands inside the box, under the face."""
        sides, above, below = super().pads()
        return sides, above, below + theme.size(self.ledge)

    def fit(self, width: float) -> float:
        """The face and its ledge."""
        tall = theme.size(self.tall) + theme.size(self.ledge) if self.tall else 0.0
        _, above, below = self.pads()
        heights = [kid.fit(wide) for kid, wide in self._widths(width).items()]
        return max(max(heights, default=0.0) + above + below, tall)

    def draw(self) -> None:
        """Ledge, border, face."""
        radius = theme.size(self.radius)
        self._dashes.group.clear()
        if self._dashed:
            self._dashes.move(*self._face(), radius, theme.colour("edge"))
        self._double(radius)
        self._look()

    @property
    def _dashed(self) -> bool:
        return self.closed and (self.style != "plain" or theme.contrast)

    @property
    def _doubled(self) -> bool:
        """The staff call in high contrast: a double border of 8 px."""
        return self.style == "help" and bool(theme.contrast)

    def _face(self) -> tuple[int, int, int, int]:
        """Where the face stands when nothing presses it."""
        ledge = round(theme.size(self.ledge))
        return round(self.x), round(self.y) + ledge, round(self.width), round(self.height) - ledge

    def _double(self, radius: float) -> None:
        x, y, width, height = self._face()
        inset = 6 * theme.scale
        if self._doubled:
            self._ring.move(
                x + inset, y + inset, width - 2 * inset, height - 2 * inset, [radius - inset] * 4, 2 * theme.scale
            )
        else:
            self._ring.move(0, 0, 0, 0, [1.0] * 4, 0)

    def _stand(self, *, pressed: bool) -> None:
        """The face on its ledge, or pressed down on its place; what cannot be touched has no ledge."""
        x, y, width, height = self._face()
        ledge, radii = round(theme.size(self.ledge)), [theme.size(self.radius)] * 4
        selected = self.style == "selected" and not self.closed
        border = theme.size("border_selected" if selected else self.border)
        border = 3 * theme.scale if self._doubled else 0 if self._dashed else border
        if pressed:
            self._panel.move(x, y - ledge, width, height, radii, border)
        elif self.closed:
            self._panel.move(x, y, width, height, radii, border)
        else:
            self._panel.move(x, y - ledge, width, height + ledge, radii, border, ledge)

    def _look(self, *_: object) -> None:
        style, pressed = self.look, self.down and not self.closed
        fill, edge, ink = (style.pressed if pressed else style.fill), style.edge, style.ink
        if pressed:
            ink = style.pressed_ink
            if theme.contrast:
                fill, edge, ink = INVERTED.fill, INVERTED.edge, INVERTED.ink
        self._panel.paint(theme.colour(edge), theme.colour(fill), theme.colour(style.ledge))
        self._stand(pressed=pressed)
        self._ring.paint(theme.colour(edge), theme.colour(fill))
        self._shift.y = -theme.size(self.ledge) if pressed else 0
        self._write(ink, inverted=pressed and theme.contrast)

    def _write(self, ink: str, *, inverted: bool) -> None:
        """Colour what is written here; a pressed touchable of high contrast inverts everything on it."""
        for kid in self.each():
            if kid is self:
                continue
            if inverted:
                self._rest.setdefault(kid, kid.ink)
                kid.ink = ink
            elif kid.follows:
                kid.ink = ink
            elif kid in self._rest:
                kid.ink = self._rest[kid]
        if not inverted:
            self._rest.clear()

    def restyle(self) -> None:
        """Colours again."""
        super().restyle()
        self._look()

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """Seen at once."""
        if not self.shown or self.closed or not self.collide_point(*touch.pos):
            return False
        touch.grab(self)
        self.down = True
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        """Acts when the finger leaves inside."""
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        inside = self.collide_point(*touch.pos)
        Clock.schedule_once(self._release, PRESS_UP_SECONDS)
        if inside and self.shown and not self.closed:
            self.dispatch("on_act")
        return True

    def _release(self, _seconds: float) -> None:
        self.down = False


class WayButton(Touch):
    """One line in the middle of a touchable, with an icon before or behind it."""

    message = StringProperty("")
    icon = StringProperty("")
    icon_after = StringProperty("")
    role = StringProperty("secondary")
    icon_size = StringProperty("icon")
    style = StringProperty("secondary")
    tall = StringProperty("secondary")
    gap = StringProperty("gap")
    pad_x = StringProperty("pad_row")
    two_lines = BooleanProperty(False)
    args = DictProperty({})

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._lead, self._trail = Icon(follows=True), Icon(follows=True)
        self._words = Words(follows=True)
        for part in (self._lead, self._words, self._trail):
            self.add_widget(part)
        for kind in ("message", "icon", "icon_after", "args", "role", "icon_size", "two_lines"):
            self.fbind(kind, self._fill)
        self._fill()

    def _fill(self, *_: object) -> None:
        self._lead.icon, self._trail.icon = self.icon, self.icon_after
        self._lead.hidden, self._trail.hidden = not self.icon, not self.icon_after
        self._lead.across = self._trail.across = self.icon_size
        self._words.role, self._words.lines = self.role, 2 if self.two_lines else 1
        self._words.message, self._words.args = self.message, self.args
        self.changed()

    @property
    def words(self) -> Words:
        """The label."""
        return self._words

    def _inner(self, width: float) -> float:
        """Width left for the label."""
        room = width - 2 * self.pads()[0]
        for icon in (self._lead, self._trail):
            if icon.shown:
                room -= icon.natural(room) + self.spacing()
        return room

    def natural(self, room: float) -> float:
        """Label, icons and padding."""
        if self.wide:
            return theme.size(self.wide)
        return min(room, self._words.natural(self._inner(room)) + room - self._inner(room))

    def fit(self, width: float) -> float:
        """At least the token height."""
        return max(
            theme.size(self.tall) + theme.size(self.ledge),
            self._words.fit(self._inner(width)) + theme.size(self.ledge) + 2 * theme.size("hair"),
        )

    def arrange(self) -> None:
        """Everything in the middle."""
        parts = [part for part in (self._lead, self._words, self._trail) if part.shown]
        inner = self._inner(self.width)
        words = self._words.natural(inner)
        widths = {part: words if part is self._words else part.natural(inner) for part in parts}
        total = sum(widths.values()) + self.spacing() * (len(parts) - 1)
        x = self.x + (self.width - total) / 2
        base, room = self.y + theme.size(self.ledge), self.height - theme.size(self.ledge)
        for part in parts:
            height = part.fit(widths[part])
            part.place(x, base + (room - height) / 2, widths[part], height)
            x += widths[part] + self.spacing()


class Primary(WayButton):
    """The next action: one on a page, full width, verb first."""

    style = StringProperty("primary")
    role = StringProperty("button")
    tall = StringProperty("primary")
    icon_after = StringProperty("arrow-right")


class Secondary(WayButton):
    """Another way."""


class Slim(WayButton):
    """Another way, lower."""

    role = StringProperty("slim")
    tall = StringProperty("slim")


__all__ = ["STYLES", "Box", "Column", "Primary", "Secondary", "Slim", "Style", "Touch", "WayButton"]
