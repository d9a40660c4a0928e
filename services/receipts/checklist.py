"""Slip s4: the papers to bring, with boxes to tick; times, fee, place, hours; whence the data are."""

from __future__ import annotations

from services.messages import tr
from services.receipts.paper import MARGIN, Align, Paper
from services.receipts.parts import BODY, BOLD, SMALL, TITLE, Room, head, local, row, tick_box
from services.receipts.slips import ChecklistSlip, PaperLine


def checklist_slip(paper: Paper, slip: ChecklistSlip, room: Room) -> None:
    """Draw it on the strip."""
    language = slip.language
    head(paper, slip, room)
    paper.text(tr("slip.papers", language), TITLE, Align.CENTRE)
    paper.text(slip.procedure, BOLD, Align.CENTRE)
    if slip.case:
        paper.text(tr("slip.papers.case", language, case=slip.case), BODY, Align.CENTRE)
    paper.rule(room.rule)
    _papers(paper, slip, room)
    _times(paper, slip, room)
    paper.rule(room.rule)
    row(paper, room, tr("slip.papers.fee", language), slip.fee)
    for message, names in (("slip.papers.free", slip.free), ("slip.papers.less", slip.less)):
        if names:
            paper.text(tr(message, language, names=names), SMALL)
    if slip.where:
        row(paper, room, tr("slip.papers.where", language), slip.where)
    for name, (start, end) in zip(("morning", "afternoon"), slip.halves, strict=False):
        row(paper, room, tr(f"slip.papers.{name}", language), tr("slip.papers.hours", language, start=start, end=end))
    if room.foot:
        for name, value in slip.conditions:
            row(paper, room, name, value)
    paper.rule(room.rule, dashed=True)
    _foot(paper, slip)


def _papers(paper: Paper, slip: ChecklistSlip, room: Room) -> None:
    language = slip.language
    number = len(slip.bring)
    message = "slip.papers.one" if number == 1 else "slip.papers.bring" if number else "slip.papers.none"
    paper.text(tr(message, language, number=number), BOLD)
    for line in slip.bring:
        _tick(paper, line, room, detail=room.bring)
    paper.rule(room.rule)
    if slip.held:
        paper.text(tr("list.have.1", language), BOLD)
        paper.text(tr("list.have.2", language), BOLD)
        for line in slip.held:
            _tick(paper, line, room, detail=False)
        paper.rule(room.rule)


def _tick(paper: Paper, line: PaperLine, room: Room, *, detail: bool) -> None:
    paper.space(room.row)
    left = tick_box(paper)
    width = paper.width - MARGIN - left
    paper.text(line.name, BOLD, left=left, width=width)
    if detail:
        paper.text(line.detail, SMALL, left=left, width=width)
    paper.space(room.row)


def _times(paper: Paper, slip: ChecklistSlip, room: Room) -> None:
    language = slip.language
    several = len(slip.times) > 1
    if slip.before:
        message = "slip.papers.parts.before" if several else "slip.papers.before"
        paper.text(tr(message, language, number=len(slip.times), time=slip.before), BOLD)
    elif several:
        paper.text(tr("slip.papers.parts", language, number=len(slip.times)), BOLD)
    for name, time in slip.times:
        row(paper, room, name or tr("slip.papers.time", language), time)


def _foot(paper: Paper, slip: ChecklistSlip) -> None:
    language = slip.language
    data = tr("slip.papers.sample" if slip.sample else "slip.papers.data", language, date=f"{slip.updated:%d/%m/%Y}")
    printed = tr("slip.papers.printed", language, time=f"{local(slip.printed_at):%H:%M, %d/%m/%Y}")
    code = tr("slip.papers.code", language, code=slip.code)
    paper.text(f"{code} {data} {printed} {tr('slip.papers.noname', language)}", SMALL, Align.CENTRE)
