"""Documents before they are filed: scans of a session and papers of a draft, kept sealed for a short time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import RowMapping, delete, insert, select, update
from starlette.concurrency import run_in_threadpool

from gateway.fleet.kiosks import Kiosk
from gateway.house import House, new_id
from gateway.one_stop import uploads
from gateway.problems import Refused
from gateway.store.database import Transaction
from gateway.store.tables import one_stop_documents
from gateway.upload.files import FileRefused, clean
from services.contract.one_stop import DocumentRef, FileKind, KeptDocument

KEPT = timedelta(minutes=60)
"""A scan that is neither filed nor saved with a draft is deleted after this."""
LARGEST = 20_000_000
MOST_OF_A_KIOSK = 60
"""Documents a kiosk may have kept at a time: nobody scans more in an hour."""


@dataclass(frozen=True)
class FetchedFile:
    """A document's bytes."""

    data: bytes
    kind: str
    pages: int


def keep(house: House, transaction: Transaction, kiosk: Kiosk, content: bytes) -> KeptDocument:
    """Keep a scan. Raises Refused 413, 415, 422 for a file that is none, 429 when too many are kept."""
    if len(content) > LARGEST:
        raise Refused(413, "The document is too large")
    mine = select(one_stop_documents.c.id).where(
        one_stop_documents.c.kiosk_id == kiosk.id, one_stop_documents.c.draft_id.is_(None)
    )
    if len(transaction.all(mine.limit(MOST_OF_A_KIOSK))) >= MOST_OF_A_KIOSK:
        raise Refused(429, "Too many documents are kept")
    try:
        file = clean(content)
    except FileRefused as error:
        raise Refused(415, "The document is no picture and no PDF", detail=error.fault.value) from error
    row = _insert(house, transaction, kiosk.id, None, file.pdf, file.pages, house.now() + KEPT)
    return as_answer(row)


def _insert(
    house: House,
    transaction: Transaction,
    kiosk_id: str,
    draft_id: str | None,
    data: bytes,
    pages: int,
    until: datetime,
) -> RowMapping:
    id = new_id()
    transaction.execute(
        insert(one_stop_documents).values(
            id=id,
            kiosk_id=kiosk_id,
            draft_id=draft_id,
            kind=FileKind.PDF.value,
            bytes=len(data),
            pages=pages,
            kept_at=house.now(),
            expires_at=until,
            sealed_content=house.vault.seal(data),
        )
    )
    row = transaction.one(select(one_stop_documents).where(one_stop_documents.c.id == id))
    if row is None:
        raise LookupError("a document that was just kept")
    return row


def as_answer(row: RowMapping) -> KeptDocument:
    """What the kiosk is told of it."""
    return KeptDocument(
        id=row["id"], kind=FileKind(row["kind"]), bytes=row["bytes"], pages=row["pages"], expires_at=row["expires_at"]
    )


def kept(house: House, transaction: Transaction, kiosk: Kiosk, id: str) -> RowMapping | None:
    """A document of this kiosk that is not over."""
    mine = (
        one_stop_documents.c.id == id,
        one_stop_documents.c.kiosk_id == kiosk.id,
        one_stop_documents.c.expires_at > house.now(),
    )
    return transaction.one(select(one_stop_documents).where(*mine))


async def fetch(house: House, kiosk: Kiosk, reference: DocumentRef) -> FetchedFile | None:
    """A document's bytes, from where they are; None when they are gone."""
    if reference.upload_id is None:
        return await run_in_threadpool(_fetch_kept, house, kiosk, reference.id)
    place = uploads.the_place(house)
    await run_in_threadpool(_mine, house, kiosk, reference.upload_id)
    data = await place.document(reference.upload_id, reference.id)
    return None if data is None else FetchedFile(data, FileKind.PDF.value, 0)


def _mine(house: House, kiosk: Kiosk, upload_id: str) -> None:
    with house.store.read() as transaction:
        uploads.row_of(transaction, kiosk, upload_id)


def _fetch_kept(house: House, kiosk: Kiosk, id: str) -> FetchedFile | None:
    with house.store.read() as transaction:
        row = kept(house, transaction, kiosk, id)
    if row is None:
        return None
    return FetchedFile(house.vault.open(row["sealed_content"]), row["kind"], row["pages"])


def keep_for_draft(
    house: House, transaction: Transaction, kiosk: Kiosk, draft_id: str, file: FetchedFile, until: datetime
) -> str:
    """A document of a draft; its id."""
    return str(_insert(house, transaction, kiosk.id, draft_id, file.data, max(1, file.pages), until)["id"])


def hand_to(transaction: Transaction, kiosk: Kiosk, draft_id: str) -> None:
    """A draft is opened at a kiosk: its documents are that kiosk's from now on."""
    mine = one_stop_documents.c.draft_id == draft_id
    transaction.execute(update(one_stop_documents).where(mine).values(kiosk_id=kiosk.id))


def forget(transaction: Transaction, kiosk: Kiosk, ids: Sequence[str]) -> None:
    """Delete documents of a kiosk."""
    if ids:
        mine = one_stop_documents.c.id.in_(ids), one_stop_documents.c.kiosk_id == kiosk.id
        transaction.execute(delete(one_stop_documents).where(*mine))


def forget_old(house: House, transaction: Transaction) -> None:
    """Delete what is over."""
    transaction.execute(delete(one_stop_documents).where(one_stop_documents.c.expires_at <= house.now()))
