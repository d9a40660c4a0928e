"""Boxes that lay themselves out at once, top down, without Kivy's delayed passes: one frame shows a finished page.

A box knows how tall it is at a width (`fit`) and takes a place (`place`, window pixels, y from the bottom). A column
that has too little room first narrows its gaps, then leaves out what is marked `optional`, the highest number first.
"""

from __future__ import annotations

from collections.abc import Iterator

from kivy.input import MotionEvent
from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.widget import Widget

from screens.theme import theme


class Box(Widget):
    """Anything with a place on a page."""

    name = StringProperty("")
    """Name of a touchable in the focus order of its prompt."""
    hidden = BooleanProperty(False)
    dropped = BooleanProperty(False)
    """Left out by a column with too little room."""
    optional = NumericProperty(0)
    flex = NumericProperty(0)
    """Share of what is left: of the width in a row, of the height in a column."""
    before = StringProperty("")
    """Token of the gap above (in a column) instead of the column's own."""
    wide = StringProperty("")
    """Token of a fixed width."""
    tall = StringProperty("")
    """Token of a smallest height."""
    ink = StringProperty("ink")
    """Colour token of what is written here."""
    follows = BooleanProperty(False)
    """Whether that colour follows the style of the touchable it stands in."""

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self.size_hint = (None, None)
        for kind in ("hidden", "dropped"):
            self.fbind(kind, self._veil)
        self.fbind("hidden", self.changed)
        self._veil()

    @property
    def shown(self) -> bool:
        """Whether it is drawn and touchable."""
        return not self.hidden and not self.dropped

    def _veil(self, *_: object) -> None:
        """What is not shown is not drawn."""
        self.opacity = 1 if self.shown else 0

    def kids(self) -> list[Box]:
        """Children in reading order."""
        return [kid for kid in reversed(self.children) if isinstance(kid, Box)]

    @property
    def touchable(self) -> bool:
        """Whether something in it can be touched."""
        return any(kid.touchable for kid in self.kids() if not kid.hidden)

    def each(self) -> Iterator[Box]:
        """This box and every box in it that is shown."""
        if not self.shown:
            return
        yield self
        for kid in self.kids():
            yield from kid.each()

    def changed(self, *_: object) -> None:
        """Something that needs a new layout happened; the page hears it once a frame."""
        # A loop, not a recursion: a page under construction hears this some hundred times.
        parent = self.parent
        while isinstance(parent, Box):
            if type(parent).changed is not Box.changed:
                parent.changed()
                return
            parent = parent.parent

    def restyle(self) -> None:
        """The theme changed: take colours again."""
        for kid in self.kids():
            kid.restyle()

    def natural(self, room: float) -> float:
        """Width it would like, at most `room`."""
        return theme.size(self.wide) if self.wide else room

    def fit(self, width: float) -> float:
        """Height it needs at `width`."""
        return theme.size(self.tall) if self.tall else 0.0

    def reach(self, width: float) -> float:
        """From its bottom to the top of the highest touchable in it."""
        return self.fit(width)

    def place(self, x: float, y: float, width: float, height: float) -> None:
        """Take a rectangle."""
        self.pos, self.size = (x, y), (width, height)
        self.arrange()
        self.draw()

    def arrange(self) -> None:
        """Place the children."""

    def draw(self) -> None:
        """Update the canvas to the place."""

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """What is not shown is not touched."""
        return bool(self.shown and super().on_touch_down(touch))


class Space(Box):
    """Room between what stands above and what stands at the bottom."""

    flex = NumericProperty(1)


class Padded(Box):
    """A box with padding, by tokens."""

    pad_x = StringProperty("")
    pad_y = StringProperty("")
    pad_bottom = StringProperty("")
    gap = StringProperty("")

    def pads(self) -> tuple[float, float, float]:
        """Padding at the sides, above and below."""
        sides = theme.size(self.pad_x) if self.pad_x else 0.0
        above = theme.size(self.pad_y) if self.pad_y else 0.0
        return sides, above, theme.size(self.pad_bottom) if self.pad_bottom else above

    def spacing(self) -> float:
        """The gap between children."""
        return theme.size(self.gap) if self.gap else 0.0


