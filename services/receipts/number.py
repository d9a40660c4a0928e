"""Slip s1: the number, where to go with it, and what is still open."""

from __future__ import annotations

from datetime import datetime

from PIL import Image

from drivers.printer.text import TextAlign, TextLine
from services.messages import tr
from services.receipts.paper import MARGIN, Align, Paper
from services.receipts.parts import (
    BODY,
    BOLD,
    CLINIC,
    CODE,
    HEADING,
    NARROW,
    NUMBER,
    ROOM,
    SMALL,
    SMALL_BOLD,
    Room,
    code_beside,
    head,
    local,
    moment_text,
    row,
)
from services.receipts.slips import NumberSlip


def number_slip(paper: Paper, slip: NumberSlip, room: Room) -> None:
    """Draw it on the strip."""
    language = slip.language
    head(paper, slip, room)
    if slip.first_printed_at is not None:
        _copy_frame(paper, slip.first_printed_at, language, room)
    paper.text(tr("slip.number", language), HEADING, Align.CENTRE)
    big_number(paper, slip.number)
    paper.text(slip.clinic, ROOM if room.small else CLINIC, Align.CENTRE)
    paper.text(slip.room, BOLD if room.small else ROOM, Align.CENTRE)
    if slip.way:
        paper.text(slip.way, SMALL if room.small else BODY, Align.CENTRE)
    paper.rule(room.rule)
    row(paper, room, tr("slip.taken", language), moment_text(slip.taken_at))
    if slip.appointed_at is not None:
        row(paper, room, tr("slip.slot", language), _appointed(slip, language))
    if slip.waiting is not None:
        row(paper, room, tr("slip.ahead", language), _people(slip.waiting, language))
    if slip.expected_at is not None:
        about = tr("slip.expected.about", language, time=f"{local(slip.expected_at):%H:%M}")
        row(paper, room, tr("slip.expected", language), about)
    if slip.marks:
        paper.rule(room.rule)
        for mark in slip.marks:
            _mark(paper, room, mark, slip)
    if room.bring:
        paper.rule(room.rule)
        paper.text(tr("slip.bring", language), BOLD)
        priority = "priority" if "prio.slip" in slip.marks else "plain"
        paper.text(tr(f"slip.bring.{priority}{'.insured' if slip.insured else ''}", language), BODY)
    paper.rule(room.rule, dashed=True)
    lines = [(tr("slip.reprint", language), SMALL), (slip.reprint_code, CODE)]
    if slip.number_masked:
        lines.append((f"{tr('slip.id', language)} {slip.number_masked}", SMALL))
    lines.append((tr("slip.lost", language, desk=slip.desk), SMALL))
    code_beside(paper, slip.code, lines)
    if room.foot:
        paper.space(10)
        paper.text(tr("slip.noname", language), SMALL, Align.CENTRE)
        paper.text(tr("slip.keep", language), SMALL, Align.CENTRE)


def _appointed(slip: NumberSlip, language: str) -> str:
    """ "08:30 đến 09:00", or the beginning alone."""
    start = f"{local(slip.appointed_at):%H:%M}" if slip.appointed_at is not None else ""
    if slip.appointed_until is None:
        return start
    return tr("slot.time", language, start=start, end=f"{local(slip.appointed_until):%H:%M}")


def _copy_frame(paper: Paper, first: datetime, language: str, room: Room) -> None:
    when = tr("slip.copy.first", language, time=moment_text(first))
    top = paper.y
    paper.space(10)
    if room.small:
        paper.text(f"{tr('slip.copy', language)}. {when}", SMALL_BOLD, Align.CENTRE)
    else:
        paper.text(tr("slip.copy", language), BOLD, Align.CENTRE)
        paper.text(when, SMALL, Align.CENTRE)
    paper.space(10)
    paper.frame(top)
    paper.space(room.rule)


def big_number(paper: Paper, number: str) -> None:
    """Four characters are narrowed, never shrunk: the height of 21 mm is what is read from afar."""
    paper.note(TextLine(number, align=TextAlign.CENTRE, bold=True, times=6))
    ascent, descent = NUMBER.font.getmetrics()
    strip = Paper.strip(number, NUMBER, int(NUMBER.width(number)) + 16)
    # The middle is that of the ink: a "1" has more white at its sides than a "4".
    left, _, right, _ = strip.point(lambda grey: 255 - grey).getbbox() or (0, 0, 1, 1)
    ink = strip.crop((left, 0, right, strip.height))
    scale = min(1.0 if len(number) < 4 else NARROW, paper.inner / ink.width)
    narrow = ink.resize((max(1, round(ink.width * scale)), ink.height), Image.Resampling.LANCZOS)
    paper.space(-2)
    top = paper.y + round((NUMBER.line - ascent - descent) / 2)
    paper.darken(narrow, (paper.width - narrow.width) // 2, top)
    paper.space(NUMBER.line + 4)


def _mark(paper: Paper, room: Room, mark: str, slip: NumberSlip) -> None:
    text = tr(mark, slip.language)
    if mark in {"slip.insurance_pending", "slip.paper_card"} and not room.small:
        text = tr("slip.desk_looks", slip.language, mark=text, desk=slip.desk)
    paper.space(room.mark)
    paper.block(MARGIN, paper.y + 6, 26, 26)
    left = MARGIN + 26 + 16
    paper.text(text, SMALL_BOLD if room.small else BOLD, left=left, width=paper.width - MARGIN - left)
    if slip.language != "vi":
        # Whom it is for works here and reads Vietnamese.
        paper.text(tr(mark, "vi"), SMALL, left=left, width=paper.width - MARGIN - left)
    paper.space(room.mark)


def _people(count: int, language: str) -> str:
    if count == 0:
        return tr("slip.ahead.none", language)
    return tr("slip.ahead.one", language) if count == 1 else tr("slip.ahead.people", language, count=count)
