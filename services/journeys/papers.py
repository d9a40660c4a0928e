"""What came of the papers: it lies with the upload process, here are only references and small pictures."""

from __future__ import annotations

from functools import partial

from services.contract import one_stop as wire
from services.journeys.case_of_visit import books_of, capacity_of
from services.journeys.prompts import DocumentRow
from services.journeys.walk import Walk
from services.procedures.cases import papers_acting
from services.procedures.records import PaperNeeded

OTHER = "giay-to-khac"
"""What came without a word which paper it is."""


def needed(walk: Walk) -> tuple[PaperNeeded, ...]:
    """Papers of the case that nobody looks up."""
    procedure = walk.visit.procedure
    if procedure is None:
        return ()
    papers = papers_acting(books_of(walk).catalogue, procedure, walk.visit.case or (), capacity_of(walk))
    return tuple(one for one in papers if not one.state_holds)


def paper_name(walk: Walk, paper: str) -> str:
    """In the person's language."""
    found = books_of(walk).catalogue.paper(paper)
    return (found.name_en or found.name) if walk.english else found.name


def arrived(walk: Walk) -> tuple[wire.UploadedDocument, ...]:
    """What a phone sent and the person did not leave out."""
    upload, removed = walk.visit.upload, walk.visit.removed or ()
    return () if upload is None else tuple(one for one in upload.documents if one.id not in removed)


def scanned(walk: Walk) -> tuple[wire.KeptDocument, ...]:
    """What was scanned here and not left out."""
    removed = walk.visit.removed or ()
    return tuple(one for one in walk.visit.scanned or () if one.id not in removed)


def _kept(walk: Walk) -> tuple[tuple[str, str], ...]:
    """Papers of a draft that were not left out: which paper, and its file."""
    removed = walk.visit.removed or ()
    kept = walk.visit.kept or ()
    return tuple((one.component, file.id) for one in kept for file in one.files if file.id not in removed)


def document_rows(walk: Walk) -> tuple[DocumentRow, ...]:
    """The same as people see it."""
    known = {one.paper for one in needed(walk)}
    pictures = walk.visit.previews or {}
    kept = tuple(DocumentRow(id, paper_name(walk, paper) if paper in known else "", 0) for paper, id in _kept(walk))
    photographed = tuple(
        DocumentRow(
            one.id,
            paper_name(walk, one.component) if one.component in known else one.name,
            one.pages,
            pictures.get(one.id),
        )
        for one in arrived(walk)
    )
    said = walk.visit.scan_of or {}
    laid_down = tuple(
        DocumentRow(
            one.id,
            paper_name(walk, said[one.id]) if said.get(one.id) in known else "",
            one.pages,
            pictures.get(one.id),
        )
        for one in scanned(walk)
    )
    return (*kept, *photographed, *laid_down)


def papers_here(walk: Walk) -> frozenset[str]:
    """Papers of which something came."""
    said = walk.visit.scan_of or {}
    came = [paper for paper, _id in _kept(walk)] + [one.component for one in arrived(walk)]
    return frozenset([*came, *(said.get(one.id, OTHER) for one in scanned(walk))])


def filed_documents(walk: Walk) -> tuple[wire.FiledDocument, ...]:
    """The papers of the case with what came of each; without files the person brings the original."""
    upload, catalogue = walk.visit.upload, books_of(walk).catalogue
    files: dict[str, list[wire.DocumentRef]] = {}
    for paper, id in _kept(walk):
        files.setdefault(paper, []).append(wire.DocumentRef(id=id))
    for one in arrived(walk):
        reference = wire.DocumentRef(id=one.id, upload_id=None if upload is None else upload.id)
        files.setdefault(one.component or OTHER, []).append(reference)
    for one in scanned(walk):
        files.setdefault((walk.visit.scan_of or {}).get(one.id, OTHER), []).append(wire.DocumentRef(id=one.id))
    papers = [
        wire.FiledDocument(
            component=one.paper,
            name=catalogue.paper(one.paper).name,
            number=one.originals or one.copies,
            kind=wire.CopyKind.ORIGINAL if one.originals else wire.CopyKind.COPY,
            files=tuple(files.pop(one.paper, ())),
        )
        for one in needed(walk)
    ]
    # What belongs to no paper of the case goes with the dossier all the same: an officer sees what it is.
    more = [
        wire.FiledDocument(component=component, name="Giấy tờ khác", kind=wire.CopyKind.COPY, files=tuple(references))
        for component, references in files.items()
    ]
    return (*papers, *more)


def whose(walk: Walk) -> tuple[str, ...]:
    """Procedure, case and person: papers of another one are never sent with this one."""
    visit = walk.visit
    code = "" if visit.procedure is None else visit.procedure.code
    number = None if visit.patient is None else visit.patient.number
    return code, *(visit.case or ()), number or ""


def forget_papers(walk: Walk) -> None:
    """Nothing of them is sent, and what lies with the upload process is erased."""
    visit = walk.visit
    if visit.upload is not None:
        walk.front.later(partial(walk.kit.gateway.phones.close, visit.upload))
    for one in visit.scanned or ():
        if visit.dossier is None or one.id in (visit.removed or ()):
            walk.front.later(partial(walk.kit.gateway.scans.delete, one.id))
    visit.upload = visit.scanned = visit.scan_of = visit.removed = visit.previews = visit.papers_of = visit.kept = None
