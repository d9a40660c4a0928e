""" "Đặt giấy lên máy quét": the scanner reads what lies there, the gateway keeps it. Nothing stays here."""

from __future__ import annotations

from functools import partial

from drivers.document_scanner import ScanError
from services.contract import one_stop as wire
from services.failures import code_of
from services.gateway_client import GatewayError
from services.journeys.journey import Stopped
from services.journeys.papers import OTHER, needed, paper_name, papers_here
from services.journeys.ports import PaperScanner
from services.journeys.prompts import ChoosePaper, PaperChoice, ProblemChoice
from services.journeys.walk import Walk


async def scan_papers(walk: Walk, scanner: PaperScanner) -> None:
    """One run of the scanner, for the paper that the person names; they come back here for more. Raises WentBack."""
    visit = walk.visit
    paper = await _which(walk)
    while True:
        try:
            kept, picture = await walk.working("working.scan", partial(_scanned, walk, scanner))
        except Stopped:
            return
        except (ScanError, GatewayError) as error:
            choice = await walk.problem(code_of(error), ProblemChoice.RETRY, ProblemChoice.GO_ON)
            if choice is not ProblemChoice.RETRY:
                return
            continue
        visit.scanned = (*(visit.scanned or ()), kept)
        visit.scan_of = {**(visit.scan_of or {}), kept.id: paper}
        visit.previews = {**(visit.previews or {}), kept.id: picture}
        return


async def _which(walk: Walk) -> str:
    """Where the case has one paper alone, it is that one."""
    papers = needed(walk)
    if len(papers) == 1:
        return papers[0].paper
    return (await walk.ask(partial(_question, walk))).id


def _question(walk: Walk) -> ChoosePaper:
    here = papers_here(walk)
    named = tuple(PaperChoice(one.paper, paper_name(walk, one.paper), one.paper in here) for one in needed(walk))
    return ChoosePaper(papers=(*named, PaperChoice(OTHER, "")))


async def _scanned(walk: Walk, scanner: PaperScanner) -> tuple[wire.KeptDocument, bytes]:
    found = await scanner.scan()
    return await walk.kit.gateway.scans.keep(found.pdf), found.picture
