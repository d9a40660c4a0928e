"""The bars around every page: place and clock, tools, and the ways back with the time left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from kivy.clock import Clock
from kivy.graphics import Color, Rectangle
from kivy.properties import BooleanProperty, DictProperty, NumericProperty, StringProperty

from screens.layout import Box, Column, Row
from screens.parts.cards import Badge, Pill
from screens.parts.rings import Ring
from screens.parts.touch import Touch, WayButton
from screens.site import SiteFacts
from screens.theme import theme
from screens.words import Icon, Words
from services.messages import tr


class Bar(Box):
    """A ground over the whole width, with a hairline on one side."""

    fill = StringProperty("surface")
    line_above = BooleanProperty(False)

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._paint, self._line_paint = Color(), Color()
        self._ground, self._line = Rectangle(size=(0, 0)), Rectangle(size=(0, 0))
        for part in (self._paint, self._ground, self._line_paint, self._line):
            self.canvas.before.add(part)

    def draw(self) -> None:
        """Ground and line."""
        thick = theme.size("border_card") * (2 if theme.contrast else 1)
        self._ground.pos, self._ground.size = self.pos, self.size
        self._line.pos = (self.x, self.top - thick if self.line_above else self.y)
        self._line.size = (self.width, thick)
        self._paint_all()

    def _paint_all(self) -> None:
        self._paint.rgba = theme.colour(self.fill)
        self._line_paint.rgba = theme.colour("line" if self.fill == "surface" else self.fill)

    def restyle(self) -> None:
        """Colours again."""
        super().restyle()
        self._paint_all()


class SiteWords(Words):
    """A fact of the place, in the person's language."""

    def __init__(self, say: Callable[[str], str], **values: object) -> None:
        self._say = say
        super().__init__(**values)

    def said(self) -> str:
        """The fact."""
        return self._say(theme.language)


class PlaceNames(Column):
    """Place and kiosk; a very long name of the place takes both lines."""

    def __init__(self, place: Words, kiosk: Words, helper: Pill, **values: object) -> None:
        self._place, self._kiosk, self._helper = place, kiosk, helper
        super().__init__(**values)
        for part in (place, kiosk, helper):
            self.add_widget(part)

    def fit(self, width: float) -> float:
        """Two lines at most; who helps here stands in place of the kiosk's own name."""
        self._place.role, self._place.weight, self._place.lines = "place", "", 1
        self._place.dropped = False
        if self._helper.shown:
            # A very long name of the place gives way to who helps here.
            self._kiosk.dropped = True
            self._place.dropped = alone = self._place.lines_at(width) > 1
            self._helper.pad_y = "inner" if alone else "zero"
        elif self._place.lines_at(width) > 1:
            self._place.role, self._place.weight, self._place.lines = "kiosk", "bold", 2
            self._kiosk.dropped = True
        else:
            self._kiosk.dropped = False
        return super().fit(width)


class PlaceBar(Bar):
    """Logo, place, kiosk, clock and date. The clock is redrawn once a minute."""

    def __init__(self, site: SiteFacts, now: Callable[[], datetime], **values: object) -> None:
        super().__init__(**values)
        self._now = now
        self._logo = Badge(
            icon="bank" if site.one_stop else "hospital", across="icon_status", fill="primary", ink="on_primary"
        )
        self._logo.filled = True
        self._place = SiteWords(site.name, role="place", lines=1)
        self._kiosk = SiteWords(site.kiosk_name, role="kiosk", lines=1)
        self._clock = Words(role="clock", align="right")
        self._helper = Pill(kind="act", message="bar.assisted", role="kiosk", pad_y="zero", hidden=True)
        self._date = SiteWords(self._day, role="timer_label", align="right")
        names, times = PlaceNames(self._place, self._kiosk, self._helper, flex=1), Column()
        for part in (self._clock, self._date):
            times.add_widget(part)
        self._row = Row(gap="pad_row", pad_x="margin")
        for part in (self._logo, names, times):
            self._row.add_widget(part)
        self.add_widget(self._row)
        self._tick(0)

    def assisted(self, name: str, until: str) -> None:
        """Who helps here, and until when."""
        self._helper.args, self._helper.hidden = {"name": name, "until": until}, not name

    def _day(self, language: str) -> str:
        today = self._now()
        return f"{tr(f'weekday.{today.isoweekday()}', language)}, {today:%d/%m}"

    def _tick(self, _seconds: float) -> None:
        now = self._now()
        self._clock.text = f"{now:%H:%M}"
        self._next = Clock.schedule_once(self._tick, 60.5 - now.second - now.microsecond / 1e6)

    def close(self) -> None:
        """The clock stops."""
        self._next.cancel()

    def arrange(self) -> None:
        """One row of 80 px; the whole height with low reach."""
        tall = theme.size("icon_status")
        y = self.y + (self.height - tall) / 2 if theme.low else self.top - tall - theme.size("gap")
        self._row.place(self.x, y, self.width, tall)

    def restyle(self) -> None:
        """With low reach the bar is a part of the deep upper half."""
        deep = theme.low and not theme.contrast
        self.fill = "press" if deep else "surface"
        for words in (self._place, self._kiosk, self._clock, self._date):
            second = words is self._kiosk or words is self._date
            words.ink = "on_press" if deep else ("ink2" if second else "ink")
        self._logo.icon = "bank" if theme.one_stop else "hospital"
        self._logo.fill = "surface" if deep or theme.contrast else "primary"
        self._logo.ink = "primary" if deep else ("ink" if theme.contrast else "on_primary")
        super().restyle()


