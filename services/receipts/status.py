"""How a dossier stands, on paper ("In tình trạng", picture 15): its statuses with dates, what is asked, its code."""

from __future__ import annotations

from services.messages import tr
from services.receipts.paper import Align, Paper
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
    moment_text,
    row,
)
from services.receipts.slips import StatusSlip


def status_slip(paper: Paper, slip: StatusSlip, room: Room) -> None:
    """Draw it on the strip."""
    language = slip.language
    head(paper, slip, room)
    paper.text(tr("slip.status", language), TITLE, Align.CENTRE)
    paper.rule(room.rule)
    paper.text(tr("slip.filing.procedure", language), SMALL)
    paper.text(slip.procedure, BOLD)
    paper.text(slip.headline, BOLD)
    if slip.due:
        row(paper, room, tr("dossier.due", language), slip.due)
    if slip.parts:
        paper.rule(room.rule)
        for part in slip.parts:
            paper.text(part.name, BOLD)
            paper.text(part.detail, SMALL)
    paper.rule(room.rule)
    for line in slip.lines:
        paper.text(f"• {line.name}" if line.came else line.name, BOLD if line.came else BODY)
        if line.detail:
            paper.text(line.detail, SMALL)
    if slip.asked:
        paper.rule(room.rule)
        for sentence in slip.asked:
            paper.text(sentence, BOLD)
    paper.rule(room.rule, dashed=True)
    lines = [
        (slip.code_label, SMALL),
        (slip.dossier_code, CODE if len(slip.dossier_code) <= SHORT else SMALL_BOLD),
        (tr("slip.status.at", language, time=moment_text(slip.printed_at)), SMALL),
        (tr("slip.status.again", language), SMALL),
    ]
    code_beside(paper, slip.code, lines)


SHORT = 10
"""Longer codes stand in smaller letters beside their QR code."""
