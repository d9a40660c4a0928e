"""Text as people may type it: no marks, no capitals, đ as d, words apart."""

from __future__ import annotations

import re
import unicodedata

_WORDS = re.compile(r"[0-9a-z]+(?:[./][0-9a-z]+)*")
_D = str.maketrans({"đ": "d", "Đ": "d"})


def fold(text: str) -> str:
    """ "Đăng ký khai sinh" gives "dang ky khai sinh"; the length may change."""
    decomposed = unicodedata.normalize("NFD", text.translate(_D))
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c))).lower()


def words(text: str) -> tuple[str, ...]:
    """The folded words of a text; a code such as 1.001193 is one word."""
    return tuple(_WORDS.findall(fold(text)))


def spans(text: str) -> tuple[tuple[int, int, str], ...]:
    """The words of a text with their place in it (start, end), for marking what was found. NFC text in."""
    folded = "".join(fold(letter) or letter for letter in unicodedata.normalize("NFC", text))
    return tuple((match.start(), match.end(), match.group()) for match in _WORDS.finditer(folded))
