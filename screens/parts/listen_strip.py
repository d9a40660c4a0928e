"""Below the question in listening mode: what is said where the focus stands, and the four keys (picture 29)."""

from __future__ import annotations

from kivy.properties import StringProperty

from screens.layout import Row
from screens.parts.cards import Ground
from screens.words import Icon, Words

KEYS = (
    ("arrow-left", "listen.back"),
    ("arrow-right", "listen.next"),
    ("check-circle", "listen.choose"),
    ("arrow-clockwise", "listen.repeat"),
)


class ListenStrip(Ground):
    """Always as tall as two lines and the keys: what is said moves nothing on the page."""

    text = StringProperty("")
    fill = StringProperty("ink")
    radius = StringProperty("radius_m")
    pad_x = StringProperty("pad_note")
    pad_y = StringProperty("hair")
    gap = StringProperty("hair")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._words = Words(role="note", weight="semibold", lines=2, ink="paper", flex=1)
        said = Row(gap="pad_row", tall="strip_words")
        said.add_widget(Icon(icon="headphones", across="icon", ink="paper"))
        said.add_widget(self._words)
        keys = Row(gap="gap")
        for icon, message in KEYS:
            key = Row(gap="hair", flex=1)
            key.add_widget(Icon(icon=icon, across="bar", ink="paper"))
            key.add_widget(Words(message=message, role="tiny", weight="semibold", lines=1, ink="paper", flex=1))
            keys.add_widget(key)
        self.add_widget(said)
        self.add_widget(keys)
        self.fbind("text", self._fill)

    def _fill(self, *_: object) -> None:
        self._words.text = self.text
