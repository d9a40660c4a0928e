"""The last look, then the dossier is sent: status 1, "mới đăng ký". The counter accepts it, never the kiosk."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

from services.contract import one_stop as wire
from services.contract.models import EvidenceLevel, Person
from services.contract.problem_codes import DOCUMENTS_GONE
from services.failures import code_of
from services.gateway_client import GatewayError
from services.journeys.case_of_visit import books_of, checklist_of
from services.journeys.journey import Turn
from services.journeys.papers import document_rows, filed_documents, forget_papers
from services.journeys.prompts import Capacity, FilingAnswer, ProblemChoice, ReviewFiling
from services.journeys.registration import person_of
from services.journeys.steps.fill_form import answers_asked, form_of_visit, rows
from services.journeys.walk import Walk
from services.procedures.forms import read_day


async def review_filing(walk: Walk) -> Turn | None:
    """Everything that will be sent. "Sửa" leads back to the form."""
    if not walk.visit.preparing or walk.visit.dossier is not None:
        return None
    answer = await walk.ask(partial(_question, walk))
    return Turn.CHANGE_FORM if answer is FilingAnswer.CHANGE else None


async def file_dossier(walk: Walk) -> Turn | None:
    """Send it. What cannot be sent now is not sent later: the person takes a number and the counter helps."""
    visit = walk.visit
    if not visit.preparing or visit.dossier is not None or visit.patient is None:
        return None
    filing = _filing(walk)
    while visit.dossier is None:
        try:
            await walk.working("working.filing", partial(_send, walk, filing), can_stop=False)
        except GatewayError as error:
            if error.code == DOCUMENTS_GONE:
                return await _papers_gone(walk, error)
            choice = await walk.problem(code_of(error), ProblemChoice.RETRY, ProblemChoice.ASK_DESK, back=False)
            if choice is not ProblemChoice.RETRY:
                visit.preparing = None
                return None
    return None


async def _papers_gone(walk: Walk, error: GatewayError) -> Turn:
    """Nothing was sent: back to the papers."""
    forget_papers(walk)
    await walk.problem(code_of(error), ProblemChoice.GO_ON, back=False)
    return Turn.PAPERS


async def _send(walk: Walk, filing: wire.Filing) -> None:
    walk.visit.dossier = await walk.kit.gateway.file_dossier(filing)


def _filing(walk: Walk) -> wire.Filing:
    visit, books = walk.visit, books_of(walk)
    procedure, patient = visit.procedure, visit.patient
    if procedure is None or patient is None:
        raise AssertionError("a filing has a procedure and an applicant")
    answers = answers_asked(walk, form_of_visit(walk))
    return wire.Filing(
        procedure=procedure.code,
        catalogue_digest=books.digest,
        case=visit.case or (),
        parts=visit.parts or (),
        capacity=visit.capacity or wire.Capacity.MYSELF,
        applicant=person_of(patient),
        represented=_represented(answers),
        organisation=_organisation(answers),
        pieces=visit.pieces or {},
        phone=answers.get("nguoi-nop.dien-thoai", ""),
        answers=answers,
        from_chip=visit.from_chip or (),
        documents=filed_documents(walk),
        declared=visit.declared,
        draft_code=visit.draft_code,
        assist_id=walk.front.assisting.id,
        session_id=str(uuid4()),
        language="en" if walk.english else "vi",
        at=walk.kit.clock.now(),
    )


def _represented(answers: dict[str, str]) -> Person | None:
    """For whom somebody acts, as they typed it: no card of theirs was read."""
    name = answers.get("nguoi-duoc-thay.ho-ten")
    if not name:
        return None
    born = read_day(answers.get("nguoi-duoc-thay.ngay-sinh", ""))
    return Person(
        number=answers.get("nguoi-duoc-thay.so") or None,
        name=name,
        birth=None if born is None else born.isoformat(),
        level=EvidenceLevel.TYPED,
    )


def _organisation(answers: dict[str, str]) -> wire.Organisation | None:
    name = answers.get("to-chuc.ten")
    return wire.Organisation(name=name, tax_code=answers.get("to-chuc.ma-so-thue", "")) if name else None


def _question(walk: Walk) -> ReviewFiling:
    form, found = form_of_visit(walk), checklist_of(walk)
    return ReviewFiling(
        procedure=found.name,
        case=found.case,
        capacity=Capacity((walk.visit.capacity or wire.Capacity.MYSELF).value),
        rows=tuple(row for row in rows(walk, form) if row.value),
        papers=tuple(row.name for row in found.bring),
        photographed=len(document_rows(walk)),
        fee=found.fee,
        offline=not walk.kit.gateway.online,
    )
