"""People's documents on their way: sessions for phones, and scans of the kiosk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Body, Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from gateway.api.deps import TheFile, TheHouse, TheKiosk, TheWrite
from gateway.api.idempotency import begin, finish, forget, once
from gateway.fleet.kiosks import Kiosk
from gateway.house import House
from gateway.one_stop import documents, uploads
from gateway.one_stop.keeping import centre_of
from gateway.one_stop.phones import GONE, WAIT_SECONDS, SessionState
from gateway.problems import Refused
from gateway.store.database import Transaction
from services.contract import routes
from services.contract.one_stop import KeptDocument, Upload, UploadRequest
from services.contract.routes import Write

router = APIRouter(tags=["one-stop documents"])


@router.post(routes.UPLOADS, response_model=Upload)
async def open_upload(
    house: TheHouse, kiosk: TheKiosk, sent: TheWrite, request: Annotated[UploadRequest, Body()]
) -> Response:
    """A link for one phone."""
    place = uploads.the_place(house)
    kept = await run_in_threadpool(begin, house, kiosk, Write.UPLOAD, sent)
    if kept is not None:
        return kept
    try:
        row = await run_in_threadpool(_begin, house, kiosk)
        await place.open_session(row["id"], uploads.link_token(house, row["id"]), request)
        fresh = SessionState(False, 1, ())

        def work(transaction: Transaction) -> Upload:
            return uploads.as_answer(house, uploads.row_of(transaction, kiosk, row["id"]), fresh)

        return await run_in_threadpool(finish, house, kiosk, Write.UPLOAD, sent, work)
    except BaseException:
        await run_in_threadpool(forget, house, kiosk, Write.UPLOAD, sent)
        raise


@router.get(routes.UPLOAD)
async def read_upload(house: TheHouse, kiosk: TheKiosk, id: str) -> Upload:
    """The session now."""
    return await _upload(house, kiosk, id)


@router.get(routes.UPLOAD_EVENTS)
async def upload_events(house: TheHouse, kiosk: TheKiosk, id: str) -> StreamingResponse:
    """The session whenever something came, until it is over."""
    await _upload(house, kiosk, id)
    return StreamingResponse(_follow(house, kiosk, id), media_type="text/event-stream")


@router.post(routes.UPLOAD_CLOSE, response_model=Upload)
async def close_upload(house: TheHouse, kiosk: TheKiosk, sent: TheWrite, id: str) -> Response:
    """The session is over: nothing of it is left."""
    place = uploads.the_place(house)

    def work(transaction: Transaction) -> Upload:
        return uploads.as_answer(house, uploads.mark_closed(house, transaction, kiosk, id), GONE)

    answer = await run_in_threadpool(once, house, kiosk, Write.UPLOAD_CLOSE, sent, work)
    await place.end(id)
    return answer


@router.get(routes.UPLOAD_PREVIEW)
async def upload_preview(house: TheHouse, kiosk: TheKiosk, id: str, document: str) -> Response:
    """A picture of a document's first page."""
    row = await _upload(house, kiosk, id)
    picture = None
    if any(one.id == document for one in row.documents):
        picture = await uploads.the_place(house).preview(id, document)
    if picture is None:
        raise Refused(404, "There is no picture of it")
    return Response(picture, media_type="image/jpeg")


@router.post(routes.DOCUMENTS, response_model=KeptDocument)
def keep(house: TheHouse, kiosk: TheKiosk, file: TheFile) -> Response:
    """A scan; the body is the file."""
    centre_of(house)
    return once(
        house,
        kiosk,
        Write.DOCUMENT,
        file.sent,
        lambda transaction: documents.keep(house, transaction, kiosk, file.content),
    )


@router.post(routes.DOCUMENT_DELETE, status_code=202)
def delete(house: TheHouse, kiosk: TheKiosk, sent: TheWrite, id: str) -> Response:
    """The person does not want it."""
    return once(
        house,
        kiosk,
        Write.DOCUMENT_DELETE,
        sent,
        lambda transaction: documents.forget(transaction, kiosk, [id]),
    )


def _begin(house: House, kiosk: Kiosk) -> uploads.RowMapping:
    with house.store.write() as transaction:
        return uploads.begin(house, transaction, kiosk)


async def _upload(house: House, kiosk: Kiosk, id: str, after: int = 0, wait: float = 0.0) -> Upload:
    place = uploads.the_place(house)
    row = await run_in_threadpool(_row, house, kiosk, id)
    over = row["closed_at"] is not None or row["expires_at"] <= house.now()
    state = GONE if over else await place.state(id, after, wait)
    return uploads.as_answer(house, row, state)


def _row(house: House, kiosk: Kiosk, id: str) -> uploads.RowMapping:
    with house.store.read() as transaction:
        return uploads.row_of(transaction, kiosk, id)


async def _follow(house: House, kiosk: Kiosk, id: str) -> AsyncIterator[str]:
    last = -1
    while not house.bus.closed:
        try:
            state = await _upload(house, kiosk, id, max(last, 0), 0.0 if last < 0 else WAIT_SECONDS)
        except Refused:
            yield ": the page for phones does not answer\r\n\r\n"
            await asyncio.sleep(2)
            continue
        if state.version != last:
            last = state.version
            yield f"id: {last}\r\nevent: change\r\ndata: {state.model_dump_json()}\r\n\r\n"
        else:
            yield ": ping\r\n\r\n"
        if state.closed:
            return
