"""The technician's PIN: dots, keys, and how long to wait after wrong tries."""

from __future__ import annotations

from typing import Any

from kivy.properties import StringProperty

from screens.layout import Grid, Space
from screens.pages.type_digits import DigitKey, KeypadWord
from screens.parts.cards import Note
from screens.parts.technical import TechPage
from screens.parts.touch import Primary
from screens.words import Words
from services.journeys.prompts import Prompt, TechnicianPin

SHORTEST, LONGEST = 6, 12
DOT = "•"


class TechnicianPinPage(TechPage):
    """Nothing typed is ever shown or kept."""

    typed = StringProperty("")

    def __init__(self, *args: object, **values: object) -> None:
        super().__init__(*args, **values)
        self.way("leave", "tech.pin.leave", "arrow-left", None)
        self.top_bar.beside.message = ""
        self._dots = Words(role="key", align="center", lines=1)
        self._note = Note(icon="info", role="note", pad_y="gap")
        self._go = Primary(name="go", message="tech.pin.go")
        self._go.bind(on_act=lambda *_: self._hand_over())
        keys = Grid(columns=3, steady=True, gap="gap")
        clear, erase = (
            KeypadWord(name="clear", message="type.clear", icon="x"),
            KeypadWord(name="erase", message="type.erase", icon="backspace"),
        )
        clear.bind(on_act=lambda *_: self._set(""))
        erase.bind(on_act=lambda *_: self._set(self.typed[:-1]))
        for key in (*(self._key(digit) for digit in "123456789"), clear, self._key("0"), erase):
            keys.add_widget(key)
        for part in (Words(message="tech.pin", role="h2"), self._note, self._dots, Space(), keys, self._go):
            self.body.add_widget(part)
        self._set("")
        self._tell()

    def _key(self, digit: str) -> DigitKey:
        key = DigitKey(digit=digit)
        key.bind(on_act=lambda *_: self._set(self.typed + digit))
        return key

    def _set(self, typed: str) -> None:
        self.typed = typed[:LONGEST]
        self._dots.text = " ".join(DOT * len(self.typed)) or "_"
        self._go.closed = len(self.typed) < SHORTEST or self.prompt.wait > 0

    def _hand_over(self) -> None:
        typed = self.typed
        self._set("")
        self.answer(typed)

    def replace(self, prompt: Prompt[Any]) -> None:
        """The wait grows shorter."""
        self.prompt = prompt
        self._tell()
        self._set(self.typed)
        self.changed()

    def _tell(self) -> None:
        prompt: TechnicianPin = self.prompt
        if not prompt.known:
            self._note.kind, self._note.message, self._note.args = "bad", "tech.pin.unknown", {}
        elif prompt.wait:
            self._note.kind, self._note.message, self._note.args = "warn", "tech.pin.wait", {"seconds": prompt.wait}
        else:
            self._note.kind, self._note.args = ("bad" if prompt.wrong else "info"), {}
            self._note.message = "tech.pin.wrong" if prompt.wrong else "tech.pin.logged"

    def leave(self) -> None:
        """Nothing typed stays."""
        self.typed = ""
