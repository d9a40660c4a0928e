"""Fields of a form as rows: what is there, what the chip gave, what is wrong. Made a page at a time: a form of forty
fields opens as fast as one of eight."""

from __future__ import annotations

from kivy.properties import NumericProperty, StringProperty

from screens.layout import Column, Space
from screens.parts.lists import Pager
from screens.parts.touch import Touch
from screens.theme import theme
from screens.words import Icon, Words
from services.journeys.prompts import FieldRow
from services.messages import tr

MOST = 7


class FieldLine(Touch):
    """A field: label above, answer below. One that the chip gave cannot be touched."""

    tall = StringProperty("row_field")
    pad_x = StringProperty("block")
    pad_y = StringProperty("hair")
    gap = StringProperty("gap")
    radius = StringProperty("radius_m")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self.field = ""
        self._label = Words(role="tiny", ink="ink2", lines=1)
        self._value = Words(role="row", weight="semibold", lines=1)
        self._icon = Icon(across="bar")
        words = Column(flex=1)
        words.add_widget(self._label)
        words.add_widget(self._value)
        self.add_widget(words)
        self.add_widget(self._icon)

    def show(self, row: FieldRow) -> None:
        """Another field in the same place."""
        self.field = self.name = row.id
        self.closed = row.locked
        self._label.text = f"{row.label} · {tr('form.chip', theme.language)}" if row.locked else row.label
        wrong, empty = row.error is not None, not row.value
        self._value.message = (row.error or "") if wrong else ("form.optional" if row.optional else "form.empty")
        if not wrong and not empty:
            self._value.message = ""
        self._value.text = row.value
        self._value.ink = "bad" if wrong else "ink2" if empty else "ink"
        self._icon.icon = "lock" if row.locked else "warning" if wrong else "pencil-simple"
        self._icon.ink = "ok" if row.locked else "bad" if wrong else "primary"


class FieldLines(Column):
    """As many fields as have room, and pages for the rest."""

    gap = StringProperty("gap")
    flex = NumericProperty(1)

    __events__ = ("on_choose",)

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._shown: tuple[FieldRow, ...] = ()
        self._page = 0
        self._lines = [FieldLine() for _ in range(MOST)]
        for line in self._lines:
            line.bind(on_act=self._touched)
            self.add_widget(line)
        self.add_widget(Space())
        self._pager = Pager()
        self._pager.bind(on_turn=self._turn)
        self.add_widget(self._pager)

    def on_choose(self, field: str) -> None:
        """A field was touched."""

    def _touched(self, line: FieldLine) -> None:
        if not line.closed:
            self.dispatch("on_choose", line.field)

    def show(self, rows: tuple[FieldRow, ...]) -> None:
        """Other fields; the page with the first one that must still be answered."""
        self._shown = rows
        each = max(1, self._fits())
        todo = next((n for n, row in enumerate(rows) if not row.locked and not row.value and not row.optional), 0)
        self._page = todo // each
        self._fill()
        self.changed()

    @property
    def rows(self) -> tuple[FieldRow, ...]:
        """All fields, of every page."""
        return self._shown

    def _turn(self, _pager: object, step: int) -> None:
        self._page += step
        self._fill()
        self.changed()

    def fit(self, width: float) -> float:
        """At least two fields and the pager."""
        gap = theme.size("gap")
        if len(self._shown) < 2:
            return self._lines[0].fit(width)
        return 2 * self._lines[0].fit(width) + 2 * gap + self._pager.fit(width)

    def _fits(self) -> int:
        gap, line = theme.size("gap"), self._lines[0].fit(self.width)
        count = int((self.height + gap) // (line + gap))
        if count < len(self._shown) or len(self._shown) > MOST:
            count = int((self.height - self._pager.fit(self.width)) // (line + gap))
        return max(1, min(count, MOST))

    def _fill(self) -> None:
        each = self._fits()
        total = max(1, -(-len(self._shown) // each))
        self._page = min(max(self._page, 0), total - 1)
        here = self._shown[self._page * each : (self._page + 1) * each]
        for place, line in enumerate(self._lines):
            line.dropped = place >= len(here)
            if not line.dropped:
                line.show(here[place])
        self._pager.dropped = total == 1
        self._pager.number, self._pager.total = self._page + 1, total

    def arrange(self) -> None:
        """How many fit is known only now."""
        self._fill()
        super().arrange()
