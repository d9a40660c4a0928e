"""A spoken sentence as text: numbers of cards and tickets digit by digit, amounts in words."""

from __future__ import annotations

import re

from services.journeys.prompts.base import Say
from services.messages import tr
from services.receipts.words_of_amount import amount_in_words

_CODE = re.compile(r"[A-Z0-9•]{0,4}-?(?=[A-Z0-9•-]*[0-9])[A-Z0-9•-]+")
AMOUNT = "amount"


def spoken_text(sentence: Say, language: str) -> str:
    """What is said. Raises services.messages.MissingMessage for an unknown id, KeyError for a missing argument."""
    words = tr(sentence.message, language, **{name: _spoken(name, value) for name, value in sentence.args})
    if "{" in words:
        raise KeyError(sentence.message)
    return words


def _spoken(name: str, value: str | int) -> str | int:
    if isinstance(value, int):
        return amount_in_words(value, "vi") if name == AMOUNT else value
    if _CODE.fullmatch(value):
        # "U047" is "U 0 4 7": a ticket number is compared with the board digit by digit.
        return " ".join(letter for letter in value if letter.isalnum())
    return value
