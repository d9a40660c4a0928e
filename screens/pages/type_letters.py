"""A keyboard of capitals and digits, in their order: for numbers that carry letters."""

from __future__ import annotations

from functools import partial

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty

from screens.pages.type_digits import DigitKey, KeypadWord
from screens.shell.page import Page
from screens.typesetting import NO_BREAK_SPACE
from services.journeys.prompts import AskedText, TypedLetters, TypeLetters

NEEDS = KeypadWord
KEYS = "1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MORE_KEYS = {AskedText.BILL: "-./", AskedText.DOSSIER: "-.", AskedText.HELPER: "-._"}
"""Signs that numbers of bills and codes of dossiers hold."""
SHORT = 12
"""Longer texts show no places that are still empty."""


class TypeLettersPage(Page):
    """What was typed, an error of the last try, keys. The way on opens when enough is there."""

    typed = StringProperty("")
    seen = StringProperty("")
    full = BooleanProperty(False)
    keys = ObjectProperty(None)

    def on_keys(self, _page: object, keys: object) -> None:
        """36 keys, and the signs that stand in what is asked for."""
        prompt: TypeLetters = self.prompt
        for letter in KEYS + MORE_KEYS.get(prompt.what, ""):
            key = DigitKey(digit=letter, tall="letter")
            key.bind(on_act=partial(self._add, letter))
            self.keys.add_widget(key)
        self.put("")

    def _add(self, letter: str, *_: object) -> None:
        self.put(self.typed + letter)

    def put(self, text: str) -> None:
        """This is what is typed now."""
        prompt: TypeLetters = self.prompt
        self.typed = text[: prompt.most]
        self.full = len(self.typed) >= prompt.least
        empty = "_" * (prompt.most - len(self.typed)) if prompt.most <= SHORT else "_"
        self.seen = NO_BREAK_SPACE.join(self.typed + empty) if prompt.most <= SHORT else self.typed + empty

    def go(self) -> None:
        """The answer."""
        self.answer(TypedLetters(self.typed))

    def leave(self) -> None:
        """Nothing typed stays."""
        self.typed = self.seen = ""
