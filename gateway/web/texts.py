"""Words of the pages, from `console.toml`, `queue.toml` and `money.toml` of `assets/locales/<language>`."""

from __future__ import annotations

import tomllib
import unicodedata
from functools import cache
from pathlib import Path

LANGUAGES = ("vi", "en")
_AREAS = ("console", "queue", "money")
_LOCALES = Path(__file__).resolve().parents[2] / "assets" / "locales"


@cache
def texts(language: str) -> dict[str, str]:
    """Every text of the pages in one language; Vietnamese for an unknown one."""
    folder = _LOCALES / (language if language in LANGUAGES else LANGUAGES[0])
    content: dict[str, object] = {}
    for area in _AREAS:
        content |= tomllib.loads((folder / f"{area}.toml").read_text(encoding="utf-8"))
    return {key: unicodedata.normalize("NFC", str(text)) for key, text in content.items()}
