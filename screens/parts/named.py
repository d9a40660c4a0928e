"""Rows and tiles for things that have names of their own: departments, appointments, numbers, places, times."""

from __future__ import annotations

from kivy.properties import DictProperty, StringProperty

from screens.icons import FALLBACK, known
from screens.layout import Column
from screens.parts.cards import Badge
from screens.parts.touch import Touch
from screens.theme import theme
from screens.words import Icon, Words


class NamedRow(Touch):
    """A row over the whole width: icon, a name, a second line, arrow."""

    icon = StringProperty("")
    text = StringProperty("")
    hint = StringProperty("")
    """A message id; `hint_args` are its arguments."""
    hint_args = DictProperty({})
    tall = StringProperty("row_slim")
    pad_x = StringProperty("block")
    pad_y = StringProperty("inner")
    gap = StringProperty("gap")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._badge = Badge(icon=self.icon if known(self.icon) else FALLBACK)
        self._hint = Words(message=self.hint, args=self.hint_args, role="small", ink="ink2")
        words = Column(flex=1)
        words.add_widget(Words(text=self.text, role="h3", lines=2))
        words.add_widget(self._hint)
        for part in (self._badge, words, Icon(icon="caret-right", ink="primary")):
            self.add_widget(part)

    def fit(self, width: float) -> float:
        """With larger text and low reach there is no room for second lines."""
        hidden = not self.hint or (theme.low and theme.larger)
        if self._hint.hidden != hidden:
            self._hint.hidden = hidden
        return super().fit(width)


class NamedTile(Touch):
    """Half a row: icon, name, a second line."""

    icon = StringProperty("")
    text = StringProperty("")
    message = StringProperty("")
    """The name as a message id, where it is none of the place's own."""
    args = DictProperty({})
    hint = StringProperty("")
    hint_args = DictProperty({})
    tall = StringProperty("row_touch")
    pad_x = StringProperty("pad_note")
    pad_y = StringProperty("inner")
    gap = StringProperty("gap")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._badge, self._words = Badge(icon_size="icon_note"), Words(role="h3", lines=2)
        self._hint = Words(role="small", ink="ink2")
        words = Column(flex=1)
        words.add_widget(self._words)
        words.add_widget(self._hint)
        self.add_widget(self._badge)
        self.add_widget(words)
        for kind in ("icon", "text", "message", "args", "hint", "hint_args"):
            self.fbind(kind, self._fill)
        self._fill()

    def _fill(self, *_: object) -> None:
        self._badge.icon = self.icon if not self.icon or known(self.icon) else FALLBACK
        self._badge.hidden = not self.icon
        self._words.text, self._words.message, self._words.args = self.text, self.message, self.args
        self._hint.message, self._hint.args, self._hint.hidden = self.hint, self.hint_args, not self.hint
        self.changed()

    def fit(self, width: float) -> float:
        """With larger text or low reach only the name stands; of what is closed, why."""
        hidden = not self.hint or ((theme.larger or theme.low) and not self.closed)
        if self._hint.hidden != hidden:
            self._hint.hidden = hidden
        return super().fit(width)

    def restyle(self) -> None:
        """What is closed is grey."""
        super().restyle()
        self._badge.fill, self._badge.ink = ("line", "ink2") if self.closed else ("soft", "primary")
