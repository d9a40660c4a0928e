"""Where the person is: bars for the steps (done, now, to come) and the step's name. The count never changes."""

from __future__ import annotations

from kivy.graphics import InstructionGroup
from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from screens.layout import Column
from screens.parts.panel import Panel
from screens.theme import theme
from screens.words import MessageId, Words


class Bars(Column):
    """Done primary, now turmeric, rest line."""

    number = NumericProperty(1)
    total = NumericProperty(7)
    finished = BooleanProperty(False)
    tall = StringProperty("progress")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._group = InstructionGroup()
        self.canvas.add(self._group)
        for kind in ("number", "total", "finished"):
            self.fbind(kind, self.changed)

    def draw(self) -> None:
        """10 px between bars."""
        self._group.clear()
        total, gap, tall = max(1, int(self.total)), 10 * theme.scale, theme.size("progress")
        wide = (self.width - gap * (total - 1)) / total
        for step in range(1, total + 1):
            token = "primary" if step < self.number or self.finished else "nghe" if step == self.number else "line"
            if theme.contrast:
                token = {"primary": "edge", "nghe": "nghe", "line": "line"}[token]
            border = 2 * theme.scale if theme.contrast and token == "line" else 0  # noqa: S105 - a colour token
            bar = Panel()
            bar.paint(theme.colour(token), theme.colour("paper" if border else token))
            bar.move(self.x + (step - 1) * (wide + gap), self.y, wide, tall, [tall / 2] * 4, border)
            self._group.add(bar.group)

    def restyle(self) -> None:
        """Colours again."""
        self.draw()


class Steps(Column):
    """Bars and the sentence "Bước 5 trong 7: Phòng khám"."""

    number = NumericProperty(1)
    total = NumericProperty(7)
    label = StringProperty("")
    gap = StringProperty("radius_s")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._bars, self._words = Bars(), Words(role="step", ink="ink2", lines=1)
        self.add_widget(self._bars)
        self.add_widget(self._words)
        for kind in ("number", "total", "label"):
            self.fbind(kind, self._fill)

    def _fill(self, *_: object) -> None:
        self._bars.number, self._bars.total = self.number, self.total
        self._bars.finished = not self.label
        self._words.hidden = not self.label
        self._words.message = "step" if self.label else ""
        self._words.args = {"number": self.number, "total": self.total, "name": MessageId(self.label)}
        self.changed()
