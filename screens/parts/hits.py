"""What a search found: rows that are made once and filled again at each key, with the typed words marked."""

from __future__ import annotations

from kivy.graphics import Color, InstructionGroup, Rectangle
from kivy.properties import NumericProperty, ObjectProperty, StringProperty

from screens.layout import Column, Space
from screens.parts.lists import Pager
from screens.parts.touch import Touch
from screens.theme import theme
from screens.typesetting import measure
from screens.words import Icon, Words
from services.journeys.prompts import ProcedureRow
from services.messages import tr

MOST = 8


class MarkedWords(Words):
    """A text in one line with places that are marked: a soft ground and a line below, in the colour that says "now"."""

    marks = ObjectProperty(())

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._grounds = InstructionGroup()
        self.canvas.before.add(self._grounds)
        self.fbind("marks", self.changed)

    def draw(self) -> None:
        """Grounds first, then the text over them. A text of two lines is not marked."""
        super().draw()
        self._grounds.clear()
        if self._last is None or len(self._last[0].lines) != 1:
            return
        face, said = self._last[1], self.said()
        tall, line = face.size * 1.2, max(2, round(4 * theme.scale))
        for start, end in self.marks:
            left = measure(said[:start], face.font, face.size)
            wide = measure(said[start:end], face.font, face.size)
            box = (round(self.x + left), round(self.center_y - tall / 2)), (round(wide), round(tall))
            self._grounds.add(Color(*theme.colour("nghe_soft")))
            self._grounds.add(Rectangle(pos=box[0], size=box[1]))
            self._grounds.add(Color(*theme.colour("nghe")))
            self._grounds.add(Rectangle(pos=box[0], size=(box[1][0], line)))


class HitRow(Touch):
    """A procedure: its name with what was typed marked, its sector, a remark."""

    tall = StringProperty("row_hit")
    pad_x = StringProperty("block")
    pad_y = StringProperty("hair")
    gap = StringProperty("gap")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self.code = ""
        self._name = MarkedWords(role="h3", weight="semibold", lines=1)
        self._hint = Words(role="tiny", ink="ink2", lines=1)
        words = Column(flex=1)
        words.add_widget(self._name)
        words.add_widget(self._hint)
        self.add_widget(words)
        self.add_widget(Icon(icon="caret-right", ink="primary", across="bar"))

    def show(self, row: ProcedureRow) -> None:
        """Another hit in the same place."""
        self.code = self.name = row.code
        self._name.text, self._name.marks = row.name, row.marks
        hint = row.sector
        if row.note is not None:
            said = tr(row.note.message, theme.language, **dict(row.note.args))
            hint = f"{hint} · {said}" if hint else said
        self._hint.text = hint


class Hits(Column):
    """As many hits as have room, and pages for the rest."""

    gap = StringProperty("gap")
    flex = NumericProperty(1)

    __events__ = ("on_choose",)

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._found: tuple[ProcedureRow, ...] = ()
        self._page = 0
        self._pages = True
        self._rows = [HitRow() for _ in range(MOST)]
        for row in self._rows:
            row.bind(on_act=self._touched)
            self.add_widget(row)
        self.add_widget(Space())
        self._pager = Pager()
        self._pager.bind(on_turn=self._turn)
        self.add_widget(self._pager)

    def _touched(self, row: HitRow) -> None:
        self.dispatch("on_choose", row.code)

    def on_choose(self, code: str) -> None:
        """A hit was touched."""

    def show(self, found: tuple[ProcedureRow, ...], *, pages: bool = True) -> None:
        """Other hits, from the first. Without `pages` only as many as have room: a few to begin with."""
        self._found, self._page, self._pages = found, 0, pages
        self._fill()
        self.changed()

    @property
    def rows(self) -> tuple[HitRow, ...]:
        """Those on the screen."""
        return tuple(row for row in self._rows if row.shown)

    def turn(self) -> bool:
        """The next page, after the last the first; False where everything is seen already."""
        total = int(self._pager.total)
        if total < 2:
            return False
        self._turn(self._pager, 1 if self._page + 1 < total else -self._page)
        return True

    def _turn(self, _pager: object, step: int) -> None:
        self._page += step
        self._fill()
        self.changed()

    def fit(self, width: float) -> float:
        """At least one row, and the pager where there may be pages."""
        if not self._pages or len(self._found) < 2:
            return self._row(width)
        return self._row(width) + theme.size("gap") + self._pager.fit(width)

    def _row(self, width: float) -> float:
        return self._rows[0].fit(width)

    def _fits(self) -> int:
        """Rows that have room now."""
        gap, row = theme.size("gap"), self._row(self.width)
        rows = int((self.height + gap) // (row + gap))
        if rows < len(self._found) and self._pages:
            rows = int((self.height - self._pager.fit(self.width)) // (row + gap))
        return max(1, min(rows, MOST))

    def _fill(self) -> None:
        each = self._fits()
        total = max(1, -(-len(self._found) // each))
        self._page = min(max(self._page, 0), total - 1)
        here = self._found[self._page * each : (self._page + 1) * each]
        for place, row in enumerate(self._rows):
            row.dropped = place >= len(here)
            if not row.dropped:
                row.show(here[place])
        self._pager.dropped = total == 1 or not self._pages
        self._pager.number, self._pager.total = self._page + 1, total

    def arrange(self) -> None:
        """How many fit is known only now."""
        self._fill()
        super().arrange()
