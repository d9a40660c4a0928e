"""Vietnamese letters taken apart: the vowel with its own mark (a ă â…), and the tone above or below it."""

from __future__ import annotations

from enum import Enum


class Tone(Enum):
    """The tones in the order of the tables; the value is the place of a letter in its row."""

    LEVEL = 0
    ACUTE = 1
    GRAVE = 2
    HOOK = 3
    TILDE = 4
    DOT = 5


_ROWS = (
    "aáàảãạ", "ăắằẳẵặ", "âấầẩẫậ", "eéèẻẽẹ", "êếềểễệ", "iíìỉĩị", "oóòỏõọ", "ôốồổỗộ", "ơớờởỡợ",
    "uúùủũụ", "ưứừửữự", "yýỳỷỹỵ",
)  # fmt: skip
_APART = {letter: (row[0], Tone(place)) for row in _ROWS for place, letter in enumerate(row)}
_ROW = {row[0]: row for row in _ROWS}
VOWELS = frozenset(_ROW)


def apart(letter: str) -> tuple[str, Tone]:
    """ "Ế" gives ("Ê", ACUTE); a letter without a tone gives itself."""
    vowel, tone = _APART.get(letter.lower(), (letter.lower(), Tone.LEVEL))
    return (vowel.upper() if letter != letter.lower() else vowel), tone


def together(vowel: str, tone: Tone) -> str:
    """("Ê", ACUTE) gives "Ế"; what carries no tone stays as it is."""
    row = _ROW.get(vowel.lower())
    if row is None:
        return vowel
    letter = row[tone.value]
    return letter.upper() if vowel != vowel.lower() else letter


def is_letter(letter: str) -> bool:
    """Whether a letter belongs to a word."""
    return letter.isalpha()
