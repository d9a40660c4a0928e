"""Clips of the board's voice: which a call needs, and which nobody has recorded yet (`assets/voice/README.md`)."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from gateway.settings import CounterSettings

CLIPS = Path(__file__).resolve().parents[2] / "assets" / "voice" / "vi" / "board"

PLEASE, TO = "moi-so", "den"
"""Before the number and before the counter: "Mời số …", "đến …"."""


def sentence(number: str, counter: CounterSettings | None) -> tuple[str, ...]:
    """Clips of one call in their order: "Mời số T 0 1 2, đến phòng 2 0 5". Files are named like them, `.wav`."""
    # A mark that tells two slips of one number apart ("B07/2") stands on no paper.
    spelt = tuple(letter for letter in number.partition("/")[0].lower() if letter.isalnum())
    place = () if counter is None else words(counter.spoken or counter.name)
    return (PLEASE, *spelt, TO, *place) if place else (PLEASE, *spelt)


def words(text: str) -> tuple[str, ...]:
    """A counter's name in clips: words without marks, figures digit by digit; other signs are silent."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    marks = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return tuple(re.findall(r"[a-z]+|[0-9]", marks))


def missing(counters: tuple[CounterSettings, ...]) -> tuple[str, ...]:
    """Clips that calls of these counters need and that are not there."""
    needed = {PLEASE, TO, *"0123456789ut"}
    for counter in counters:
        needed.update(words(counter.spoken or counter.name))
    return tuple(sorted(clip for clip in needed if not (CLIPS / f"{clip}.wav").is_file()))
