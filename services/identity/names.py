"""Whether a name with its diacritics is the one in a machine readable zone (ICAO 9303-3 section 6)."""

from __future__ import annotations

import unicodedata

from drivers.emrtd.lds.mrz import Mrz

_WITHOUT_DECOMPOSITION = str.maketrans({"Đ": "D", "Ð": "D", "Ø": "OE", "Ł": "L", "Æ": "AE", "Œ": "OE", "ẞ": "SS"})


def fold(name: str) -> str:
    """Capitals A to Z, words divided by one blank: "Nguyễn Thị Đào" gives "NGUYEN THI DAO"."""
    decomposed = unicodedata.normalize("NFD", name.upper().translate(_WITHOUT_DECOMPOSITION))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join("".join(c if "A" <= c <= "Z" else " " for c in bare).split())


def zone_name(mrz: Mrz) -> str:
    """The name of the zone, surname first as Vietnamese write it."""
    return " ".join(f"{mrz.surname} {mrz.given_names}".split())


def folds_to(name: str, mrz: Mrz) -> bool:
    """Whether `name` is the zone's; a name that fills its line may have been cut (9303-3 section 4.2.3)."""
    folded, zone = fold(name), zone_name(mrz)
    if folded == zone:
        return True
    field = mrz.lines[2] if len(mrz.lines) == 3 else mrz.lines[0][5:]
    return bool(zone) and not field.endswith("<") and folded.replace(" ", "").startswith(zone.replace(" ", ""))
