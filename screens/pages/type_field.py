"""One field of a form: its keys, what was typed, the error of the last try, suggestions to touch instead of typing."""

from __future__ import annotations

from functools import partial

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty

from screens.layout import Column
from screens.pages.type_digits import DigitKey, KeypadWord
from screens.parts.lists import Choice
from screens.shell.page import Page
from screens.theme import theme
from screens.typesetting import NO_BREAK_SPACE
from services.journeys.prompts import FieldKeys, FieldTyped, TypeField

NEEDS = KeypadWord
MOST_DIGITS = 15
DATE_DIGITS = 8
TOP = {FieldKeys.CODE: "1234567890-\u0110", FieldKeys.PLAIN: "1234567890@."}
"""What stands in the first row instead of Vietnamese letters."""
_SUGGESTED = 3


class Suggestions(Column):
    """Rows to touch instead of typing; with low reach there is room for one."""

    gap = StringProperty("gap")
    crowded = BooleanProperty(False)
    """An error or a way past stands on the page too."""

    def fit(self, width: float) -> float:
        """As many as have room above the keyboard and hands reach."""
        most = 1 if theme.low else 2 if theme.larger or self.crowded else _SUGGESTED
        for place, row in enumerate(self.kids()):
            row.dropped = place >= most
        return super().fit(width)


class TypeFieldPage(Page):
    """Letters, digits or a list, as the field needs."""

    typed = StringProperty("")
    seen = StringProperty("")
    keyboard = ObjectProperty(None)
    keypad = ObjectProperty(None)
    options = ObjectProperty(None)
    suggestions = ObjectProperty(None)
    unknown = BooleanProperty(False)
    """What is typed stands in no list: it may be written all the same."""
    letters = BooleanProperty(False)
    digits = BooleanProperty(False)
    listed = BooleanProperty(False)

    def __init__(self, *args: object, **values: object) -> None:
        super().__init__(*args, **values)  # type: ignore[arg-type]
        prompt: TypeField = self.prompt
        self.listed = prompt.keys is FieldKeys.LIST
        self.digits = prompt.keys in {FieldKeys.DIGITS, FieldKeys.DATE}
        self.letters = not self.listed and not self.digits
        self._build()
        self._put(_digits_of(prompt))

    def _build(self) -> None:
        prompt: TypeField = self.prompt
        if self.letters:
            self.keyboard.cased = True
            self.keyboard.capitals = prompt.keys in {FieldKeys.NAMES, FieldKeys.PLACES}
            self.keyboard.sentence = prompt.keys is FieldKeys.TEXT
            self.keyboard.first_row = TOP.get(prompt.keys, "")
            self.keyboard.upper = prompt.keys is FieldKeys.CODE
            self.keyboard.go_message, self.keyboard.go_icon = "field.done", "check"
            self.keyboard.bind(text=self._written, on_go=self._go)
            self.keyboard.put(prompt.value)
        elif self.digits:
            for digit in "123456789":
                self._key(digit)
            self._word("clear", "x", "type.clear", lambda: self._put(""))
            self._key("0")
            self._word("erase", "backspace", "type.erase", lambda: self._put(self.typed[:-1]))
        else:
            rows = [self._row(one.value, one.name) for one in prompt.suggest("")]
            self.options.fill(rows)

    def _key(self, digit: str) -> None:
        key = DigitKey(digit=digit)
        key.bind(on_act=lambda *_: self._put(self.typed + digit))
        self.keypad.add_widget(key)

    def _word(self, name: str, icon: str, message: str, act: object) -> None:
        key = KeypadWord(name=name, message=message, icon=icon)
        key.bind(on_act=lambda *_: act())  # type: ignore[operator]
        self.keypad.add_widget(key)

    def _row(self, value: str, name: str) -> Choice:
        row = Choice(name=value, message="plain", args={"text": name}, heading="h3", tall="row_case")
        row.bind(on_act=partial(self._picked, value))
        return row

    def _picked(self, value: str, *_: object) -> None:
        self.answer(FieldTyped(value))

    def _written(self, _keyboard: object, text: str) -> None:
        self._put(text)

    def _put(self, text: str) -> None:
        prompt: TypeField = self.prompt
        if self.digits:
            text = text[: DATE_DIGITS if prompt.keys is FieldKeys.DATE else MOST_DIGITS]
        self.typed = text
        self.seen = _date_shown(text) if prompt.keys is FieldKeys.DATE else text
        if prompt.keys is FieldKeys.PLACES:
            self._suggest()

    def _suggest(self) -> None:
        """Rows to touch; filled again at every key."""
        prompt: TypeField = self.prompt
        self.suggestions.clear_widgets()
        found = prompt.suggest(self.typed)[:_SUGGESTED]
        self.unknown = len(self.typed.strip()) > 1 and not found
        for one in found:
            self.suggestions.add_widget(self._row(one.value, one.name))
        self.changed()

    def _go(self, *_: object) -> None:
        self.go()

    def go(self) -> None:
        """The answer as it is kept."""
        prompt: TypeField = self.prompt
        if prompt.keys is FieldKeys.DATE and self.typed:
            self.answer(FieldTyped(f"{self.typed[:2]}/{self.typed[2:4]}/{self.typed[4:]}"))
            return
        self.answer(FieldTyped(self.typed))

    def answer_empty(self) -> None:
        """An optional field is passed over."""
        self.answer(FieldTyped(""))

    def leave(self) -> None:
        """Nothing typed stays."""
        self.typed = self.seen = ""


def _digits_of(prompt: TypeField) -> str:
    return prompt.value.replace("/", "") if prompt.keys is FieldKeys.DATE else prompt.value


def _date_shown(digits: str) -> str:
    """ "12 03 20__": day, month and year apart."""
    shown = digits + "_" * (DATE_DIGITS - len(digits))
    groups = (shown[:2], shown[2:4], shown[4:])
    return (NO_BREAK_SPACE * 3).join(NO_BREAK_SPACE.join(group) for group in groups)
