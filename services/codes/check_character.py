"""A check character for our own codes: finds every single wrong character and every swap of two.

The alphabet is Crockford's: digits and capitals without I, L, O and U, so that a person can read it aloud and type
it. Characters are elements of GF(2^5); the check is the sum of each times a different power of a generator, which is
why two swapped characters never cancel out (up to 30 characters).
"""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MAX_BODY = 30
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_LOOK_ALIKES = str.maketrans("OIL", "011")
_REDUCTION = 0b100101
"""x^5 + x^2 + 1: irreducible, and x generates all 31 non-zero elements."""
OFFSET = 29
"""Added to the sum, so that a row of zeros does not check to zero; another offset makes another family of codes."""


def check_character(body: str, offset: int = OFFSET) -> str:
    """The character that belongs behind `body` (1 to 30 characters of the alphabet, else ValueError)."""
    if not 1 <= len(body) <= MAX_BODY or not is_body(body):
        raise ValueError("not 1 to 30 characters of the alphabet")
    total = 0
    for character in reversed(body):
        total = _times_x(total ^ _VALUES[character])
    return ALPHABET[total ^ offset]


def holds(text: str, offset: int = OFFSET) -> bool:
    """Whether the last character of `text` is the check character of the others."""
    return 2 <= len(text) <= MAX_BODY + 1 and is_body(text) and check_character(text[:-1], offset) == text[-1]


def is_body(text: str) -> bool:
    """Whether all characters are of the alphabet."""
    return all(character in _VALUES for character in text)


def read_alike(text: str) -> str:
    """Typed text as it was meant: capitals, O as 0, I and L as 1."""
    return text.upper().translate(_LOOK_ALIKES)


def _times_x(element: int) -> int:
    shifted = element << 1
    return shifted ^ _REDUCTION if shifted & 0b100000 else shifted
