"""Drawing on a strip of thermal paper: fonts, lines of text, rules, boxes, QR codes. Measures of slip.css, in dots.

Everything is drawn in grey and cut to black and white at the end: strokes keep their weight that way.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

import qrcode
from PIL import Image, ImageChops, ImageDraw, ImageFont

from drivers.printer.text import TextAlign, TextLine

FONTS = Path(__file__).resolve().parents[2] / "assets" / "fonts"
WIDTH = 576
"""72 mm at 8 dots a millimetre."""
MARGIN = 12
INNER = WIDTH - 2 * MARGIN
_TWICE = 44
"""Dots of a letter that text mode prints twice as large."""
LONGEST = 1520
"""190 mm."""
QUIET = 4
"""Modules of white around a QR code (ISO/IEC 18004)."""


class Weight(Enum):
    """The cuts of the prepared fonts; thin strokes break on thermal paper, so nothing under Medium."""

    MEDIUM = "Medium"
    BOLD = "Bold"
    FIGURES = "Figures-Bold"


class Align(Enum):
    """Where a line stands."""

    LEFT = 0
    CENTRE = 1
    RIGHT = 2


@dataclass(frozen=True)
class Style:
    """Size and line height of one kind of text, in dots."""

    size: int
    line: int
    weight: Weight = Weight.MEDIUM
    spacing: int = 0
    """Dots between characters."""

    @property
    def font(self) -> ImageFont.FreeTypeFont:
        return _font(self.weight, self.size)

    def width(self, text: str) -> float:
        """Dots `text` takes in one line."""
        if not self.spacing:
            return self.font.getlength(text)
        return sum(self.font.getlength(letter) + self.spacing for letter in text) - self.spacing if text else 0.0

    def wrap(self, text: str, width: float) -> list[str]:
        """`text` in lines of at most `width` dots; a word that is too long is broken."""
        lines: list[str] = []
        for paragraph in text.split("\n"):
            line = ""
            for word in paragraph.split():
                if line and self.width(f"{line} {word}") <= width:
                    line = f"{line} {word}"
                    continue
                if line:
                    lines.append(line)
                *full, line = self._pieces(word, width)
                lines.extend(full)
            lines.append(line)
        return lines

    def balanced(self, text: str, width: float) -> list[str]:
        """As few lines as `wrap` needs, as equally long as the words allow: for titles in the middle."""
        lines = self.wrap(text, width)
        if len(lines) < 2:
            return lines
        narrow, wide = 0.0, width
        while wide - narrow > 4:
            middle = (narrow + wide) / 2
            if len(self.wrap(text, middle)) > len(lines):
                narrow = middle
            else:
                wide = middle
        return self.wrap(text, wide)

    def _pieces(self, word: str, width: float) -> list[str]:
        pieces = [""]
        for letter in word:
            if pieces[-1] and self.width(pieces[-1] + letter) > width:
                pieces.append("")
            pieces[-1] += letter
        return pieces


@cache
def _font(weight: Weight, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / f"BeVietnamProKiosk-{weight.value}.ttf", size)


class Paper:
    """A strip `width` dots wide that grows downwards; `y` is where the next thing goes.

    What is drawn is also noted as `lines`, for printers that print text only.
    """

    def __init__(self, width: int = WIDTH) -> None:
        self.width = width
        self.inner = width - 2 * MARGIN
        self._grey = Image.new("L", (width, 4000), 255)
        self._draw = ImageDraw.Draw(self._grey)
        self._label = ""
        self.y = 0
        self.lines: list[TextLine] = []

    def picture(self) -> Image.Image:
        """The strip as a 1-bit picture."""
        strip = self._grey.crop((0, 0, self.width, self.y))
        return strip.point([0] * 128 + [255] * 128, "1")

    def space(self, dots: int) -> None:
        """Move down."""
        self.y += dots

    def text(
        self, text: str, style: Style, align: Align = Align.LEFT, left: int = MARGIN, width: int | None = None
    ) -> None:
        """Wrapped text between `left` and `left + width`; without a width, to the right margin."""
        self._note(text, style, align)
        room = self.inner if width is None else width
        for line in style.balanced(text, room) if align is Align.CENTRE else style.wrap(text, room):
            self._line(line, style, align, left, room)

    def line(self, text: str, style: Style, align: Align, left: int, width: int) -> None:
        """One line, not wrapped."""
        self._note(text, style, align)
        self._line(text, style, align, left, width)

    def label(self, text: str, style: Style) -> None:
        """A text at the left of the line whose right side comes next."""
        self._label = text
        self.put(text, style, MARGIN)

    def note(self, line: TextLine) -> None:
        """Something that is drawn by other means: the big number, a QR code."""
        self.lines.append(line)

    def _note(self, text: str, style: Style, align: Align) -> None:
        bold = style.weight is not Weight.MEDIUM
        if self._label:
            self.lines.append(TextLine(self._label, right=text, bold=bold))
            self._label = ""
            return
        times = 2 if style.size >= _TWICE else 1
        self.lines.append(TextLine(text, align=TextAlign(align.value), bold=bold, times=times))

    def _line(self, text: str, style: Style, align: Align, left: int, width: int) -> None:
        x = left + (width - style.width(text)) * align.value / 2
        self.put(text, style, x)
        self.y += style.line

    def put(self, text: str, style: Style, x: float) -> None:
        """One line at `x` without moving down; the text stands in the middle of its line height, as in CSS."""
        ascent, descent = style.font.getmetrics()
        baseline = self.y + (style.line - ascent - descent) / 2 + ascent
        if not style.spacing:
            self._draw.text((x, baseline), text, fill=0, font=style.font, anchor="ls")
            return
        for letter in text:
            self._draw.text((x, baseline), letter, fill=0, font=style.font, anchor="ls")
            x += style.font.getlength(letter) + style.spacing

    def rule(self, margin: int = 16, dashed: bool = False) -> None:
        """A line of 3 dots across the paper."""
        self.y += margin
        self.lines.append(TextLine(rule=True))
        right, bottom = self.width - MARGIN - 1, self.y + 2
        if dashed:
            for x in range(MARGIN, right, 9):
                self._draw.rectangle((x, self.y, min(x + 5, right), bottom), fill=0)
        else:
            self._draw.rectangle((MARGIN, self.y, right, bottom), fill=0)
        self.y += 3 + margin

    def frame(self, top: int) -> None:
        """A box of 4 dots from `top` to here."""
        self._draw.rectangle((MARGIN, top, self.width - MARGIN - 1, self.y - 1), outline=0, width=4)

    def block(self, x: int, y: int, width: int, height: int) -> None:
        """A black rectangle."""
        self._draw.rectangle((x, y, x + width - 1, y + height - 1), fill=0)

    @staticmethod
    def strip(text: str, style: Style, width: int) -> Image.Image:
        """One line in grey on a strip of its own, 8 dots from the left, as high as the font."""
        ascent, descent = style.font.getmetrics()
        grey = Image.new("L", (width, ascent + descent), 255)
        draw = ImageDraw.Draw(grey)
        x = 8.0
        for letter in text:
            draw.text((x, ascent), letter, fill=0, font=style.font, anchor="ls")
            x += style.font.getlength(letter) + style.spacing
        return grey

    def darken(self, picture: Image.Image, x: int, y: int) -> None:
        """Lay a picture over what is there: only its ink counts."""
        box = (x, y, x + picture.width, y + picture.height)
        self._grey.paste(ImageChops.darker(self._grey.crop(box), picture), (x, y))

    def paste(self, picture: Image.Image, x: int, y: int) -> None:
        """A finished picture."""
        self._grey.paste(picture, (x, y))


def qr_picture(content: str, largest: int = 222, dots: int | None = None) -> Image.Image:
    """A QR code with its quiet zone, 7 dots a module, 6 where 7 would be wider than `largest` dots, or just `dots`.

    Whole dots only: a module of 6.5 dots cannot be read from thermal paper.
    """
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=QUIET)
    code.add_data(content)
    code.make(fit=True)
    matrix = code.get_matrix()
    modules = len(matrix)
    dots = dots or (7 if modules * 7 <= largest else 6)
    small = Image.new("L", (modules, modules), 255)
    small.putdata([0 if dark else 255 for row in matrix for dark in row])
    return small.resize((modules * dots, modules * dots), Image.Resampling.NEAREST)
