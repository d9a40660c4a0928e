"""Slip s3: what was sent, its code, the number at the counter. "CHƯA PHẢI GIẤY TIẾP NHẬN"."""

from __future__ import annotations

from functools import partial

from services.journeys.slips import filing_slip
from services.journeys.steps.print_ticket import print_ticket
from services.journeys.visit import SlipOutcome
from services.journeys.walk import Walk


async def print_filing(walk: Walk) -> None:
    """One slip for dossier and number, also where the number was held before; without a dossier the number's own."""
    visit, accepted = walk.visit, walk.visit.accepted
    if visit.dossier is not None and accepted is not None and not visit.filing_slip:
        await walk.working("working.printing", partial(_print, walk), can_stop=False)
    await print_ticket(walk)


async def _print(walk: Walk) -> None:
    accepted, dossier = walk.visit.accepted, walk.visit.dossier
    if accepted is None or dossier is None:
        return
    # From here on the number may come out on paper: nobody takes it back any more.
    walk.visit.handed_over = True
    walk.visit.filing_slip = True
    printed = await walk.kit.printer.print(filing_slip(walk, accepted, dossier))
    walk.visit.slip = SlipOutcome(printed.ok, walk.kit.clock.now(), printed.code)
    if printed.ok:
        walk.front.chime()
    walk.front.later(partial(walk.kit.gateway.report_slip, accepted, printed.ok, printed.code))


async def print_sent(walk: Walk) -> None:
    """What was sent, without a number: its owner has gone, or goes now."""
    dossier = walk.visit.dossier
    if dossier is not None:
        await walk.kit.printer.print(filing_slip(walk, None, dossier))
