"""The blank test slip after a refill: proof that the new roll lies right, and nothing of anybody on it."""

from __future__ import annotations

from datetime import datetime

from services.messages import tr
from services.receipts.paper import Align, Paper
from services.receipts.parts import BOLD, SMALL, local


def refill_slip(at: datetime, width: int, language: str = "vi") -> Paper:
    """Two lines and the cut."""
    paper = Paper(width)
    paper.space(24)
    paper.text(tr("slip.refill", language), BOLD, Align.CENTRE)
    paper.text(tr("slip.refill.when", language, time=f"{local(at):%H:%M, %d/%m/%Y}"), SMALL, Align.CENTRE)
    paper.rule()
    paper.text(tr("slip.refill.none", language), SMALL, Align.CENTRE)
    paper.space(32)
    return paper