class Column(Padded):
    """Children below each other, as wide as the column."""

    squeezes = BooleanProperty(False)
    """Whether gaps may narrow and optional children may go when there is too little room."""
    centred = BooleanProperty(False)
    """Children with a natural width stand in the middle."""

    def _gaps(self, kids: list[Box], most: float | None = None) -> list[float]:
        gaps = [theme.size(kid.before) if kid.before else self.spacing() for kid in kids]
        if gaps:
            gaps[0] = 0.0
        for number, kid in enumerate(kids):
            if number and isinstance(kid, Space):
                gaps[number] = 0.0
        least = theme.size("gap")  # between two that can be touched, however little room there is
        for number, kid in enumerate(kids[1:], 1):
            gap = gaps[number] if most is None else min(gaps[number], most)
            before = kids[number - 1]
            near = kid.touchable and (before.touchable or (isinstance(before, Space) and kids[number - 2].touchable))
            gaps[number] = max(gap, least) if self.squeezes and near else gap
        return gaps

    def natural(self, room: float) -> float:
        """As wide as the widest child."""
        if self.wide:
            return theme.size(self.wide)
        sides = 2 * self.pads()[0]
        widths = [kid.natural(room - sides) for kid in self.kids() if kid.shown]
        return min(room, max(widths, default=0.0) + sides)

    def least(self, width: float) -> float:
        """Height without what is optional, with the narrowest gaps."""
        sides, above, below = self.pads()
        kids = [kid for kid in self._order(self.kids()) if not kid.hidden and not kid.optional]
        return (
            sum(kid.fit(width - 2 * sides) for kid in kids) + sum(self._gaps(kids, theme.size("inner"))) + above + below
        )

    def reach(self, width: float) -> float:
        """From the bottom to the top of the highest touchable."""
        sides, _, below = self.pads()
        kids = [kid for kid in self._order(self.kids()) if not kid.hidden]
        first = next((number for number, kid in enumerate(kids) if kid.touchable), len(kids))
        if first == len(kids):
            return 0.0
        inner, gaps = width - 2 * sides, self._gaps(kids)
        lower = sum(kid.fit(inner) for kid in kids[first + 1 :]) + sum(gaps[first + 1 :])
        return kids[first].reach(inner) + lower + below

    def fit(self, width: float) -> float:
        """Children, gaps and padding."""
        sides, above, below = self.pads()
        kids = [kid for kid in self.kids() if not kid.hidden and (self.squeezes or not kid.dropped)]
        need = sum(kid.fit(width - 2 * sides) for kid in kids) + sum(self._gaps(kids)) + above + below
        return max(need, super().fit(width))

    def arrange(self) -> None:
        """Top down; what is left goes to the children with `flex`."""
        sides, above, below = self.pads()
        width, room = self.width - 2 * sides, self.height - above - below
        every = self.kids()
        for kid in every:
            if kid.dropped and self.squeezes:
                kid.dropped = False
        kids = self._order([kid for kid in every if kid.shown])
        heights = {kid: kid.fit(width) for kid in kids}
        gaps = self._gaps(kids)
        if self.squeezes:
            kids, gaps = self._squeeze(kids, heights, gaps, room)
        left = room - sum(heights[kid] for kid in kids) - sum(gaps)
        shares = sum(kid.flex for kid in kids)
        y = self.top - above
        if not shares and left > 0 and self.tall:
            y -= left / 2
        for kid, gap in zip(kids, gaps, strict=True):
            height = heights[kid] + (max(left, 0.0) * kid.flex / shares if shares and kid.flex else 0.0)
            y -= gap + height
            mine = kid.natural(width) if self.centred else width
            kid.place(self.x + sides + (width - mine) / 2, y, mine, height)

    def _order(self, kids: list[Box]) -> list[Box]:
        """With low reach what can be touched stands below what can only be read."""
        if not (self.squeezes and theme.low):
            return kids
        reading = [kid for kid in kids if not kid.touchable and not isinstance(kid, Space)]
        return [*reading, *(kid for kid in kids if isinstance(kid, Space)), *(kid for kid in kids if kid.touchable)]

    def _squeeze(
        self, kids: list[Box], heights: dict[Box, float], gaps: list[float], room: float
    ) -> tuple[list[Box], list[float]]:
        """Narrow the gaps, then leave out optional children until the rest fits."""
        while sum(heights[kid] for kid in kids) + sum(gaps) > room + 0.5:
            for most in ("gap", "inner"):
                gaps = self._gaps(kids, theme.size(most))
                if sum(heights[kid] for kid in kids) + sum(gaps) <= room + 0.5:
                    return kids, gaps
            spare = max((kid for kid in kids if kid.optional), key=lambda kid: kid.optional, default=None)
            if spare is None:
                break
            spare.dropped = True
            kids = [kid for kid in kids if kid is not spare]
            gaps = self._gaps(kids)
        return kids, gaps


