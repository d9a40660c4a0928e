"""Choices: tiles and rows that can be touched, and lists that turn pages instead of scrolling."""

from __future__ import annotations

from collections.abc import Sequence

from kivy.properties import DictProperty, NumericProperty, StringProperty

from screens.layout import Box, Column, Grid, Row, Space
from screens.parts.cards import Badge
from screens.parts.touch import Primary, Secondary, Touch
from screens.theme import theme
from screens.words import Icon, Words


class Choice(Touch):
    """A row over the whole width: icon tile, heading with a second line, arrow."""

    message = StringProperty("")
    args = DictProperty({})
    hint = StringProperty("")
    icon = StringProperty("")
    tile = StringProperty("tile_icon_large")
    icon_size = StringProperty("icon_large")
    heading = StringProperty("h2")
    tall = StringProperty("tile_huge")
    pad_x = StringProperty("pad")
    pad_y = StringProperty("inner")
    gap = StringProperty("block")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._badge = Badge()
        self._heading, self._hint = Words(), Words(role="small", ink="ink2")
        self._arrow = Icon(icon="caret-right", ink="primary")
        words = Column(flex=1)
        words.add_widget(self._heading)
        words.add_widget(self._hint)
        for part in (self._badge, words, self._arrow):
            self.add_widget(part)
        for kind in ("message", "args", "hint", "icon", "tile", "icon_size", "heading"):
            self.fbind(kind, self._fill)
        self._fill()

    def _fill(self, *_: object) -> None:
        self._badge.icon, self._badge.across, self._badge.icon_size = self.icon, self.tile, self.icon_size
        self._badge.hidden = not self.icon
        self._heading.message, self._heading.args, self._heading.role = self.message, self.args, self.heading
        self._hint.message, self._hint.hidden = self.hint, not self.hint
        self.changed()

    def fit(self, width: float) -> float:
        """With larger text and low reach there is no room for second lines."""
        hidden = not self.hint or (theme.low and theme.larger)
        if self._hint.hidden != hidden:
            self._hint.hidden = hidden
        return super().fit(width)


class NumberedWords(Row):
    """A numbered sentence."""

    number = NumericProperty(1)
    message = StringProperty("")
    args = DictProperty({})
    gap = StringProperty("inner")
    role = StringProperty("note")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self.top_aligned = True
        self._disc = NumberDisc()
        self._words = Words(flex=1)
        self.add_widget(self._disc)
        self.add_widget(self._words)
        for kind in ("number", "message", "args", "role"):
            self.fbind(kind, self._fill)
        self._fill()

    def _fill(self, *_: object) -> None:
        self._disc.number = self.number
        self._words.message, self._words.args, self._words.role = self.message, self.args, self.role
        self.changed()


class NumberDisc(Badge):
    """A number in a disc."""

    number = NumericProperty(1)
    across = StringProperty("badge")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self.round = True
        self._digit = Words(role="tool", weight="bold", align="center", ink="primary")
        self.add_widget(self._digit)
        self.fbind("number", self._count)
        self._count()

    def _count(self, *_: object) -> None:
        self._digit.text = str(int(self.number))

    def arrange(self) -> None:
        """In the middle."""
        tall = self._digit.fit(self.width)
        self._digit.place(self.x, self.center_y - tall / 2, self.width, tall)


class Pager(Row):
    """ "Trước · Trang 1 / 2 · Xem tiếp"."""

    number = NumericProperty(1)
    total = NumericProperty(1)
    gap = StringProperty("gap")

    __events__ = ("on_turn",)

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._before = Secondary(message="page.before", icon="caret-left", flex=1, name="page-before", tall="slim")
        self._label = Words(role="slim", weight="bold", align="center", wide="page_label")
        self._next = Primary(message="page.next", icon_after="caret-right", flex=1, name="page-next", tall="slim")
        self._next.role = "secondary"
        for part in (self._before, self._label, self._next):
            self.add_widget(part)
        self._before.bind(on_act=lambda *_: self.dispatch("on_turn", -1))
        self._next.bind(on_act=lambda *_: self.dispatch("on_turn", 1))
        for kind in ("number", "total"):
            self.fbind(kind, self._fill)
        self._fill()

    def on_turn(self, step: int) -> None:
        """-1 or 1."""

    def _fill(self, *_: object) -> None:
        self._label.message, self._label.args = "page.of", {"number": int(self.number), "total": int(self.total)}
        self._before.closed = self.number <= 1
        self._next.closed = self.number >= self.total


