"""A spoken sentence as text: tickets digit by digit, amounts in words, times as people say them."""

from __future__ import annotations

import re

from services.journeys.prompts.base import Say
from services.messages import tr
from services.receipts.words_of_amount import vietnamese

_CODE = re.compile(r"(?=.*[0-9])[A-Z0-9•-]{3,}|[A-Z][0-9]+")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
AMOUNT = "amount"
WORDS = "words"
"""An argument that is text from the screen: amounts, times and codes stand in the middle of it."""
_AMOUNT = re.compile(r"(\d{1,3}(?:\.\d{3})*) đ(?!\w)")
_CLOCK = re.compile(r"\b([01]?\d|2[0-3]):([0-5]\d)\b")
_LONG_CODE = re.compile(r"\b(?!(?:19|20)\d\d\b)(?=\w*\d)[A-Z0-9]{4,}\b|\b[A-Z]\d+\b")
_HIDDEN = re.compile(r"[•_](?:[•_\s]*[•_])?")


def spoken_text(sentence: Say, language: str) -> str:
    """What is said. Raises services.messages.MissingMessage for an unknown id, KeyError for a missing argument."""
    arguments = {name: _spoken(name, value, language) for name, value in sentence.args}
    words = tr(sentence.message, language, **arguments)
    if "{" in words:
        raise KeyError(sentence.message)
    return words


def _spoken(name: str, value: str | int, language: str) -> str | int:
    if isinstance(value, int):
        # A synthesiser says "hai triệu năm trăm" for 2,000,500: the currency stands in the sentence, the words here.
        return vietnamese(value) if name == AMOUNT and language == "vi" else value
    if name == WORDS:
        return _screen(value, language)
    if language == "vi" and (time := _TIME.fullmatch(value)):
        hours, minutes = int(time[1]), int(time[2])
        return f"{hours} giờ {minutes}" if minutes else f"{hours} giờ"
    if _CODE.fullmatch(value):
        # "U047" is "U 0 4 7": a ticket number is compared with the board digit by digit.
        return " ".join(letter for letter in value if letter.isalnum())
    return value


def _screen(text: str, language: str) -> str:
    """A label as people say it: hidden digits are left out, amounts are words, times hours, codes letter by letter."""
    text = _HIDDEN.sub(" ", text.replace("\u00a0", " "))
    text = _LONG_CODE.sub(lambda found: " ".join(found[0]), text)
    text = _AMOUNT.sub(lambda found: _money(int(found[1].replace(".", "")), language), text)
    if language == "vi":
        text = _CLOCK.sub(lambda found: str(_spoken("", f"{found[1]}:{found[2]}", language)), text)
    return " ".join(text.split())


def _money(amount: int, language: str) -> str:
    return f"{vietnamese(amount)} đồng" if language == "vi" else f"{amount} dong"
