"""A keypad for a number: large keys, what was typed masked but for the last three digits."""

from __future__ import annotations

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty

from screens.parts.touch import Touch, WayButton
from screens.shell.page import Page
from screens.typesetting import NO_BREAK_SPACE
from screens.words import Words
from services.journeys.prompts import AskedNumber, TypedDigits, TypeDigits

SEEN_DIGITS = 3
MASK = "•"
DATES = frozenset({AskedNumber.BIRTH_DATE, AskedNumber.OWN_BIRTH_DATE, AskedNumber.EXPIRY})
DATE = (2, 4, 8)
"""Day, month, year end after so many digits."""


class DigitKey(Touch):
    """One digit."""

    digit = StringProperty("")
    tall = StringProperty("key")
    radius = StringProperty("radius_key")
    border = StringProperty("border_small")
    ledge = StringProperty("ledge_small")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._words = Words(role="key", align="center", follows=True, flex=1)
        self.add_widget(self._words)
        self.fbind("digit", self._fill)
        self._fill()

    def _fill(self, *_: object) -> None:
        self._words.text = self.name = self.digit


class KeypadWord(WayButton):
    """A word on the keypad: erase one digit, erase all."""

    style = StringProperty("plain")
    role = StringProperty("nav")
    tall = StringProperty("key")
    radius = StringProperty("radius_key")
    border = StringProperty("border_small")
    ledge = StringProperty("ledge_small")
    icon_size = StringProperty("bar")
    gap = StringProperty("radius_s")
    pad_x = StringProperty("radius_s")


class TypeDigitsPage(Page):
    """Digits, an error of the last try, keys. The way on opens when all digits are there."""

    digits = StringProperty("")
    seen = StringProperty("")
    full = BooleanProperty(False)
    keys = ObjectProperty(None)

    def on_keys(self, _page: object, keys: object) -> None:
        """Keys 1 to 9; the last row is in kv."""
        for digit in "123456789":
            self.keys.add_widget(self._key(digit))
        clear = KeypadWord(name="clear", message="type.clear", icon="x")
        erase = KeypadWord(name="erase", message="type.erase", icon="backspace")
        clear.bind(on_act=lambda *_: self._set(""))
        erase.bind(on_act=lambda *_: self._set(self.digits[:-1]))
        for key in (clear, self._key("0"), erase):
            self.keys.add_widget(key)
        self._set("")

    def _key(self, digit: str) -> DigitKey:
        key = DigitKey(digit=digit)
        key.bind(on_act=lambda *_: self._set(self.digits + digit))
        return key

    def _set(self, digits: str) -> None:
        prompt: TypeDigits = self.prompt
        self.digits = digits[: prompt.length]
        self.full = len(self.digits) >= (prompt.least or prompt.length)
        seen = 0 if prompt.secret else SEEN_DIGITS
        hidden = max(0, len(self.digits) - seen) if prompt.hidden else 0
        empty = prompt.length if prompt.least is None else len(self.digits) + 1
        shown = MASK * hidden + self.digits[hidden:] + "_" * (min(empty, prompt.length) - len(self.digits))
        ends = DATE if prompt.what in DATES else range(4, prompt.length + 1, 4)
        groups = (shown[start:end] for start, end in zip((0, *ends), ends, strict=False))
        self.seen = (NO_BREAK_SPACE * 3).join(NO_BREAK_SPACE.join(group) for group in groups)

    def go(self) -> None:
        """The answer."""
        self.answer(TypedDigits(self.digits))

    def leave(self) -> None:
        """Nothing typed stays."""
        self.digits = self.seen = ""
