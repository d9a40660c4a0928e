"""Cards, notes, pills and badges: what has no ledge and cannot be touched."""

from __future__ import annotations

from kivy.graphics import Color, Rectangle
from kivy.properties import BooleanProperty, DictProperty, StringProperty

from screens.layout import Column, Row
from screens.parts.panel import Panel
from screens.theme import theme
from screens.words import Icon, Words


class Ground(Column):
    """A column on a ground of its own: a rounded rectangle with or without a border."""

    fill = StringProperty("surface")
    edge = StringProperty("line")
    border = StringProperty("")
    radius = StringProperty("radius_l")
    corners = StringProperty("all")
    """Which corners are round: all, above, below, none."""

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._panel = Panel()
        self.canvas.before.add(self._panel.group)
        for kind in ("fill", "edge"):
            self.fbind(kind, self._paint)

    def draw(self) -> None:
        """Border and face."""
        radius = theme.size(self.radius)
        above = radius if self.corners in ("all", "above") else 0.1
        below = radius if self.corners in ("all", "below") else 0.1
        border = theme.size(self.border) if self.border else 0.0
        if not border and theme.contrast and self.corners == "all" and self.fill != "primary":
            border = theme.size("border_card")  # without colours, a border alone tells a card from its ground
        # A band at the top or bottom of a card leaves the card's own border free.
        inset = theme.size("border_card") if self.corners != "all" else 0.0
        x, y, width, height = *self.pos, *self.size
        self._panel.move(
            x + inset, y + inset, width - 2 * inset, height - 2 * inset, [above, above, below, below], border
        )
        self._paint()

    def _paint(self, *_: object) -> None:
        self._panel.paint(theme.colour(self.edge), theme.colour(self.fill))

    def restyle(self) -> None:
        """Colours again."""
        super().restyle()
        self._paint()


class Card(Ground):
    """Facts that belong together."""

    border = StringProperty("border_card")


class Rule(Column):
    """A hairline between rows of a card."""

    tall = StringProperty("border_card")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._paint, self._line = Color(), Rectangle(size=(0, 0))
        self.canvas.add(self._paint)
        self.canvas.add(self._line)

    def draw(self) -> None:
        """2 px."""
        self._line.pos, self._line.size = (round(self.x), round(self.y)), (self.width, max(1, round(self.height)))
        self._paint.rgba = theme.colour("line")

    def restyle(self) -> None:
        """Colour again."""
        self._paint.rgba = theme.colour("line")


class Badge(Ground):
    """An icon on a tile of soft colour."""

    icon = StringProperty("")
    across = StringProperty("tile_icon")
    icon_size = StringProperty("icon")
    filled = BooleanProperty(False)
    fill = StringProperty("soft")
    ink = StringProperty("primary")
    radius = StringProperty("radius_m")
    corners = StringProperty("all")
    round = BooleanProperty(False)
    ringed = BooleanProperty(False)
    """A ring instead of a filled disc: still to come."""

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._icon = Icon()
        self.add_widget(self._icon)
        for kind in ("icon", "icon_size", "ink", "filled"):
            self.fbind(kind, self._fill)
        self._fill()

    def _fill(self, *_: object) -> None:
        self._icon.icon, self._icon.across = self.icon, self.icon_size
        self._icon.ink, self._icon.filled = self.ink, self.filled
        self._icon.hidden = not self.icon

    def natural(self, room: float) -> float:
        """Square."""
        return theme.size(self.across)

    def fit(self, width: float) -> float:
        """Square."""
        return theme.size(self.across)

    def arrange(self) -> None:
        """The icon in the middle; it may be smaller than the tile only."""
        size = min(theme.size(self.icon_size), self.width)
        self._icon.place(self.center_x - size / 2, self.center_y - size / 2, size, size)

    def draw(self) -> None:
        """A tile, or a disc."""
        radius = self.width / 2 if self.round else theme.size(self.radius)
        self._panel.move(*self.pos, *self.size, [radius] * 4, 5 * theme.scale if self.ringed else 0)
        self._paint()


class Note(Ground):
    """One remark with its icon, on a ground that says what kind it is: plain, ok, warn, bad, info."""

    kind = StringProperty("plain")
    icon = StringProperty("")
    filled = BooleanProperty(False)
    icon_size = StringProperty("icon_note")
    title = StringProperty("")
    """A bold line above, in the colour of the note's kind."""
    message = StringProperty("")
    args = DictProperty({})
    role = StringProperty("note")
    weight = StringProperty("")
    text_ink = StringProperty("ink")
    radius = StringProperty("radius_m")
    pad_x = StringProperty("pad_note")
    pad_y = StringProperty("gap")

    GROUNDS = {  # noqa: RUF012
        "plain": ("note", "ink"),
        "ok": ("ok_soft", "ok"),
        "warn": ("nghe_soft", "nghe_ink"),
        "bad": ("bad_soft", "bad"),
        "info": ("info_soft", "info"),
        "act": ("act", "on_act"),
        "demo": ("demo", "on_demo"),
    }

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._icon, self._title, self._words = Icon(), Words(role="row"), Words()
        self._row, lines = Row(gap="gap"), Column(flex=1)
        lines.add_widget(self._title)
        lines.add_widget(self._words)
        self._row.add_widget(self._icon)
        self._row.add_widget(lines)
        self.add_widget(self._row)
        self.fbind("title", self._fill)
        for kind in ("kind", "icon", "filled", "icon_size", "message", "args", "role", "weight", "text_ink"):
            self.fbind(kind, self._fill)
        self._fill()

    def _fill(self, *_: object) -> None:
        self.fill, ink = self.GROUNDS[self.kind]
        self._icon.icon, self._icon.filled, self._icon.across, self._icon.ink = (
            self.icon,
            self.filled,
            self.icon_size,
            ink,
        )
        self._icon.hidden = not self.icon
        self._title.message, self._title.args, self._title.hidden = self.title, {}, not self.title
        self._title.ink = ink
        self._words.message, self._words.args, self._words.hidden = self.message, self.args, not self.message
        self._words.role, self._words.weight = self.role, self.weight
        self._words.ink = ink if self.kind in ("act", "demo") else self.text_ink
        self.changed()


