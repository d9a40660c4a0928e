"""Papers: photographed by the person's own phone, scanned here, or brought as originals. Nothing stays here."""

from __future__ import annotations

from functools import partial

from services.journeys.journey import WentBack
from services.journeys.papers import document_rows, forget_papers, needed, paper_name, whose
from services.journeys.prompts import DocumentRemoved, DocumentsAnswer, GatherDocuments
from services.journeys.steps.scan_papers import scan_papers
from services.journeys.steps.send_by_phone import send_by_phone
from services.journeys.walk import Walk


async def gather_documents(walk: Walk) -> None:
    """Until the person goes on. Where no way leads papers here, everything is brought to the counter."""
    visit = walk.visit
    if not visit.preparing or visit.dossier is not None:
        return
    if visit.papers_of != whose(walk):
        forget_papers(walk)
        visit.papers_of = whose(walk)
    if len(offers(walk)) == 1 or not needed(walk):
        return
    while True:
        match await walk.ask(partial(_question, walk)):
            case DocumentRemoved(document):
                visit.removed = (*(visit.removed or ()), document)
            case DocumentsAnswer.PHONE:
                try:
                    await send_by_phone(walk)
                except WentBack:
                    continue
            case DocumentsAnswer.SCAN:
                if walk.kit.papers is not None:
                    try:
                        await scan_papers(walk, walk.kit.papers)
                    except WentBack:
                        continue
            case DocumentsAnswer.GO_ON:
                return


def offers(walk: Walk) -> tuple[DocumentsAnswer, ...]:
    """The ways that work here; going on always does."""
    site = walk.site.one_stop
    scanner = walk.kit.papers
    works = {
        DocumentsAnswer.PHONE: site is not None and site.uploads,
        DocumentsAnswer.SCAN: scanner is not None and scanner.available,
        DocumentsAnswer.GO_ON: True,
    }
    return tuple(way for way, there in works.items() if there)


def _question(walk: Walk) -> GatherDocuments:
    return GatherDocuments(
        wanted=tuple(paper_name(walk, one.paper) for one in needed(walk)),
        rows=document_rows(walk),
        offers=offers(walk),
    )
