"""Slip s3: a dossier was sent, and this is not yet the receipt. The authority's code is never on it."""

from __future__ import annotations

from services.messages import tr
from services.receipts.paper import Align, Paper
from services.receipts.parts import BODY, BOLD, CODE, SMALL, TITLE, Room, code_beside, head, moment_text, row
from services.receipts.slips import FilingSlip


def filing_slip(paper: Paper, slip: FilingSlip, room: Room) -> None:
    """Draw it on the strip."""
    language = slip.language
    head(paper, slip, room)
    paper.text(tr("slip.filing", language), TITLE, Align.CENTRE)
    if language != "vi":
        # The counter reads Vietnamese.
        paper.text(tr("slip.filing", "vi"), BOLD, Align.CENTRE)
    paper.rule(room.rule)
    paper.text(tr("slip.filing.procedure", language), SMALL)
    paper.text(slip.procedure, BOLD)
    if slip.case:
        paper.text(tr("slip.filing.case", language), SMALL)
        paper.text(slip.case, BOLD)
    paper.rule(room.rule)
    if slip.number is not None:
        row(paper, room, tr("slip.filing.number", language), slip.number)
    if slip.counter:
        row(paper, room, tr("slip.filing.counter", language), slip.counter)
    row(paper, room, tr("slip.filing.sent", language), moment_text(slip.filed_at))
    paper.rule(room.rule)
    _papers(paper, slip)
    paper.rule(room.rule)
    paper.text(tr("slip.filing.next", language), BOLD)
    message = "slip.filing.next.text" if slip.number is not None else "slip.filing.next.nonumber"
    paper.text(tr(message, language), BODY)
    paper.text(tr("slip.filing.sign", language), BODY)
    paper.rule(room.rule, dashed=True)
    lines = [(tr("slip.filing.code", language), SMALL), (slip.sending_code, CODE)]
    if slip.kept_until is not None:
        lines.append((tr("slip.filing.kept", language, time=moment_text(slip.kept_until)), SMALL))
    if slip.number_masked:
        lines.append((f"{tr('slip.id', language)} {slip.number_masked}", SMALL))
    code_beside(paper, slip.code, lines)


def _papers(paper: Paper, slip: FilingSlip) -> None:
    language = slip.language
    paper.text(tr("slip.filing.bring", language, number=len(slip.papers)), BOLD)
    for number, line in enumerate(slip.papers, 1):
        paper.text(f"{number}. {line.name}, {line.detail}", BODY)