class Tool(Touch):
    """An icon above a word; a switch that is on carries a tick beside its icon."""

    message = StringProperty("")
    args = DictProperty({})
    icon = StringProperty("")
    on = BooleanProperty(False)
    tall = StringProperty("tool")
    ledge = StringProperty("ledge_small")
    border = StringProperty("border_small")
    radius = StringProperty("radius_m")
    idle = StringProperty("plain")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._icon, self._tick = Icon(across="bar", follows=True), Icon(across="bar", follows=True, icon="check")
        self._words = Words(role="tool", align="center", follows=True, lines=1)
        for part in (self._icon, self._tick, self._words):
            self.add_widget(part)
        for kind in ("message", "args", "icon", "on", "idle"):
            self.fbind(kind, self._fill)
        self._fill()

    def _fill(self, *_: object) -> None:
        self._icon.icon = self.icon
        self._words.message, self._words.args = self.message, self.args
        self._tick.hidden = not self.on
        self.style = "on" if self.on else self.idle
        self.changed()

    def natural(self, room: float) -> float:
        """The word and little more."""
        return max(theme.size(self.wide) if self.wide else 0, self._words.natural(room) + 2 * theme.size("radius_s"))

    def arrange(self) -> None:
        """Icon (and tick) above, word below."""
        ledge, small = theme.size(self.ledge), theme.size("bar")
        face = self.height - ledge
        words = self._words.fit(self.width)
        y = self.y + ledge + (face - small - words) / 2
        inner = self.width - theme.size("radius_s")
        self._words.place(self.x + theme.size("radius_s") / 2, y, inner, words)
        icons = [icon for icon in (self._icon, self._tick) if icon.shown]
        gap = theme.size("hair")
        x = self.center_x - (len(icons) * small + (len(icons) - 1) * gap) / 2
        for icon in icons:
            icon.place(x, y + words, small, small)
            x += small + gap


class ToolRow(Box):
    """Tools beside each other, as wide as their words ask and a share of what is left."""

    def fit(self, width: float) -> float:
        """The tools' height."""
        return max((kid.fit(width) for kid in self.kids() if kid.shown), default=0.0)

    def arrange(self) -> None:
        """From the left."""
        kids = [kid for kid in self.kids() if kid.shown]
        widths = [kid.natural(self.width) for kid in kids]
        # Six tools stand here with low reach: 22 px is the least gap (LOOK.md section 4).
        gap = theme.size("gap") if len(kids) < 6 else theme.size("gap") - 2 * theme.scale
        spare = (self.width - sum(widths) - gap * (len(kids) - 1)) / max(1, len(kids))
        x = self.x
        for kid, width in zip(kids, widths, strict=True):
            kid.place(x, self.y, width + spare, self.height)
            x += width + spare + gap


class Nav(WayButton):
    """A way back in the bottom bar."""

    style = StringProperty("plain")
    role = StringProperty("nav")
    tall = StringProperty("nav")
    radius = StringProperty("radius_m")
    icon_size = StringProperty("bar")
    gap = StringProperty("radius_s")
    pad_x = StringProperty("pad_row")


class NavTwo(Nav):
    """The smaller one, with two lines."""

    role = StringProperty("nav_two")
    ledge = StringProperty("ledge_small")
    border = StringProperty("border_small")
    two_lines = BooleanProperty(True)
    pad_x = StringProperty("radius_s")


class Timer(Row):
    """The ring and the time left; it steps once a second."""

    message = StringProperty("bar.left")
    seconds = NumericProperty(0)
    total = NumericProperty(1)
    gap = StringProperty("inner")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._ring = Ring()
        self._label = Words(role="timer_label", ink="ink2")
        self._time = Words(role="timer")
        times = Column()
        times.add_widget(self._label)
        times.add_widget(self._time)
        self.add_widget(self._ring)
        self.add_widget(times)
        for kind in ("message", "seconds", "total"):
            self.fbind(kind, self._fill)
        self._fill()

    def _fill(self, *_: object) -> None:
        self._label.message = self.message
        seconds = max(0, round(self.seconds))
        self._time.text = f"{seconds // 60}:{seconds % 60:02d}"
        self._ring.share = self.seconds / self.total if self.total else 0


class Bottom(Bar):
    """Ways back at the left, time left at the right. Its height is fixed: what changes in it moves nothing else."""

    line_above = BooleanProperty(True)
    spread = BooleanProperty(False)
    """The start page: its three buttons share the width."""

    def __init__(self, **values: object) -> None:
        self._again = Clock.create_trigger(lambda _seconds: self.place(*self.pos, *self.size), -1)
        super().__init__(**values)

    def changed(self, *_: object) -> None:
        """The ring appears, a button goes: only this bar is laid out again."""
        if self.height > 0:
            self._again()

    def arrange(self) -> None:
        """From the left; the timer ends at the right margin."""
        margin, gap = theme.size("margin"), theme.size("gap")
        top = self.top - theme.size("block")
        kids = [kid for kid in self.kids() if kid.shown]
        room = self.width - 2 * margin
        timer = next((kid for kid in kids if isinstance(kid, Timer)), None)
        ways = [kid for kid in kids if kid is not timer]
        taken = timer.natural(room) + gap if timer else 0.0
        widths = [kid.natural(room) for kid in ways]
        left = room - taken - sum(widths) - gap * max(0, len(ways) - 1)
        if self.spread or left < 0:
            # Too little room (English): all become a little narrower, and their words set smaller or in two lines.
            widths = [width + left / len(ways) for width in widths]
        x = self.x + margin
        for kid, width in zip(ways, widths, strict=True):
            height = kid.fit(width)
            kid.place(x, top - height, width, height)
            x += width + gap
        if timer is not None:
            width, height = timer.natural(room), timer.fit(room)
            timer.place(self.right - margin - width, top - theme.size("nav") / 2 - height / 2, width, height)