class Row(Padded):
    """Children beside each other; those with `flex` share the width that is left."""

    top_aligned = BooleanProperty(False)
    even = BooleanProperty(False)
    """All children as tall as the tallest."""

    def _widths(self, width: float) -> dict[Box, float]:
        kids = [kid for kid in self.kids() if kid.shown]
        room = width - 2 * self.pads()[0] - self.spacing() * max(0, len(kids) - 1)
        fixed = {kid: kid.natural(room) for kid in kids if not kid.flex}
        left = max(0.0, room - sum(fixed.values()))
        shares = sum(kid.flex for kid in kids) or 1
        return {kid: fixed[kid] if kid in fixed else left * kid.flex / shares for kid in kids}

    def natural(self, room: float) -> float:
        """Children, gaps and padding; the whole room when a child has a share."""
        if self.wide:
            return theme.size(self.wide)
        kids = [kid for kid in self.kids() if kid.shown]
        if any(kid.flex for kid in kids):
            return room
        sides = 2 * self.pads()[0] + self.spacing() * max(0, len(kids) - 1)
        return min(room, sum(kid.natural(room - sides) for kid in kids) + sides)

    def fit(self, width: float) -> float:
        """The tallest child."""
        _, above, below = self.pads()
        heights = [kid.fit(wide) for kid, wide in self._widths(width).items()]
        return max(max(heights, default=0.0) + above + below, super().fit(width))

    def arrange(self) -> None:
        """From the left."""
        sides, above, below = self.pads()
        room = self.height - above - below
        x = self.x + sides
        for kid, width in self._widths(self.width).items():
            height = room if self.even else min(room, kid.fit(width))
            y = self.top - above - height if self.top_aligned else self.y + below + (room - height) / 2
            kid.place(x, y, width, height)
            x += width + self.spacing()


class Grid(Padded):
    """Equal cells; one column with larger text, unless `steady`."""

    columns = NumericProperty(2)
    steady = BooleanProperty(False)
    apart = StringProperty("")
    """Between columns, where that is more than between rows."""

    def across(self) -> int:
        """Cells in a row now."""
        return 1 if theme.larger and not self.steady else int(self.columns)

    def rows(self) -> list[list[Box]]:
        """Cells, row by row."""
        kids = [kid for kid in self.kids() if kid.shown]
        across = self.across()
        return [kids[start : start + across] for start in range(0, len(kids), across)]

    def _between(self) -> float:
        return theme.size(self.apart) if self.apart else self.spacing()

    def _cell(self, width: float) -> float:
        across = self.across()
        return (width - self._between() * (across - 1)) / across

    def _heights(self, width: float) -> list[float]:
        return [max(kid.fit(self._cell(width)) for kid in row) for row in self.rows()]

    def fit(self, width: float) -> float:
        """Rows and gaps."""
        heights = self._heights(width)
        return sum(heights) + self.spacing() * max(0, len(heights) - 1)

    def arrange(self) -> None:
        """Row by row."""
        cell, y = self._cell(self.width), self.top
        for row, height in zip(self.rows(), self._heights(self.width), strict=True):
            y -= height
            for number, kid in enumerate(row):
                kid.place(self.x + number * (cell + self._between()), y, cell, height)
            y -= self.spacing()


def window_box(box: Box) -> tuple[float, float, float, float]:
    """x, y, width and height of a box in the window."""
    x, y = box.to_window(*box.pos)
    return x, y, box.width, box.height
