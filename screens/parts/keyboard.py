"""The kiosk's own keyboard: Vietnamese letters and tones of their own, Telex on the plain ones, digits behind "123".

Forms have a key for capitals (`cased`); codes and e-mail addresses have digits in the first row (`first_row`) and are
taken as they are typed.
It writes into `text`; whoever shows the text binds to it. Every key is a touchable of the theme: 56 px at least.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from kivy.graphics import Color, Rectangle
from kivy.properties import BooleanProperty, StringProperty

from screens.layout import Box, Column, Row
from screens.parts.touch import Touch, WayButton
from screens.theme import DESIGN_WIDTH, theme
from screens.words import Words
from services.writing.letters import Tone
from services.writing.telex import Typed

OWN = "\u0103\u00e2\u0111\u00ea\u00f4\u01a1\u01b0"
TONES = {
    "\u00e1": Tone.ACUTE, "\u00e0": Tone.GRAVE, "\u1ea3": Tone.HOOK, "\u00e3": Tone.TILDE, "\u1ea1": Tone.DOT,
}  # fmt: skip
LETTERS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
DIGITS = ("1234567890", "-/,.:;()'", '@&+_#%"')


class LetterKey(Touch):
    """One letter, tone or digit."""

    letter = StringProperty("")
    role = StringProperty("letter")
    tall = StringProperty("keyboard_key")
    radius = StringProperty("radius_key")
    border = StringProperty("border_small")
    ledge = StringProperty("ledge_small")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._words = Words(align="center", follows=True, flex=1, role=self.role)
        self.add_widget(self._words)
        self.fbind("letter", self._fill)
        self._fill()

    def _fill(self, *_: object) -> None:
        self._words.text = self.name = self.letter


class WordKey(WayButton):
    """A key with a word: space, erase, digits."""

    style = StringProperty("plain")
    role = StringProperty("nav")
    tall = StringProperty("keyboard_key")
    radius = StringProperty("radius_key")
    border = StringProperty("border_small")
    ledge = StringProperty("ledge_small")
    icon_size = StringProperty("bar")
    gap = StringProperty("radius_s")
    pad_x = StringProperty("zero")


class Keyboard(Column):
    """Five rows. `capitals`: each word begins with a capital, as names do; `sentence`: only the first one does."""

    __events__ = ("on_go",)

    text = StringProperty("")
    digits = BooleanProperty(False)
    capitals = BooleanProperty(False)
    sentence = BooleanProperty(False)
    first_row = StringProperty("")
    cased = BooleanProperty(False)
    upper = BooleanProperty(False)
    go_message = StringProperty("keys.find")
    go_icon = StringProperty("magnifying-glass")
    gap = StringProperty("gap")

    def __init__(self, **values: object) -> None:
        self._typed = Typed()
        super().__init__(**values)
        self._bed, self._edge = Rectangle(size=(0, 0)), Rectangle(size=(0, 0))
        self._bed_paint, self._edge_paint = Color(), Color()
        for part in (self._bed_paint, self._bed, self._edge_paint, self._edge):
            self.canvas.before.add(part)
        self._rows: list[list[LetterKey]] = []
        self._build()
        for kind in ("digits", "upper", "cased", "first_row"):
            self.fbind(kind, self._relabel)
        self.fbind("text", self._given)
        for kind in ("go_message", "go_icon"):
            self.fbind(kind, self._relabel)
        self._relabel()

    def on_go(self) -> None:
        """The last key was touched."""

    def _build(self) -> None:
        acts = [partial(self._own, letter) for letter in OWN] + [partial(self._tone, tone) for tone in TONES.values()]
        self._first = [self._key(partial(self._first_row, place, act)) for place, act in enumerate(acts)]
        self.add_widget(_row(*self._first))
        for letters in LETTERS:
            self._rows.append([self._plain(place, len(self._rows)) for place in range(len(letters))])
        self._shift = self._word("digits", "keys.digits", self._switch, wide="keyboard_shift")
        self._erase = self._word("erase", "", self._erased, icon="backspace", wide="keyboard_shift")
        self.add_widget(_row(*self._rows[0]))
        self.add_widget(_row(Box(flex=0.2), *self._rows[1], Box(flex=0.2)))
        self.add_widget(_row(self._shift, *self._rows[2], self._erase))
        clear = self._word("clear", "keys.clear", lambda: self.put(""), wide="keyboard_clear")
        self._case = self._word("case", "keys.case", self._turn, wide="keyboard_clear", hidden=True)
        space = self._word("space", "keys.space", lambda: self.press(" "), flex=1)
        self._go = self._word("go", self.go_message, lambda: self.dispatch("on_go"), wide="keyboard_go")
        self._go.style = "primary"
        self.add_widget(_row(clear, self._case, space, self._go))

    def _key(self, act: object) -> LetterKey:
        key = LetterKey(flex=1)
        key.bind(on_act=lambda *_: act())  # type: ignore[operator]
        return key

    def _plain(self, place: int, row: int) -> LetterKey:
        key = LetterKey(flex=1)
        key.bind(on_act=lambda *_: self.press(self._letters()[row][place]))
        return key

    def _word(self, name: str, message: str, act: object, **values: object) -> WordKey:
        key = WordKey(name=name, message=message, **values)
        key.bind(on_act=lambda *_: act())  # type: ignore[operator]
        return key

    def _letters(self) -> tuple[str, ...]:
        return DIGITS if self.digits else LETTERS

    def _relabel(self, *_: object) -> None:
        for keys, letters in zip(self._rows, self._letters(), strict=True):
            for key, letter in zip(keys, letters, strict=True):
                key.letter = letter.upper() if self.upper else letter
        first = self.first_row or (OWN.upper() if self.upper else OWN) + "".join(TONES)
        for key, letter in zip(self._first, first, strict=True):
            key.letter, key.style = letter, "soft" if letter in TONES else "plain"
        self._case.hidden, self._case.icon = not self.cased, "check" if self.upper else ""
        self._case.style = "selected" if self.upper else "plain"
        self._shift.message = "keys.letters" if self.digits else "keys.digits"
        self._go.message, self._go.icon = self.go_message, self.go_icon

    # --- writing -------------------------------------------------------------------------------------------------

    def press(self, key: str) -> None:
        """A key as it is written on it; letters by Telex."""
        key = self._cased(key)
        self._take(Typed(self.text + key) if self.first_row else self._typed.press(key))

    def put(self, text: str) -> None:
        """This is what stands there now."""
        self._take(Typed(text))

    def _own(self, letter: str) -> None:
        self._take(self._typed.letter(self._cased(letter)))

    def _first_row(self, place: int, act: Callable[[], None]) -> None:
        """A letter or tone of its own; where `first_row` stands there instead, what it says."""
        if self.first_row:
            self.press(self.first_row[place])
        else:
            act()

    def _cased(self, key: str) -> str:
        text = self._typed.text
        begins = (self.capitals and (not text or text[-1] == " ")) or (self.sentence and not text)
        return key.upper() if self.upper or begins else key

    def _tone(self, tone: Tone) -> None:
        self._take(self._typed.tone(tone))

    def _erased(self) -> None:
        self._take(Typed(self.text[:-1]) if self.first_row else self._typed.erase())

    def _turn(self) -> None:
        self.upper = not self.upper

    def _switch(self) -> None:
        self.digits = not self.digits

    def _take(self, typed: Typed) -> None:
        self._typed = typed
        self.text = typed.text

    def _given(self, _keyboard: object, text: str) -> None:
        if text != self._typed.text:
            self._typed = Typed(text)

    # --- drawing -------------------------------------------------------------------------------------------------

    def draw(self) -> None:
        """The bed reaches to both edges of the window and down to the bar."""
        wide, edge = DESIGN_WIDTH * theme.scale, max(1, round(theme.size("border_card")))
        top = self.top + theme.size("gap")
        bottom = self.y - theme.size("gap")
        self._bed.pos, self._bed.size = (0, bottom), (wide, top - bottom)
        self._edge.pos, self._edge.size = (0, top - edge), (wide, edge)
        self.restyle_bed()

    def restyle_bed(self) -> None:
        """Colours again."""
        self._bed_paint.rgba, self._edge_paint.rgba = theme.colour("sunken"), theme.colour("line")

    def restyle(self) -> None:
        """Colours again."""
        super().restyle()
        self.restyle_bed()


def _row(*keys: Box) -> Row:
    row = Row(gap="gap")
    for key in keys:
        row.add_widget(key)
    return row
