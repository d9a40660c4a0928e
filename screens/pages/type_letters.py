"""A keyboard of capitals and digits, in their order: for numbers that carry letters."""

from __future__ import annotations

from functools import partial

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty

from screens.pages.type_digits import DigitKey, KeypadWord
from screens.shell.page import Page
from screens.typesetting import NO_BREAK_SPACE
from services.journeys.prompts import TypedLetters, TypeLetters

NEEDS = KeypadWord
KEYS = "1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class TypeLettersPage(Page):
    """What was typed, an error of the last try, keys. The way on opens when enough is there."""

    typed = StringProperty("")
    seen = StringProperty("")
    full = BooleanProperty(False)
    keys = ObjectProperty(None)

    def on_keys(self, _page: object, keys: object) -> None:
        """36 keys."""
        for letter in KEYS:
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
        self.seen = NO_BREAK_SPACE.join(self.typed + "_" * (prompt.most - len(self.typed)))

    def go(self) -> None:
        """The answer."""
        self.answer(TypedLetters(self.typed))

    def leave(self) -> None:
        """Nothing typed stays."""
        self.typed = self.seen = ""