class Pages(Column):
    """Touchables in two columns (one with larger text), as many as fit; what does not fit is on further pages."""

    gap = StringProperty("gap")
    flex = NumericProperty(1)
    columns = NumericProperty(2)
    most = NumericProperty(8)
    """Never more than this many choices at a time."""
    least_rows = NumericProperty(3)
    """Rows that must have room; a page with much else on it says 1."""
    rows_gap = StringProperty("gap")
    """Between rows; what cannot be touched may stand nearer."""

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._items: list[Box] = []
        self._page = 0
        self._grid, self._pager = Grid(gap="gap"), Pager()
        self.add_widget(self._grid)
        self.add_widget(Space())
        self.add_widget(self._pager)
        self.fbind("columns", self._across)
        self.fbind("rows_gap", self._across)
        self._pager.bind(on_turn=self._turned)

    def _turned(self, _pager: object, step: int) -> None:
        self.turn(step)

    def _across(self, *_: object) -> None:
        self._grid.columns, self._grid.gap = self.columns, self.rows_gap

    def fill(self, items: Sequence[Box]) -> None:
        """All choices, in order."""
        self._items = list(items)
        self._page = 0
        for item in items:
            self._grid.add_widget(item)
        self.changed()

    def empty(self) -> None:
        """No choices: others come."""
        self._grid.clear_widgets()
        self._items = []

    @property
    def items(self) -> tuple[Box, ...]:
        """All choices, of every page."""
        return tuple(self._items)

    def turn(self, step: int) -> None:
        """Another page."""
        self._page += step
        self.changed()

    def fit(self, width: float) -> float:
        """At least one row and the pager; more when the page has room."""
        if not self._items:
            return 0.0
        across = self._grid.across()
        cell = (width - theme.size("gap") * (across - 1)) / across
        row = max(item.fit(cell) for item in self._items[:across])
        rows = int(self.least_rows)
        between = (rows - 1) * theme.size(self.rows_gap) + theme.size(self.gap)
        return rows * row + between + self._pager.fit(width)

    def _shares(self) -> list[int]:
        """How many choices each page has."""
        across = self._grid.across()
        gap = theme.size(self.rows_gap)
        cell = (self.width - gap * (across - 1)) / across
        heights = [item.fit(cell) for item in self._items]
        if self.least_rows == 1 and across == 1:
            return self._one_below_another(heights, gap)
        each = self._per_page(max(heights, default=1.0), across, gap)
        return [len(self._items[start : start + each]) for start in range(0, len(self._items), each)]

    def _one_below_another(self, heights: list[float], gap: float) -> list[int]:
        """Rows of any height, each page as full as it can be."""
        if sum(heights) + gap * max(0, len(heights) - 1) <= self.height and len(heights) <= self.most:
            return [len(heights)]
        room = self.height - self._pager.fit(self.width) - theme.size(self.gap)
        shares, used = [0], 0.0
        for height in heights:
            if shares[-1] and (used + gap + height > room or shares[-1] == self.most):
                shares.append(0)
            used = height if not shares[-1] else used + gap + height
            shares[-1] += 1
        return shares

    def _per_page(self, row: float, across: int, gap: float) -> int:
        rows = int((self.height + gap) // (row + gap))
        if rows * across < len(self._items) or len(self._items) > self.most:
            room = self.height - self._pager.fit(self.width) - theme.size(self.gap)
            rows = int((room + gap) // (row + gap))
        return max(across, min(rows * across, int(self.most)))

    def arrange(self) -> None:
        """The items of this page."""
        shares = self._shares() or [0]
        total = len(shares)
        self._page = min(max(self._page, 0), total - 1)
        start = sum(shares[: self._page])
        here = self._items[start : start + shares[self._page]]
        for item in self._items:
            item.dropped = item not in here
        self._pager.dropped = total == 1
        self._pager.number, self._pager.total = self._page + 1, total
        super().arrange()
