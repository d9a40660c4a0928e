""" "Để sau": the dossier so far is kept at the gateway, never here; its owner goes on at any kiosk by code and card."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from services.contract import one_stop as wire
from services.failures import code_of
from services.gateway_client import GatewayError
from services.journeys.case_of_visit import books_of
from services.journeys.journey import Ending, Over, Turn, WentBack
from services.journeys.papers import filed_documents, forget_papers, whose
from services.journeys.prompts import AskedText, DraftKept, FormAnswer, NothingKind, ProblemChoice, TypeLetters
from services.journeys.slips import draft_slip
from services.journeys.steps.find_dossier import nothing
from services.journeys.walk import Walk

LETTERS = 8
"""Of a draft's code, without its dash."""


def draft_offers(walk: Walk) -> tuple[FormAnswer, ...]:
    """Who has no number cannot own a draft; one draft at a time is gone on with."""
    patient = walk.visit.patient
    if patient is None or not patient.number:
        return ()
    return (FormAnswer.LATER,) if walk.visit.draft_code else (FormAnswer.LATER, FormAnswer.RESUME)


async def keep_draft(walk: Walk) -> None:
    """Keep it, print its code, end the session. Back at the form where it cannot be kept."""
    draft = _draft(walk)
    while True:
        try:
            saved = await walk.working("working.draft", partial(walk.kit.gateway.drafts.save, draft), can_stop=False)
            break
        except GatewayError as error:
            choice = await walk.problem(code_of(error), ProblemChoice.GO_ON, ProblemChoice.RETRY)
            if choice is ProblemChoice.GO_ON:
                return
    slip = draft_slip(walk, saved)
    printed = await walk.working("working.printing", partial(walk.kit.printer.print, slip), can_stop=False)
    if printed.ok:
        walk.front.chime()
    until = f"{saved.expires_at.astimezone(walk.kit.clock.now().tzinfo):%H:%M, %d/%m}"
    await walk.result(DraftKept(code=saved.code, until=until, printed=printed.ok))
    raise Over(Ending.DONE)


async def resume_draft(walk: Walk) -> None:
    """The code, then everything as it was; what the chip knows comes from the chip again."""
    try:
        await _open(walk)
    except WentBack:
        return


async def begin_with_draft(walk: Walk) -> Turn | None:
    """The tile "Làm tiếp hồ sơ": what was kept is all that is known of the procedure."""
    visit = walk.visit
    while visit.procedure is None:
        if visit.patient is None or not visit.patient.number:
            await nothing(walk, NothingKind.DRAFT_UNPROVEN)
            forget_papers(walk)
            visit.forget_patient()
            return Turn.OTHER_PERSON
        await _open(walk)
        if visit.procedure is None:
            # The catalogue has it no more.
            await nothing(walk, NothingKind.DRAFT_OLD)
    return None


async def _open(walk: Walk) -> None:
    """Type the code until it opens. Raises WentBack."""
    patient = walk.visit.patient
    prompt = TypeLetters(what=AskedText.DRAFT, least=LETTERS, most=LETTERS)
    while patient is not None and patient.number:
        typed = await walk.ask(prompt)
        wanted = wire.DraftOpen(code=f"{typed.text[:4]}-{typed.text[4:]}", number=patient.number)
        try:
            _take(walk, await walk.working("working.draft.open", partial(walk.kit.gateway.drafts.open, wanted)))
            return
        except GatewayError as failed:
            if failed.status in {404, 423}:
                prompt = _wrong(prompt, failed)
                continue
            await walk.problem(code_of(failed), ProblemChoice.GO_ON)
            raise WentBack from None


def _wrong(prompt: TypeLetters, failed: GatewayError) -> TypeLetters:
    """Locked; or how many tries this code has left; or there is none like it."""
    left = (("number", int(failed.told)),) if failed.told is not None and failed.told.isdecimal() else ()
    error = "draft.error.left" if left else "draft.error.wrong"
    return replace(prompt, error="draft.error.locked" if failed.status == 423 else error, error_args=left)


def _draft(walk: Walk) -> wire.DraftSave:
    visit = walk.visit
    procedure, patient = visit.procedure, visit.patient
    if procedure is None or patient is None or not patient.number:
        raise AssertionError("a draft has a procedure and an owner")
    locked = visit.from_chip or ()
    return wire.DraftSave(
        number=patient.number,
        procedure=procedure.code,
        case=visit.case or (),
        parts=visit.parts or (),
        capacity=visit.capacity or wire.Capacity.MYSELF,
        answers={name: text for name, text in (visit.answers or {}).items() if text and name not in locked},
        documents=tuple(one for one in filed_documents(walk) if one.files),
        replaces=visit.draft_code,
    )


def _take(walk: Walk, draft: wire.Draft) -> None:
    visit = walk.visit
    visit.before_draft = visit.procedure, visit.case, visit.parts, visit.capacity
    procedures = books_of(walk).catalogue.procedures
    visit.procedure = next((one for one in procedures if one.code == draft.procedure), visit.procedure)
    visit.case, visit.parts, visit.capacity = draft.case, draft.parts, draft.capacity
    visit.answers, visit.from_chip, visit.draft_code = dict(draft.answers), None, draft.code
    forget_papers(walk)
    visit.kept, visit.papers_of = draft.documents, whose(walk)
