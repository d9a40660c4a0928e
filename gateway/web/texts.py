"""Words of the pages: console, queue, money and fleet of `assets/locales/<language>`."""

from __future__ import annotations

import tomllib
import unicodedata
from functools import cache
from pathlib import Path

LANGUAGES = ("vi", "en")
_AREAS = ("console", "queue", "money", "fleet")
_LOCALES = Path(__file__).resolve().parents[2] / "assets" / "locales"


@cache
def texts(language: str) -> dict[str, str]:
    """Every text of the pages in one language; Vietnamese for an unknown one."""
    return _read(language, _AREAS)


@cache
def cures(language: str) -> dict[str, str]:
    """What a technician does, by failure code: `PR-02.cure`."""
    return {key: text for key, text in _read(language, ("failures",)).items() if key.endswith(".cure")}


@cache
def desk_words(language: str) -> dict[str, str]:
    """For the staff desk: why a slip did not come out (`PR-02.what`), and where at a kiosk somebody calls."""
    failures = {key: text for key, text in _read(language, ("failures",)).items() if key.endswith(".what")}
    steps = _read(language, ("screens", "pay", "visit", "procedures", "filing"))
    return failures | {f"console.{key}": text for key, text in steps.items() if key.startswith("step.")}


def _read(language: str, areas: tuple[str, ...]) -> dict[str, str]:
    folder = _LOCALES / (language if language in LANGUAGES else LANGUAGES[0])
    content: dict[str, object] = {}
    for area in areas:
        content |= tomllib.loads((folder / f"{area}.toml").read_text(encoding="utf-8"))
    return {key: unicodedata.normalize("NFC", str(text)) for key, text in content.items()}
