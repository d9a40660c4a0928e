"""Which part of a name or a birth date differs, told without telling either: message ids for the mismatch slip.

The insurer says only which field is wrong (060, 061, 070). Where its answer carries its own entry too, the two are
compared here; the kiosk and the slip get the place of the difference and never the values (LOOK.md section 12, s5).
"""

from __future__ import annotations

import unicodedata

_WITHOUT_DECOMPOSITION = str.maketrans({"đ": "d", "ð": "d"})


def name_detail(asked: str, known: str, *, initials_match: bool) -> str:
    """Message id of how two names differ; `known` is empty where the insurer keeps it to itself."""
    ours, theirs = _words(asked), _words(known)
    if not theirs or ours == theirs:
        return "mismatch.name.close" if initials_match else "mismatch.name.other"
    if len(ours) != len(theirs):
        return "mismatch.name.words"
    places = [place for place, pair in enumerate(zip(ours, theirs, strict=True)) if pair[0] != pair[1]]
    kind = "accents" if all(_bare(ours[place]) == _bare(theirs[place]) for place in places) else "letters"
    parts = {_part(place, len(ours)) for place in places}
    return f"mismatch.name.{kind}.{parts.pop()}" if len(parts) == 1 else f"mismatch.name.{kind}"


def birth_detail(asked: str, known: str) -> str:
    """Message id of how two births differ. `asked` yyyy, yyyy-mm or yyyy-mm-dd; `known` dd/MM/yyyy, yyyy or empty."""
    ours, theirs = asked.split("-"), list(reversed(known.strip().split("/"))) if known.strip() else []
    if theirs and ours[0] != theirs[0]:
        return "mismatch.birth.year"
    if len(ours) < 3:
        return "mismatch.birth.year_only"
    if len(theirs) < 3:
        return "mismatch.birth.no_day" if theirs else "mismatch.birth.other"
    month, day = ours[1] != theirs[1], ours[2] != theirs[2]
    if month and day:
        swapped = (ours[1], ours[2]) == (theirs[2], theirs[1])
        return "mismatch.birth.swapped" if swapped else "mismatch.birth.day_month"
    return "mismatch.birth.month" if month else "mismatch.birth.day" if day else "mismatch.birth.other"


def from_machine_zone(name: str) -> bool:
    """Whether a name came from the chip's machine readable zone: capitals without marks (ICAO 9303-3 section 6).

    Such a name never matches one with marks: that is no fault of anybody's papers.
    """
    return name.isascii() and name == name.upper()


def _words(name: str) -> list[str]:
    return unicodedata.normalize("NFC", name).casefold().split()


def _bare(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word.translate(_WITHOUT_DECOMPOSITION))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _part(place: int, count: int) -> str:
    """Vietnamese names: family name first, given name last."""
    return "family" if place == 0 else "given" if place == count - 1 else "middle"
