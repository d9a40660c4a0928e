"""The barcode of a dossier code: Code 128, code set B (ISO/IEC 15417), as the path of an SVG picture."""

from __future__ import annotations

_TABLE = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 "
    "123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 "
    "232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 "
    "313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 "
    "111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 "
    "111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 "
    "114311 411113 411311 113141 114131 311141 411131 211412 211214 211232"
)
PATTERNS = tuple(_TABLE[start : start + 6] for start in range(0, len(_TABLE), 7))
"""Widths of bars and gaps in modules, for the values 0 to 105."""
START_B, STOP = 104, "2331112"
QUIET = 10
"""Modules that stay white at each side."""


def widths(text: str) -> str:
    """Bars and gaps of a whole code. ValueError for what code set B does not hold."""
    values = [ord(letter) - 32 for letter in text]
    if not text or any(not 0 <= value <= 94 for value in values):
        raise ValueError("code set B holds printable ASCII only")
    check = (START_B + sum(place * value for place, value in enumerate(values, 1))) % 103
    return "".join(PATTERNS[value] for value in (START_B, *values, check)) + STOP


def barcode_path(text: str) -> str:
    """One unit for each module, ten high; empty where the text cannot be drawn."""
    try:
        bars = widths(text)
    except ValueError:
        return ""
    x, path = QUIET, ""
    for place, width in enumerate(map(int, bars)):
        if place % 2 == 0:
            path += f"M{x} 0h{width}v10h-{width}z"
        x += width
    return path


def barcode_size(text: str) -> str:
    """How many modules wide, with its quiet zones."""
    try:
        return str(sum(map(int, widths(text))) + 2 * QUIET)
    except ValueError:
        return "1"
