"""What slips are made of: styles, how generous they are with paper, heads, rows, and a code with text beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from PIL import Image

from drivers.printer.text import TextLine
from services.messages import tr
from services.receipts.paper import INNER, MARGIN, Align, Paper, Style, Weight, qr_picture
from services.receipts.slips import Slip

BODY = Style(28, 38)
BOLD = Style(28, 38, Weight.BOLD)
SMALL = Style(24, 34)
SMALL_BOLD = Style(24, 34, Weight.BOLD)
PLACE = Style(32, 42, Weight.BOLD)
KIOSK = Style(26, 36)
HEADING = Style(32, 40, Weight.BOLD)
TITLE = Style(36, 46, Weight.BOLD)
CLINIC = Style(44, 56, Weight.BOLD)
ROOM = Style(36, 48, Weight.BOLD)
AMOUNT = Style(64, 78, Weight.FIGURES)
CODE = Style(38, 46, Weight.FIGURES, spacing=2)
NUMBER = Style(232, 212, Weight.FIGURES, spacing=-8)
NARROW = 0.88
NARROWEST = 240
"""Dots the text beside a code needs at least."""
PLACE_TIME = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True)
class Room:
    """How generous a slip is with paper; the first that fits in 190 mm is used."""

    rule: int = 16
    row: int = 5
    mark: int = 6
    bottom: int = 32
    bring: bool = True
    foot: bool = True
    small: bool = False
    """Place and way in smaller letters: only where their names are very long."""


def head(paper: Paper, slip: Slip, room: Room) -> None:
    """Demo mark, place and kiosk."""
    if slip.demo:
        top = paper.y
        paper.space(10)
        paper.text(tr("slip.demo", slip.language), Style(28, 36, Weight.BOLD), Align.CENTRE)
        paper.space(10)
        paper.frame(top)
        paper.space(16)
    paper.text(slip.place, BOLD if room.small else PLACE, Align.CENTRE)
    paper.text(slip.kiosk, SMALL if room.small else KIOSK, Align.CENTRE)
    paper.rule(room.rule)


def row(paper: Paper, room: Room, label: str, value: str) -> None:
    """A label at the left and its value at the right; on two lines when they do not fit beside each other."""
    paper.space(room.row)
    gap = 20
    if BODY.width(label) + gap + BOLD.width(value) <= paper.inner:
        paper.label(label, BODY)
    else:
        paper.text(label, BODY)
    paper.text(value, BOLD, Align.RIGHT)
    paper.space(room.row)


BOX = 34
"""Side of a box to tick, 4 mm."""


def tick_box(paper: Paper) -> int:
    """A box to tick at the left; where the text beside it begins."""
    top = paper.y + 4
    for x, y, width, height in ((0, 0, BOX, 4), (0, BOX - 4, BOX, 4), (0, 0, 4, BOX), (BOX - 4, 0, 4, BOX)):
        paper.block(MARGIN + x, top + y, width, height)
    return MARGIN + BOX + 16


def code_beside(paper: Paper, content: str, lines: list[tuple[str, Style]]) -> None:
    """The QR code at the left, text in the middle of its height at the right."""
    code = qr_picture(content)
    paper.note(TextLine(code=content))
    left = MARGIN + code.width + 22
    width = paper.width - MARGIN - left
    if width < NARROWEST:
        _code_above(paper, code, lines)
        return
    wrapped = [(line, style) for text, style in lines for line in style.wrap(text, width)]
    height = sum(style.line for _, style in wrapped)
    top = paper.y
    paper.paste(code, MARGIN, top + max(0, (height - code.height) // 2))
    paper.space(max(0, (code.height - height) // 2))
    for line, style in wrapped:
        paper.line(line, style, Align.LEFT, left, width)
    paper.y = top + max(height, code.height)


def _code_above(paper: Paper, code: Image.Image, lines: list[tuple[str, Style]]) -> None:
    """Narrow paper (58 mm): the text has no room beside the code."""
    paper.paste(code, (paper.width - code.width) // 2, paper.y)
    paper.space(code.height)
    for text, style in lines:
        paper.text(text, style, Align.CENTRE)


def joined(pieces: list[str], style: Style, width: int = INNER) -> list[str]:
    """As many pieces in a line as fit into `width` dots."""
    lines: list[str] = []
    for piece in pieces:
        if lines and style.width(f"{lines[-1]} {piece}") <= width:
            lines[-1] = f"{lines[-1]} {piece}"
        else:
            lines.append(piece)
    return lines


def local(moment: datetime) -> datetime:
    """The place's own time."""
    return moment.astimezone(PLACE_TIME)


def moment_text(moment: datetime) -> str:
    """For example "07:16, 23/11/2026"."""
    return f"{local(moment):%H:%M, %d/%m/%Y}"
