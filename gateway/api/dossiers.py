"""Dossiers for kiosks: filed once, followed by slip, code or chip; drafts; ratings; the community digital team."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Response
from starlette.concurrency import run_in_threadpool

from gateway.api.deps import Sent, TheHouse, TheKiosk, TheWrite
from gateway.api.idempotency import begin, finish, forget, leave, once
from gateway.fleet.evidence import EvidenceVerdict
from gateway.fleet.kiosks import Kiosk
from gateway.fleet.proven import must_be_proven, verdict_of
from gateway.house import House
from gateway.one_stop import assists, documents, drafts, filing, following, ratings
from gateway.one_stop.keeping import centre_of
from gateway.problems import Refused
from gateway.store.database import Transaction
from services.contract import routes
from services.contract.one_stop import (
    Assist,
    AssistStart,
    DigitalHelp,
    Dossier,
    Dossiers,
    DossiersRequest,
    Draft,
    DraftOpen,
    DraftSave,
    DraftSaved,
    Filing,
    Rateable,
    RateableRequest,
    Rated,
    Rating,
)
from services.contract.problem_codes import DOCUMENTS_GONE
from services.contract.routes import Write

router = APIRouter(tags=["one-stop dossiers"])


@router.post(routes.DOSSIERS, response_model=Dossier)
async def file(house: TheHouse, kiosk: TheKiosk, sent: TheWrite, body: Annotated[Filing, Body()]) -> Response:
    """File it at the authority's system. 409: sent, and nobody knows yet; the same key asks again."""
    verdict = await run_in_threadpool(verdict_of, house, kiosk, body.applicant)
    await run_in_threadpool(filing.check, house, body)
    kept = await run_in_threadpool(begin, house, kiosk, Write.DOSSIER, sent)
    if kept is not None:
        return kept
    try:
        row = await filing.file(house, kiosk, sent.key, body, verdict)
        return await run_in_threadpool(
            finish,
            house,
            kiosk,
            Write.DOSSIER,
            sent,
            lambda transaction: filing.answer(house, transaction, row["id"]),
        )
    except Refused as error:
        await run_in_threadpool(leave if error.status == 409 else forget, house, kiosk, Write.DOSSIER, sent)
        raise
    except BaseException:
        await run_in_threadpool(leave, house, kiosk, Write.DOSSIER, sent)
        raise


@router.post(routes.FIND_DOSSIERS)
def find(house: TheHouse, kiosk: TheKiosk, request: Annotated[DossiersRequest, Body()]) -> Dossiers:
    """What became of dossiers; nobody is shown any that is not theirs."""
    centre_of(house)
    if request.person is not None:
        must_be_proven(house, kiosk, request.person)
    with house.store.write() as transaction:
        answer = following.find(house, transaction, kiosk, request)
    return answer.told()


@router.post(routes.DRAFTS, response_model=DraftSaved)
async def save(house: TheHouse, kiosk: TheKiosk, sent: TheWrite, body: Annotated[DraftSave, Body()]) -> Response:
    """Keep a draft, with the documents that came."""
    centre_of(house)
    files: drafts.Files = {}
    for reference in (reference for paper in body.documents for reference in paper.files):
        content = await documents.fetch(house, kiosk, reference)
        if content is None:
            raise Refused(422, "A document is gone", code=DOCUMENTS_GONE)
        files[reference.upload_id, reference.id] = content

    def work(transaction: Transaction) -> DraftSaved:
        return drafts.save(house, transaction, kiosk, sent.key, body, files)

    return await run_in_threadpool(once, house, kiosk, Write.DRAFT, sent, work)


@router.post(routes.OPEN_DRAFT)
def open_draft(house: TheHouse, kiosk: TheKiosk, body: Annotated[DraftOpen, Body()]) -> Draft:
    """A draft again."""
    with house.store.write() as transaction:
        found = drafts.open_draft(house, transaction, kiosk, body.code, body.number)
    if isinstance(found, Refused):
        raise found
    return found


@router.post(routes.DELETE_DRAFT, status_code=202)
def delete_draft(house: TheHouse, kiosk: TheKiosk, sent: TheWrite, body: Annotated[DraftOpen, Body()]) -> Response:
    """The person does not want it any more."""

    def work(transaction: Transaction) -> None:
        drafts.forget(house, transaction, body.code, body.number)

    return once(house, kiosk, Write.DRAFT_DELETE, sent, work)


@router.post(routes.RATINGS, response_model=Rated)
def rate(house: TheHouse, kiosk: TheKiosk, sent: TheWrite, body: Annotated[Rating, Body()]) -> Response:
    """Count a rating. Even the key's row tells nothing: its hash of the body is made with this gateway's key."""
    centre_of(house)
    blind = Sent(sent.key, house.vault.hash("rating", sent.body_hash))
    return once(house, kiosk, Write.RATING, blind, lambda transaction: ratings.rate(house, transaction, body))


@router.post(routes.ASK_RATING)
def ask_rating(house: TheHouse, kiosk: TheKiosk, body: Annotated[RateableRequest, Body()]) -> Rateable:
    """Whether a slip or a dossier may be rated."""
    centre_of(house)
    if body.token is not None:
        with house.store.read() as transaction:
            return ratings.may_rate(house, transaction, body.token)
    request = DossiersRequest(code=body.code or "-", look_up_code=body.look_up_code)
    with house.store.write() as transaction:
        answer = following.find(house, transaction, kiosk, request)
        if answer.dossiers is None:
            if answer.refusal is None:
                return Rateable(token=None, reason="unknown")
        else:
            return ratings.may_rate(house, transaction, answer.dossiers.dossiers[0].token)
    raise answer.refusal


@router.post(routes.ASSISTS, response_model=Assist)
def begin_assist(house: TheHouse, kiosk: TheKiosk, sent: TheWrite, body: Annotated[AssistStart, Body()]) -> Response:
    """A helper signs in."""
    centre_of(house)
    verdict = _helpers_card(house, kiosk, body)
    blind = Sent(sent.key, house.vault.hash("assist", sent.body_hash))
    """A PIN of six digits is soon found from a plain hash."""

    def work(transaction: Transaction) -> Assist:
        return assists.begin(house, transaction, kiosk, assists.who(house, transaction, body, verdict))

    try:
        return once(house, kiosk, Write.ASSIST, blind, work)
    except Refused as error:
        if error.status == 403 and body.name:
            assists.note_wrong(house, body.name)
        raise


@router.post(routes.ASSIST_END, status_code=202)
def end_assist(house: TheHouse, kiosk: TheKiosk, sent: TheWrite, id: str) -> Response:
    """The helper leaves."""
    return once(house, kiosk, Write.ASSIST_END, sent, lambda transaction: assists.end(house, transaction, kiosk, id))


@router.post(routes.DIGITAL_HELP, status_code=202)
def helped(house: TheHouse, kiosk: TheKiosk, sent: TheWrite, body: Annotated[DigitalHelp, Body()]) -> Response:
    """One more person helped."""
    centre_of(house)
    return once(
        house,
        kiosk,
        Write.DIGITAL_HELP,
        sent,
        lambda transaction: assists.helped(house, transaction, kiosk, body),
    )


def _helpers_card(house: House, kiosk: Kiosk, start: AssistStart) -> EvidenceVerdict | None:
    return None if start.person is None else verdict_of(house, kiosk, start.person)
