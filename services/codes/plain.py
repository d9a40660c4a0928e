"""Vietnamese text without its marks, for formats that know only printable ASCII (payment.md 1.3, trap 4)."""

from __future__ import annotations

import unicodedata

_WITHOUT_DECOMPOSITION = str.maketrans({"Đ": "D", "đ": "d"})


def plain_text(text: str) -> str:
    """ "Viện phí tháng 5" gives "Vien phi thang 5"; what has no plain form becomes one blank."""
    decomposed = unicodedata.normalize("NFD", text.translate(_WITHOUT_DECOMPOSITION))
    bare = (c for c in decomposed if not unicodedata.combining(c))
    return " ".join("".join(c if " " <= c <= "~" else " " for c in bare).split())


def as_read(text: str) -> str:
    """A scanned text without what surrounds it: blanks, line ends, the mark (U+FEFF) that some put before UTF-8.

    None of it stands in the code, so no checksum covers it.
    """
    return text.strip().removeprefix("\ufeff").strip()
