"""Rows of cards and the turmeric strips that say what to do with the hands."""

from __future__ import annotations

from kivy.properties import BooleanProperty, DictProperty, StringProperty

from screens.layout import Column, Row
from screens.parts.cards import Badge, Ground
from screens.theme import theme
from screens.words import Icon, Words


class IconRow(Row):
    """A row of a card: icon tile, a label above, a sentence, a second line."""

    icon = StringProperty("")
    icon_fill = StringProperty("soft")
    icon_ink = StringProperty("primary")
    filled = BooleanProperty(False)
    label = StringProperty("")
    message = StringProperty("")
    args = DictProperty({})
    text = StringProperty("")
    hint = StringProperty("")
    hint_args = DictProperty({})
    role = StringProperty("row")
    weight = StringProperty("semibold")
    hint_role = StringProperty("small")
    gap = StringProperty("gap")
    pad_y = StringProperty("pad_row")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._badge = Badge()
        self._label, self._words = Words(role="small", ink="ink2"), Words()
        self._hint = Words(role="small", ink="ink2")
        column = Column(flex=1)
        for part in (self._label, self._words, self._hint):
            column.add_widget(part)
        self.add_widget(self._badge)
        self.add_widget(column)
        for kind in (
            "icon", "icon_fill", "icon_ink", "filled", "label", "message", "args", "text", "hint", "hint_args", "role",
            "weight", "hint_role",
        ):  # fmt: skip
            self.fbind(kind, self._fill)
        self._fill()

    def _fill(self, *_: object) -> None:
        badge, words = self._badge, self._words
        badge.icon, badge.fill, badge.ink, badge.filled = self.icon, self.icon_fill, self.icon_ink, self.filled
        badge.hidden = not self.icon
        self._label.message, self._label.hidden = self.label, not self.label
        words.message, words.args, words.text = self.message, self.args, self.text
        words.role, words.weight = self.role, self.weight
        self._hint.message, self._hint.args, self._hint.hidden = self.hint, self.hint_args, not self.hint
        self._hint.role = self.hint_role
        self.changed()


class ActNote(Ground):
    """A turmeric strip: what the person does now. It is no button: it has no ledge."""

    icon = StringProperty("")
    message = StringProperty("")
    hint = StringProperty("")
    fill = StringProperty("nghe")
    edge = StringProperty("nghe")
    pad_x = StringProperty("pad")
    pad_y = StringProperty("gap")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._icon = Icon(across="call_icon", ink="on_nghe")
        self._words, self._hint = Words(role="h3", ink="on_nghe"), Words(role="note", weight="medium", ink="on_nghe")
        column, row = Column(flex=1), Row(gap="block")
        column.add_widget(self._words)
        column.add_widget(self._hint)
        row.add_widget(self._icon)
        row.add_widget(column)
        self.add_widget(row)
        for kind in ("icon", "message", "hint"):
            self.fbind(kind, self._fill)
        self._fill()

    def restyle(self) -> None:
        """High contrast: a yellow fill would look like a button, so only the border is yellow."""
        self.fill = "nghe_soft" if theme.contrast else "nghe"
        self.border = "border_strong" if theme.contrast else ""
        self._icon.ink = "nghe" if theme.contrast else "on_nghe"
        self._words.ink = self._hint.ink = "ink" if theme.contrast else "on_nghe"
        super().restyle()

    def _fill(self, *_: object) -> None:
        self._icon.icon, self._words.message = self.icon, self.message
        self._hint.message, self._hint.hidden = self.hint, not self.hint
        self.changed()


class WhereNote(ActNote):
    """Where the device is: below the screen."""

    icon = StringProperty("arrow-down")
