"""Slips as pictures: 576 dots wide, 1 bit, as long as they must be and never over 190 mm (LOOK.md section 12)."""

from __future__ import annotations

from PIL import Image

from services.receipts.checklist import checklist_slip
from services.receipts.draft import draft_slip
from services.receipts.filing import filing_slip
from services.receipts.mismatch import mismatch_slip
from services.receipts.number import number_slip
from services.receipts.paper import LONGEST, WIDTH, Paper
from services.receipts.parts import Room
from services.receipts.payment import payment_slip
from services.receipts.slips import (
    ChecklistSlip,
    DraftSlip,
    FilingSlip,
    MismatchSlip,
    NumberSlip,
    PaymentSlip,
    Slip,
    StatusSlip,
)
from services.receipts.status import status_slip

ROOMS = (
    Room(),
    Room(rule=10, row=2, mark=3, bottom=16),
    Room(rule=8, row=0, mark=2, bottom=8, foot=False),
    Room(rule=6, row=0, mark=0, bottom=8, foot=False, bring=False),
    Room(rule=5, row=0, mark=0, bottom=8, foot=False, bring=False, small=True),
)


def draw(slip: Slip) -> Image.Image:
    """The slip as a 1-bit picture for 80 mm paper."""
    return lay_out(slip).picture()


def lay_out(slip: Slip, width: int = WIDTH) -> Paper:
    """The slip on paper `width` dots wide. The last, tightest room is taken even if it should be too long."""
    paper = _drawn(slip, ROOMS[0], width)
    for room in ROOMS[1:]:
        if paper.y <= LONGEST:
            break
        paper = _drawn(slip, room, width)
    return paper


def _drawn(slip: Slip, room: Room, width: int) -> Paper:
    paper = Paper(width)
    paper.space(24)
    match slip:
        case NumberSlip():
            number_slip(paper, slip, room)
        case PaymentSlip():
            payment_slip(paper, slip, room)
        case MismatchSlip():
            mismatch_slip(paper, slip, room)
        case ChecklistSlip():
            checklist_slip(paper, slip, room)
        case DraftSlip():
            draft_slip(paper, slip, room)
        case StatusSlip():
            status_slip(paper, slip, room)
        case FilingSlip():
            filing_slip(paper, slip, room)
    paper.space(room.bottom)
    return paper