class Pill(Row):
    """A short state: an icon and a word or two."""

    kind = StringProperty("ok")
    icon = StringProperty("")
    filled = BooleanProperty(True)
    message = StringProperty("")
    args = DictProperty({})
    role = StringProperty("small")
    weight = StringProperty("semibold")
    pad_x = StringProperty("gap")
    pad_y = StringProperty("hair")
    gap = StringProperty("inner")

    GROUNDS = Note.GROUNDS | {"soft": ("soft", "primary")}

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._panel = Panel()
        self.canvas.before.add(self._panel.group)
        self._icon, self._words = Icon(across="bar"), Words()
        self.add_widget(self._icon)
        self.add_widget(self._words)
        for kind in ("kind", "icon", "filled", "message", "args", "role", "weight"):
            self.fbind(kind, self._fill)
        self._fill()

    def _fill(self, *_: object) -> None:
        ink = self.GROUNDS[self.kind][1]
        self._icon.icon, self._icon.filled, self._icon.ink, self._icon.hidden = (
            self.icon,
            self.filled,
            ink,
            not self.icon,
        )
        self._words.message, self._words.args, self._words.ink = self.message, self.args, ink
        self._words.role, self._words.weight = self.role, self.weight
        self.changed()

    def draw(self) -> None:
        """Round ends."""
        border = theme.size("border_card") if theme.contrast else 0
        self._panel.move(*self.pos, *self.size, [self.height / 2] * 4, border)
        self._paint()

    def _paint(self) -> None:
        fill, ink = self.GROUNDS[self.kind]
        self._panel.paint(theme.colour(ink), theme.colour(fill))

    def restyle(self) -> None:
        """Colours again."""
        super().restyle()
        self._paint()


class Fact(Row):
    """A label and its value at the right: a row of a card. A value too long for its side goes below the label."""

    label = StringProperty("")
    label_args = DictProperty({})
    label_text = StringProperty("")
    """The label in words of the place's own, where it is no message."""
    message = StringProperty("")
    args = DictProperty({})
    value = StringProperty("")
    value_role = StringProperty("body")
    value_weight = StringProperty("semibold")
    value_ink = StringProperty("ink")
    label_role = StringProperty("body")
    label_ink = StringProperty("ink2")
    icon = StringProperty("")
    gap = StringProperty("gap")
    pad_y = StringProperty("pad_row")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._label, self._value = Words(), Words(align="right")
        self._icon = Icon(across="bar", filled=True)
        for part in (self._label, self._icon, self._value):
            self.add_widget(part)
        for kind in ("label", "message", "args", "value", "value_role", "value_weight", "value_ink", "icon"):
            self.fbind(kind, self._fill)
        for kind in ("label_role", "label_ink", "label_args", "label_text"):
            self.fbind(kind, self._fill)
        self._fill()

    def _fill(self, *_: object) -> None:
        self._label.message, self._label.ink, self._label.role = self.label, self.label_ink, self.label_role
        self._label.args, self._label.text = self.label_args, self.label_text
        self._label.weight = "bold" if self.label_role != "body" else ""
        self._value.message, self._value.args, self._value.text = self.message, self.args, self.value
        self._value.role, self._value.weight, self._value.ink = self.value_role, self.value_weight, self.value_ink
        self._icon.icon, self._icon.ink, self._icon.hidden = self.icon, self.value_ink, not self.icon
        self.changed()

    def _parts(self, width: float) -> tuple[float, float, float, bool]:
        """Widths of label, icon with its gap, value; and whether the value goes below."""
        label = self._label.natural(width)
        icon = theme.size("bar") + theme.size("inner") if self.icon else 0.0
        beside = width - label - icon - self.spacing()
        whole = self._value.natural(width - icon)
        below = whole > beside and beside < width / 2
        return label, icon, min(whole, width - icon if below else beside), below

    def fit(self, width: float) -> float:
        """One line, or the value below its label."""
        label, _, value, below = self._parts(width)
        _, above, under = self.pads()
        heights = (self._label.fit(label), self._value.fit(value))
        return (sum(heights) if below else max(heights)) + above + under

    def arrange(self) -> None:
        """Label at the left, value at the right."""
        label, icon, value, below = self._parts(self.width)
        _, above, under = self.pads()
        tall_label, tall_value = self._label.fit(label), self._value.fit(value)
        room = self.height - above - under
        label_y = self.top - above - tall_label if below else self.y + under + (room - tall_label) / 2
        value_y = self.y + under if below else self.y + under + (room - tall_value) / 2
        self._label.place(self.x, label_y, label, tall_label)
        self._value.place(self.right - value, value_y, value, tall_value)
        if self.icon:
            size = theme.size("bar")
            self._icon.place(self.right - value - icon, value_y + (tall_value - size) / 2, size, size)
