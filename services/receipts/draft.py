"""The slip of a draft: its code, how to go on, until when. No answer of the form is on it."""

from __future__ import annotations

from services.messages import tr
from services.receipts.paper import Align, Paper
from services.receipts.parts import BODY, BOLD, CODE, SMALL, TITLE, Room, head, moment_text
from services.receipts.slips import DraftSlip


def draft_slip(paper: Paper, slip: DraftSlip, room: Room) -> None:
    """Draw it on the strip."""
    language = slip.language
    head(paper, slip, room)
    paper.text(tr("slip.draft", language), TITLE, Align.CENTRE)
    paper.rule(room.rule)
    paper.text(tr("slip.filing.procedure", language), SMALL)
    paper.text(slip.procedure, BOLD)
    paper.rule(room.rule)
    paper.text(tr("slip.draft.code", language), SMALL)
    paper.text(slip.code, CODE)
    paper.rule(room.rule)
    paper.text(tr("slip.filing.next", language), BOLD)
    paper.text(tr("slip.draft.next", language), BODY)
    paper.text(tr("slip.draft.kept", language, time=moment_text(slip.until)), BODY)
    if slip.number_masked:
        paper.text(f"{tr('slip.id', language)} {slip.number_masked}", SMALL)
