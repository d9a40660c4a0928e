"""Slip s6: what a technician looks at after paper, head or cutter were touched. The only one without a place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from drivers.printer.text import TextLine
from services.messages import tr
from services.receipts.number import big_number
from services.receipts.paper import MARGIN, WIDTH, Align, Paper, Style, Weight, qr_picture
from services.receipts.parts import BOLD, SMALL, TITLE, local

LETTERS = Style(28, 40)
RULER = Style(24, 28, Weight.FIGURES)
VOWELS = (
    "a á à ả ã ạ", "ă ắ ằ ẳ ẵ ặ", "â ấ ầ ẩ ẫ ậ", "e é è ẻ ẽ ẹ", "ê ế ề ể ễ ệ", "i í ì ỉ ĩ ị",
    "o ó ò ỏ õ ọ", "ô ố ồ ổ ỗ ộ", "ơ ớ ờ ở ỡ ợ", "u ú ù ủ ũ ụ", "ư ứ ừ ử ữ ự", "y ý ỳ ỷ ỹ ỵ",
)  # fmt: skip
OTHERS = (
    "b c d đ g h k l m n p q r s t v x",
    "B C D Đ G H K L M N P Q R S T V X",
    "f j w z F J W Z",
    "0123456789 . , : - / % • “ ” ₫ đ",
)
STROKES = ((1, 0), (2, 12), (3, 25), (4, 39), (8, 55))
"""Thickness and place of each stroke, in dots."""
STEP = 18
"""Dots of one stair: 32 stairs pass every element of the head."""
GREY_LEFT = 332
"""Dots from the margin to the words beside grey and black."""
CODE = "TRAM-TEST"
NUMBER = "H08"


@dataclass(frozen=True, kw_only=True)
class TechnicianSlip:
    """Facts in the head of the slip. `printer` is how the settings name it."""

    kiosk: str
    version: str
    printer: str
    at: datetime
    language: str = "vi"


def technician_slip(slip: TechnicianSlip, width: int = WIDTH) -> Paper:
    """The slip on paper `width` dots wide; longer than a citizen's slip (about 250 mm)."""
    paper, language = Paper(width), slip.language
    paper.space(24)
    time = f"{local(slip.at):%H:%M:%S %d/%m/%Y}"
    paper.text(tr("slip.test", language), TITLE, Align.CENTRE)
    paper.text(tr("slip.test.kiosk", language, kiosk=slip.kiosk, version=slip.version, time=time), SMALL, Align.CENTRE)
    paper.text(tr("slip.test.printer", language, printer=slip.printer, width=width), SMALL, Align.CENTRE)
    paper.rule()
    _letters(paper, language)
    paper.rule()
    _ruler(paper, language)
    paper.rule()
    _strokes_and_head(paper, language)
    paper.rule()
    _codes(paper, language)
    paper.rule()
    paper.text(tr("slip.test.number", language), BOLD)
    big_number(paper, NUMBER)
    paper.rule(dashed=True)
    paper.text(tr("slip.test.cut", language), SMALL, Align.CENTRE)
    paper.space(32)
    return paper


def _letters(paper: Paper, language: str) -> None:
    paper.text(tr("slip.test.letters", language), BOLD)
    narrow = paper.inner < 2 * LETTERS.width(VOWELS[0].upper()) + MARGIN
    for vowels in VOWELS:
        if narrow:
            paper.line(vowels, LETTERS, Align.LEFT, MARGIN, paper.inner)
            paper.line(vowels.upper(), LETTERS, Align.LEFT, MARGIN, paper.inner)
            continue
        paper.note(TextLine(f"{vowels} {vowels.upper()}"))
        paper.put(vowels, LETTERS, MARGIN)
        paper.put(vowels.upper(), LETTERS, MARGIN + paper.inner // 2)
        paper.space(LETTERS.line)
    for line in OTHERS:
        paper.text(line, LETTERS)


def _ruler(paper: Paper, language: str) -> None:
    """Marks from edge to edge: 8 dots are one millimetre."""
    whole = (paper.width - 16) // 80
    paper.text(tr("slip.test.ruler", language, millimetres=whole * 10, end=whole), BOLD)
    for millimetre in range(paper.width // 8 + 1):
        height = 40 if millimetre % 10 == 0 else 28 if millimetre % 5 == 0 else 16
        paper.block(min(millimetre * 8, paper.width - 2), paper.y, 2, height)
    paper.space(42)
    for centimetre in range(paper.width // 80 + 1):
        text = str(centimetre)
        middle = centimetre * 80 + (12 if centimetre == 0 else 0 if centimetre * 80 + 16 < paper.width else -8)
        paper.put(text, RULER, middle - RULER.width(text) / 2)
    paper.space(RULER.line)


def _strokes_and_head(paper: Paper, language: str) -> None:
    paper.text(tr("slip.test.strokes", language), BOLD)
    for thickness, place in STROKES:
        paper.block(MARGIN, paper.y + place, paper.inner, thickness)
    paper.space(64 + 12)
    paper.text(tr("slip.test.head", language), BOLD)
    for stair in range(paper.width // STEP):
        paper.block(stair * STEP, paper.y + 2 * stair, STEP, 2)
    paper.space(64 + 14)
    top = paper.y
    paper.space(14)
    for x in range(0, 144, 2):
        for y in range(x % 4, 40, 4):
            paper.block(MARGIN + x, paper.y + y, 2, 2)
    paper.block(MARGIN + 166, paper.y, 144, 40)
    if paper.inner < GREY_LEFT + 160:
        paper.space(48)
        paper.text(tr("slip.test.grey", language).replace("\n", " "), SMALL)
        return
    paper.y = top
    for line in tr("slip.test.grey", language).split("\n"):
        paper.line(line, SMALL, Align.LEFT, MARGIN + GREY_LEFT, paper.inner - GREY_LEFT)


def _codes(paper: Paper, language: str) -> None:
    paper.text(tr("slip.test.codes", language), BOLD)
    paper.note(TextLine(code=CODE))
    pictures = [qr_picture(CODE, dots=dots) for dots in (3, 4, 6)]
    while sum(picture.width + 22 for picture in pictures) > paper.inner:
        pictures.pop(1)
    left, bottom = MARGIN, paper.y + pictures[-1].height
    for picture in pictures:
        paper.paste(picture, left, bottom - picture.height)
        left += picture.width + 22
    paper.y = bottom
