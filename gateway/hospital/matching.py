"""Whether two records can be the same person, by what was told: names folded, births to what both know."""

from __future__ import annotations

import unicodedata


def fold(name: str) -> str:
    """A name without case, marks and double spaces: NGUYEN MINH KHANG."""
    plain = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    return " ".join("".join(sign for sign in plain if not unicodedata.combining(sign)).upper().split())


def same_name(one: str, other: str) -> bool:
    """Whether both are written the same, marks and case apart; where both have marks, these count too."""
    if fold(one) != fold(other):
        return False
    accents = [unicodedata.normalize("NFC", " ".join(name.casefold().split())) for name in (one, other)]
    bare = [fold(name).casefold() for name in (one, other)]
    return accents[0] == accents[1] or any(accent == plain for accent, plain in zip(accents, bare, strict=True))


def same_birth(one: str, other: str) -> bool:
    """Whether a birth known to the year, month or day can be the other. Empty agrees with nothing."""
    length = min(len(one), len(other))
    return length >= 4 and one[:length] == other[:length]
