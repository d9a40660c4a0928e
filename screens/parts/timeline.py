"""A timeline: what came, where it is now, what comes next, on one line from disc to disc."""

from __future__ import annotations

from kivy.graphics import Color, Rectangle
from kivy.properties import BooleanProperty, DictProperty, StringProperty

from screens.layout import Column, Row
from screens.parts.cards import Badge, Ground
from screens.theme import theme
from screens.words import Words

DISCS = {"done": ("check", "primary", "on_primary"), "now": ("hourglass-medium", "nghe", "on_nghe")}
"""Icon, face and ink; what comes next is a ring."""


class TimelineRow(Ground):
    """One status: its disc, its word, a second line. Rows of one timeline touch, so that their lines meet."""

    mark = StringProperty("next")
    message = StringProperty("")
    hint = StringProperty("")
    hint_args = DictProperty({})
    first = BooleanProperty(False)
    last = BooleanProperty(False)
    came = BooleanProperty(False)
    """The line to the next one is behind us."""
    pad_x = StringProperty("pad")
    radius = StringProperty("radius_m")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._colours = (Color(), Color())
        self._lines = (Rectangle(size=(0, 0)), Rectangle(size=(0, 0)))
        for colour, line in zip(self._colours, self._lines, strict=True):
            self.canvas.add(colour)
            self.canvas.add(line)
        self._disc = Badge(across="check", icon_size="icon_note", round=True)
        self._word = Words(message=self.message, role="row")
        self._hint = Words(message=self.hint, args=self.hint_args, role="small", ink="ink2", hidden=not self.hint)
        self._words = Ground(fill="surface", radius="radius_m", pad_x="inner", pad_y="hair")
        self._words.flex = 1
        self._words.add_widget(self._word)
        self._words.add_widget(self._hint)
        row = Row(gap="gap", pad_y="hair")
        row.add_widget(self._disc)
        row.add_widget(self._words)
        column = Column()
        column.add_widget(row)
        self.add_widget(column)
        self.corners = "all" if self.first and self.last else "above" if self.first else "below" if self.last else ""
        self._dress()

    def _dress(self) -> None:
        icon, face, ink = DISCS.get(self.mark, ("", "surface", "ink2"))
        self._disc.icon, self._disc.fill, self._disc.ink = icon, face, ink
        self._disc.ringed, self._disc.edge = not icon, "edge"
        if self.mark == "now":
            self._words.fill = "nghe_soft"
        self._word.weight = "bold" if self.mark == "now" else "medium" if self.mark == "next" else ""

    def draw(self) -> None:
        """The line above the disc and the line below it."""
        super().draw()
        wide = max(1, round(theme.size("hair")))
        x = round(self._disc.center_x - wide / 2)
        above = 0 if self.first else max(0, self.top - self._disc.top)
        below = 0 if self.last else max(0, self._disc.y - self.y)
        self._lines[0].pos, self._lines[0].size = (x, self._disc.top), (wide, above)
        self._lines[1].pos, self._lines[1].size = (x, self.y), (wide, below)
        self._tint()

    def _tint(self) -> None:
        self._colours[0].rgba = theme.colour("line" if self.mark == "next" else "primary")
        self._colours[1].rgba = theme.colour("primary" if self.came else "line")

    def restyle(self) -> None:
        """Colours again."""
        super().restyle()
        self._tint()
