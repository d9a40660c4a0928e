"""Lines of text: breaking at spaces into a width, bold runs, and the textures of the runs.

A line pitch is exact and baselines stand where LOOK.md puts them, because every line is its own texture: the prepared
fonts carry 1.46 em and are centred on their pitch.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from kivy.core.text import Label as CoreLabel
from kivy.graphics.texture import Texture

from screens.theme import Face

NO_BREAK_SPACE = "\u00a0"


@dataclass(frozen=True)
class Run:
    """Words of one weight on one line; `x` from the left edge of the line."""

    text: str
    bold: bool
    x: float
    width: float


@dataclass(frozen=True)
class Line:
    """One line and its width."""

    runs: tuple[Run, ...]
    width: float


@dataclass(frozen=True)
class Setting:
    """A text broken into lines. `fits` is False when one word alone is wider than the room."""

    lines: tuple[Line, ...]
    width: float
    fits: bool


ORPHAN = 0.16
"""A last line shorter than this share of the room is an orphan: the text is balanced instead."""
_UNIT = re.compile(r"(?<=\d) (?=[%\u0111])|(?<=\by) (?=t\u1ebf\b)|(?<=\bs\u1ed1) (?=\d)")
"""A number and its unit, "y tế", and the number of a desk stay together."""

_HYPHEN = re.compile(r"(?<=\w-)(?=\w)")

Piece = tuple[str, bool]
"""Text without a space, and whether it is bold."""


@lru_cache(maxsize=64)
def _ruler(font: str, size: float) -> CoreLabel:
    """A label of this face to measure with; it keeps no text."""
    return CoreLabel(font_name=font, font_size=size)


def measure(text: str, font: str, size: float) -> float:
    """Width of a text in window pixels."""
    if not text:
        return 0.0
    return float(_ruler(font, size).get_extents(text.replace(NO_BREAK_SPACE, " "))[0])


def texture_of(text: str, font: str, size: float) -> Texture | None:
    """White text on nothing: the colour is the canvas's."""
    if not text.strip(f" {NO_BREAK_SPACE}"):
        return None
    label = CoreLabel(text=text.replace(NO_BREAK_SPACE, " "), font_name=font, font_size=size)
    label.refresh()
    return label.texture


@dataclass(frozen=True)
class Word:
    """What is not broken: pieces of one or two weights; `lead` is the space before it, none after a hyphen."""

    pieces: tuple[Piece, ...]
    lead: str = " "


def _words(paragraph: str) -> list[Word]:
    """Words between spaces and after hyphens; `**` switches bold on and off."""
    words: list[tuple[str, list[Piece]]] = [("", [])]
    for number, part in enumerate(paragraph.split("**")):
        bold = number % 2 == 1
        for index, chunk in enumerate(part.split(" ")):
            if index:
                words.append((" ", []))
            for after, piece in enumerate(_HYPHEN.split(chunk)):
                if after:
                    words.append(("", []))
                if piece:
                    words[-1][1].append((piece, bold))
    return [Word(tuple(pieces), lead) for lead, pieces in words if pieces]


def _join(words: Sequence[Word]) -> list[Piece]:
    """Neighbouring pieces of one weight become one run; spaces go with the piece before them."""
    runs: list[Piece] = []
    for number, word in enumerate(words):
        for index, (text, bold) in enumerate(word.pieces):
            lead = word.lead if number and not index else ""
            if runs and runs[-1][1] == bold:
                runs[-1] = (runs[-1][0] + lead + text, bold)
            else:
                if runs and lead:
                    runs[-1] = (runs[-1][0] + lead, runs[-1][1])
                runs.append((text, bold))
    return runs


class Typesetter:
    """Breaks texts set in one face."""

    def __init__(self, face: Face) -> None:
        self._face = face

    def _width(self, text: str, bold: bool) -> float:
        return measure(text, self._face.bold if bold else self._face.font, self._face.size)

    def _line(self, words: Sequence[Word]) -> Line:
        x, runs = 0.0, list[Run]()
        for text, bold in _join(words):
            width = self._width(text, bold)
            runs.append(Run(text, bold, x, width))
            x += width
        return Line(tuple(runs), x)

    def set(self, text: str, room: float) -> Setting:
        """Break `text` into lines not wider than `room`, without an orphan at its end."""
        plain = self._broken(text, room)
        last = plain.lines[-1].width if plain.lines else room
        if len(plain.lines) > 1 and "\n" not in text and last < room * ORPHAN:
            return self._narrowed(text, plain)
        return plain

    def _broken(self, text: str, room: float) -> Setting:
        """A line break in the text stays one; what belongs together stays on one line."""
        text = _UNIT.sub(NO_BREAK_SPACE, text)
        lines, fits = list[Line](), True
        for paragraph in text.split("\n"):
            words = _words(paragraph)
            start = 0
            while start < len(words):
                end = self._last_that_fits(words, start, room)
                line = self._line(words[start:end])
                fits = fits and line.width <= room + 1
                lines.append(line)
                start = end
        return Setting(tuple(lines), max((line.width for line in lines), default=0.0), fits)

    def _last_that_fits(self, words: Sequence[Word], start: int, room: float) -> int:
        whole = self._line(words[start:])
        if whole.width <= room:
            return len(words)
        low, high = start + 1, len(words)
        while low < high:
            middle = (low + high + 1) // 2
            if self._line(words[start:middle]).width <= room:
                low = middle
            else:
                high = middle - 1
        return low

    def forced(self, text: str, room: float) -> Setting:
        """A word wider than the room is broken between letters: a name is never cut off."""
        pieces = list[str]()
        for word in text.split(" "):
            while word and self._width(word, False) > room:
                end = len(word)
                while end > 1 and self._width(word[:end], False) > room:
                    end -= 1
                pieces.append(word[:end])
                word = word[end:]
            pieces.append(word)
        return self._broken(" ".join(pieces), room)

    def balanced(self, text: str, room: float) -> Setting:
        """The narrowest setting with no more lines than the widest one: headings break in the middle."""
        best = self._broken(text, room)
        return best if len(best.lines) < 2 else self._narrowed(text, best)

    def _narrowed(self, text: str, best: Setting) -> Setting:
        low, high = best.width / 2, best.width
        for _ in range(6):
            middle = (low + high) / 2
            trial = self._broken(text, middle)
            if len(trial.lines) <= len(best.lines) and trial.fits:
                best, high = trial, middle
            else:
                low = middle
        return best
