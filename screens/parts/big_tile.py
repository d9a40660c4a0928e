"""A big card of the start page: icon above, what it does, a second line."""

from __future__ import annotations

from kivy.properties import DictProperty, StringProperty

from screens.layout import Column, Row
from screens.parts.cards import Badge, Pill
from screens.parts.touch import Touch
from screens.words import Words


class BigTile(Touch):
    """Touched anywhere."""

    icon = StringProperty("")
    message = StringProperty("")
    hint = StringProperty("")
    pill = StringProperty("")
    """A message id: a short state below; `pill_args` are its arguments."""
    pill_args = DictProperty({})
    pill_icon = StringProperty("")
    pill_kind = StringProperty("soft")
    tall = StringProperty("tile_home")
    pad_x = StringProperty("block")
    pad_y = StringProperty("block")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self.top_aligned = True
        self._badge, self._words, self._hint = Badge(), Words(role="h2", lines=2), Words(role="small", ink="ink2")
        self._badge.across, self._badge.icon_size = "tile_icon", "icon_tile"
        # In a row of its own the badge keeps its square.
        first, column = Row(), Column(flex=1, gap="hair")
        first.add_widget(self._badge)
        self._pill, last = Pill(), Row(before="inner")
        last.add_widget(self._pill)
        for part in (first, self._words, self._hint, last):
            column.add_widget(part)
        self.add_widget(column)
        for kind in ("icon", "message", "hint", "pill", "pill_args", "pill_icon", "pill_kind"):
            self.fbind(kind, self._fill)
        self._fill()

    def _fill(self, *_: object) -> None:
        self._badge.icon = self.icon
        self._words.message = self.message
        self._hint.message, self._hint.hidden = self.hint, not self.hint
        pill = self._pill
        pill.message, pill.args, pill.icon, pill.kind = self.pill, self.pill_args, self.pill_icon, self.pill_kind
        pill.hidden = not self.pill
        self.changed()
