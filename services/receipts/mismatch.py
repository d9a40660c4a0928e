"""Slip s5: which field differs between ID card and insurance card, and who corrects it. Never the values."""

from __future__ import annotations

from services.messages import known, tr
from services.receipts.paper import MARGIN, Align, Paper, Style, Weight
from services.receipts.parts import (
    BODY,
    BOLD,
    CODE,
    SMALL,
    SMALL_BOLD,
    TITLE,
    Room,
    code_beside,
    head,
    local,
    row,
    tick_box,
)
from services.receipts.slips import MismatchSlip

FIELD = Style(40, 50, Weight.BOLD)


def mismatch_slip(paper: Paper, slip: MismatchSlip, room: Room) -> None:
    """Draw it on the strip."""
    language = slip.language
    head(paper, slip, room)
    paper.text(tr("slip.mismatch", language), TITLE, Align.CENTRE)
    if language != "vi":
        # Those who correct it read Vietnamese.
        paper.text(tr("slip.mismatch", "vi"), SMALL_BOLD, Align.CENTRE)
    paper.text(tr("slip.mismatch.today", language), BODY, Align.CENTRE)
    paper.text(_sentence(tr("slip.mismatch.desk", language, desk=slip.desk)), BODY, Align.CENTRE)
    paper.rule(room.rule)
    _field(paper, slip)
    paper.rule(room.rule)
    _sources(paper, slip, room)
    paper.rule(room.rule)
    paper.text(tr("slip.mismatch.who", language), BOLD)
    for who in ("insurance", "card"):
        _box(paper, room, who, language)
    paper.text(tr("slip.mismatch.tick", language), SMALL)
    if room.foot:
        paper.rule(room.rule)
        paper.text(tr("slip.mismatch.decides", language), BODY)
    paper.rule(room.rule, dashed=True)
    lines = [
        (tr("slip.mismatch.code", language), SMALL),
        (slip.mismatch_code, CODE),
        (tr("slip.mismatch.hidden", language), SMALL),
    ]
    code_beside(paper, slip.code, lines)


def _field(paper: Paper, slip: MismatchSlip) -> None:
    """The field, and how it differs where this kiosk has words for that."""
    language = slip.language
    paper.text(tr("slip.mismatch.what", language), SMALL)
    paper.text(tr(slip.field, language), FIELD)
    if language != "vi":
        paper.text(tr(slip.field, "vi"), SMALL_BOLD)
    if known(slip.detail):
        paper.text(tr(slip.detail, language), BODY)
        if language != "vi":
            paper.text(tr(slip.detail, "vi"), SMALL)


def _sources(paper: Paper, slip: MismatchSlip, room: Room) -> None:
    """Between which two sources, seen when."""
    language = slip.language
    read = "" if slip.read_at is None else tr("slip.mismatch.read", language, time=f"{local(slip.read_at):%H:%M}")
    row(paper, room, tr("slip.mismatch.card", language), read)
    asked = tr("slip.mismatch.asked", language, time=f"{local(slip.asked_at):%H:%M}")
    row(paper, room, tr("slip.mismatch.insurance", language), asked)
    row(paper, room, tr("slip.mismatch.day", language), f"{local(slip.asked_at):%d/%m/%Y}")
    if slip.number_masked:
        row(paper, room, tr("slip.id", language), slip.number_masked)


def _box(paper: Paper, room: Room, who: str, language: str) -> None:
    """A box to tick, and beside it who corrects and what to bring there."""
    paper.space(room.row)
    left = tick_box(paper)
    width = paper.width - MARGIN - left
    paper.text(tr(f"slip.mismatch.{who}.wrong", language), BOLD, left=left, width=width)
    for part in ("where", "bring"):
        paper.text(tr(f"slip.mismatch.{who}.{part}", language), BODY, left=left, width=width)
    paper.space(room.row)


def _sentence(text: str) -> str:
    """It begins with the name of a desk, which is written small elsewhere."""
    return text[:1].upper() + text[1:]
