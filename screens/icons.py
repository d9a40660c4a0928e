"""Phosphor icons by name: the code points of `assets/fonts/icons.json` (the same in the Bold and the Fill cut)."""

from __future__ import annotations

import json
from functools import cache

from screens.theme import FONTS

FALLBACK = "first-aid-kit"
"""For a clinic whose icon the gateway names and we do not know."""


@cache
def _points() -> dict[str, str]:
    return {name: chr(int(point[2:], 16)) for name, point in json.loads((FONTS / "icons.json").read_text()).items()}


def known(name: str) -> bool:
    """Whether there is such an icon."""
    return name in _points()


def glyph(name: str) -> str:
    """The letter of an icon; nothing for an empty name. Unknown names are KeyErrors, held by a test."""
    return _points()[name] if name else ""
