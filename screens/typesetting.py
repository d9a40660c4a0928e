"""Lines of text: breaking at spaces into a width, bold runs, and the textures of the runs.

A line pitch is exact and baselines stand where LOOK.md puts them, because every line is its own texture: the prepared
fonts carry 1.46 em and are centred on their pitch.
"""

from __future__ import annotations

from dataclasses import dataclass

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


Piece = tuple[str, bool]
"""Text without a space, and whether it is bold."""


def measure(text: str, font: str, size: float) -> float:
    """Width of a text in window pixels."""
    if not text:
        return 0.0
    label = CoreLabel(font_name=font, font_size=size)
    return float(label.get_extents(text.replace(NO_BREAK_SPACE, " "))[0])


def texture_of(text: str, font: str, size: float) -> Texture | None:
    """White text on nothing: the colour is the canvas's."""
    if not text.strip(f" {NO_BREAK_SPACE}"):
        return None
    label = CoreLabel(text=text.replace(NO_BREAK_SPACE, " "), font_name=font, font_size=size)
    label.refresh()
    return label.texture


def _words(paragraph: str) -> list[list[Piece]]:
    """Words between spaces; `**` switches bold on and off."""
    words: list[list[Piece]] = [[]]
    for number, part in enumerate(paragraph.split("**")):
        bold = number % 2 == 1
        for index, word in enumerate(part.split(" ")):
            if index:
                words.append([])
            if word:
                words[-1].append((word, bold))
    return [word for word in words if word]


def _join(words: list[list[Piece]]) -> list[Piece]:
    """Neighbouring pieces of one weight become one run; spaces go with the piece before them."""
    runs: list[Piece] = []
    for number, word in enumerate(words):
        for index, (text, bold) in enumerate(word):
            lead = " " if number and not index else ""
            if runs and runs[-1][1] == bold:
                runs[-1] = (runs[-1][0] + lead + text, bold)
            elif runs and lead:
                runs[-1] = (runs[-1][0] + lead, runs[-1][1])
                runs.append((text, bold))
            else:
                runs.append((text, bold))
    return runs


class Typesetter:
    """Breaks texts set in one face."""

    def __init__(self, face: Face) -> None:
        self._face = face

    def _width(self, text: str, bold: bool) -> float:
        return measure(text, self._face.bold if bold else self._face.font, self._face.size)

    def _line(self, words: list[list[Piece]]) -> Line:
        x, runs = 0.0, list[Run]()
        for text, bold in _join(words):
            width = self._width(text, bold)
            runs.append(Run(text, bold, x, width))
            x += width
        return Line(tuple(runs), x)

    def set(self, text: str, room: float) -> Setting:
        """Break `text` into lines not wider than `room`; a line break in the text stays one."""
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

    def _last_that_fits(self, words: list[list[Piece]], start: int, room: float) -> int:
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

    def balanced(self, text: str, room: float) -> Setting:
        """The narrowest setting with no more lines than the widest one: headings break in the middle."""
        best = self.set(text, room)
        if len(best.lines) < 2:
            return best
        low, high = best.width / 2, best.width
        for _ in range(6):
            middle = (low + high) / 2
            trial = self.set(text, middle)
            if len(trial.lines) <= len(best.lines) and trial.fits:
                best, high = trial, middle
            else:
                low = middle
        return best
