"""Picture 08: whether the law gives priority. A reason is chosen, then confirmed.

Nobody is punished for a wrong claim.
"""

from __future__ import annotations

from functools import partial

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty

from screens.layout import Column, Grid
from screens.parts.cards import Badge, Ground
from screens.parts.touch import Touch
from screens.shell.page import Page
from screens.theme import theme
from screens.words import Icon, Words
from services.journeys.prompts import DeclarePriority, Priority

ICONS = {
    Priority.DISABLED: "wheelchair",
    Priority.MERIT: "medal",
    Priority.PREGNANT: "baby-carriage",
    Priority.ELDERLY_75: "user",
    Priority.CHILD_UNDER_6: "baby",
}
MOST_BELOW = 4
"""Choices with "none": three reasons."""


class TickBox(Ground):
    """A square that carries a tick."""

    on = BooleanProperty(False)
    wide = StringProperty("check")
    tall = StringProperty("check")
    radius = StringProperty("radius_key")
    border = StringProperty("border")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._tick = Icon(icon="check", across="digit_w", ink="on_primary")
        self.add_widget(self._tick)
        self.fbind("on", self._fill)
        self._fill()

    def natural(self, room: float) -> float:
        """Square."""
        return theme.size("check")

    def fit(self, width: float) -> float:
        """Square."""
        return theme.size("check")

    def arrange(self) -> None:
        """The tick in the middle."""
        self._tick.place(*self.pos, *self.size)

    def _fill(self, *_: object) -> None:
        self.fill, self.edge = ("primary", "primary") if self.on else ("surface", "edge")
        self._tick.hidden = not self.on
        self.changed()


class PriorityRow(Touch):
    """A reason with the paper the desk looks at."""

    message = StringProperty("")
    icon = StringProperty("")
    on = BooleanProperty(False)
    crowded = BooleanProperty(False)
    """Among more than the page has room for in low reach."""
    tall = StringProperty("row_touch")
    pad_x = StringProperty("block")
    pad_y = StringProperty("inner")
    gap = StringProperty("gap")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._badge = Badge(icon=self.icon, icon_size="digit_w")
        self._check = TickBox()
        words = Column(flex=1)
        words.add_widget(Words(message=self.message, role="row"))
        self._hint = Words(message=f"{self.message}.hint", role="small", ink="ink2")
        words.add_widget(self._hint)
        for part in (self._badge, words, self._check):
            self.add_widget(part)
        self.fbind("on", self._fill)

    def fit(self, width: float) -> float:
        """With larger text and low reach there is no room for second lines; beside each other none for signs either."""
        hidden = theme.low and (theme.larger or self.crowded)
        if self._hint.hidden != hidden:
            self._hint.hidden = hidden
        beside = theme.low and self.crowded
        if self._badge.hidden != beside:
            self._badge.hidden = beside
        return super().fit(width)

    def _fill(self, *_: object) -> None:
        self.style = "selected" if self.on else "plain"
        self._badge.fill = "surface" if self.on else "soft"
        self._check.on = self.on
        self.changed()


class DeclarePriorityPage(Page):
    """One reason at most: the law asks for one."""

    chosen = ObjectProperty(None, allownone=True)
    rows = ObjectProperty(None)
    rows_made: list[tuple[Priority, PriorityRow]]

    def crowded(self, prompt: DeclarePriority) -> bool:
        """Whether low reach has no room for every reason below the other."""
        return len(prompt.choices) > MOST_BELOW

    def _chosen(self, reason: Priority, *_: object) -> None:
        self.choose(reason)

    def on_rows(self, _page: object, rows: Grid) -> None:
        """Rows come with the prompt."""
        prompt: DeclarePriority = self.prompt
        self.rows_made = []
        for reason in prompt.choices:
            if reason is Priority.NONE:
                continue
            row = PriorityRow(
                name=reason.value, message=f"prio.{reason.value}", icon=ICONS[reason], crowded=self.crowded(prompt)
            )
            row.bind(on_act=partial(self._chosen, reason))
            self.rows_made.append((reason, row))
            rows.add_widget(row)

    def choose(self, reason: Priority) -> None:
        """Chosen; touched again, not chosen."""
        self.chosen = None if self.chosen is reason else reason
        for other, row in self.rows_made:
            row.on = other is self.chosen

    def go(self) -> None:
        """With the chosen reason."""
        if self.chosen is not None:
            self.answer(self.chosen)

    def leave(self) -> None:
        """The reason goes with the page."""
        self.chosen = None
