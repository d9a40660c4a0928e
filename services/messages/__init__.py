"""Words for people: message ids to Vietnamese and English texts, from `assets/locales/<language>/*.toml`.

Each file is a flat table `"home.hello" = "Xin chào"`; arguments stand in braces: `"ins.expired" = "… {date}"`.
Texts are normalised to NFC. An id may stand in one file only.
"""

from __future__ import annotations

import tomllib
import unicodedata
from functools import cache
from pathlib import Path

LANGUAGES = ("vi", "en")
LOCALES = Path(__file__).resolve().parents[2] / "assets" / "locales"


class MissingMessage(KeyError):
    """A message id without a text: a programming error, held by a test."""


@cache
def table(language: str) -> dict[str, str]:
    """All messages of one language ("vi", "en")."""
    messages: dict[str, str] = {}
    for path in sorted((LOCALES / language).glob("*.toml")):
        for key, text in tomllib.loads(path.read_text("utf-8")).items():
            if key in messages:
                raise ValueError(f"{path}: {key} stands in another file already")
            messages[key] = unicodedata.normalize("NFC", text)
    return messages


def tr(message: str, language: str, /, **args: str | int) -> str:
    """The text of `message` in `language` with its arguments filled in."""
    try:
        text = table(language)[message]
    except KeyError:
        raise MissingMessage(f"{language}: {message}") from None
    return text.format(**args) if args else text


def known(message: str) -> bool:
    """Whether there is a text of this id in every language."""
    return all(message in table(language) for language in LANGUAGES)


def money(amount: int) -> str:
    """Whole đồng as people write them: 122500 -> "122.500 đ"."""
    return f"{dotted(amount)} đ"


def dotted(amount: int) -> str:
    """Thousands with dots, for texts that carry the unit themselves: 122500 -> "122.500"."""
    return f"{amount:,}".replace(",", ".")
