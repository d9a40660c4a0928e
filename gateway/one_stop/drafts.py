"""Drafts: kept for a short time under a printed code and the person's number, locked after wrong numbers.

Nothing is in the kiosk. Who has the code alone learns nothing; who guesses numbers locks the draft.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import AwareDatetime, BaseModel, ConfigDict
from sqlalchemy import RowMapping, delete, insert, select, update

from gateway.fleet.kiosks import Kiosk
from gateway.house import House, new_id
from gateway.one_stop import documents
from gateway.one_stop.documents import FetchedFile
from gateway.one_stop.keeping import centre_of, opened, seal
from gateway.privacy.subjects import subject_hash
from gateway.problems import Refused
from gateway.store.database import Transaction
from gateway.store.tables import one_stop_documents, one_stop_drafts
from services.contract.one_stop import Capacity, DocumentRef, Draft, DraftSave, DraftSaved, FiledDocument
from services.contract.ticket_codes import clean_reprint_code, draft_code

Files = dict[tuple[str | None, str], FetchedFile]
"""By upload session and id."""


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True)

    procedure: str
    case: tuple[str, ...]
    parts: tuple[str, ...]
    capacity: Capacity
    answers: dict[str, str]
    documents: tuple[FiledDocument, ...]
    saved_at: AwareDatetime


def save(house: House, transaction: Transaction, kiosk: Kiosk, key: str, sent: DraftSave, files: Files) -> DraftSaved:
    """Keep it with its documents; the draft it replaces goes."""
    now = house.now()
    until = now + timedelta(hours=centre_of(house).settings.draft_hours)
    if sent.replaces is not None:
        forget(house, transaction, sent.replaces, sent.number)
    id = new_id()
    code = draft_code(key)
    transaction.execute(
        insert(one_stop_drafts).values(
            id=id,
            code=code,
            person=subject_hash(house, sent.number),
            saved_at=now,
            expires_at=until,
            sealed_draft=b"",
        )
    )
    papers = tuple(_with_kept(house, transaction, kiosk, id, paper, files, until) for paper in sent.documents)
    kept = _Kept(
        procedure=sent.procedure,
        case=sent.case,
        parts=sent.parts,
        capacity=sent.capacity,
        answers=sent.answers,
        documents=papers,
        saved_at=now,
    )
    mine = one_stop_drafts.c.id == id
    transaction.execute(update(one_stop_drafts).where(mine).values(sealed_draft=seal(house, kept)))
    return DraftSaved(code=code, expires_at=until)


def _with_kept(
    house: House,
    transaction: Transaction,
    kiosk: Kiosk,
    draft_id: str,
    paper: FiledDocument,
    files: Files,
    until: datetime,
) -> FiledDocument:
    ids = [
        documents.keep_for_draft(house, transaction, kiosk, draft_id, files[reference.upload_id, reference.id], until)
        for reference in paper.files
    ]
    return paper.model_copy(update={"files": tuple(DocumentRef(id=id) for id in ids)})


def open_draft(house: House, transaction: Transaction, kiosk: Kiosk, code: str, number: str) -> Draft | Refused:
    """The draft, or why not: a wrong number is counted in the same transaction, so it is returned, never raised."""
    row = _row(house, transaction, code)
    if row is None:
        return Refused(404, "There is no such draft")
    tries = centre_of(house).settings.draft_tries
    if row["locked_at"] is not None:
        return Refused(423, "The draft is locked")
    mine = one_stop_drafts.c.id == row["id"]
    if row["person"] != subject_hash(house, number):
        wrong = row["wrong_tries"] + 1
        values: dict[str, object] = {"wrong_tries": wrong}
        if wrong >= tries:
            values["locked_at"] = house.now()
        transaction.execute(update(one_stop_drafts).where(mine).values(**values))
        if wrong >= tries:
            return Refused(423, "The draft is locked")
        return Refused(404, "There is no such draft", detail=str(tries - wrong))
    transaction.execute(update(one_stop_drafts).where(mine).values(wrong_tries=0))
    documents.hand_to(transaction, kiosk, row["id"])
    kept = opened(house, row, "sealed_draft", _Kept)
    return Draft(
        code=row["code"],
        procedure=kept.procedure,
        case=kept.case,
        parts=kept.parts,
        capacity=kept.capacity,
        answers=kept.answers,
        documents=kept.documents,
        saved_at=row["saved_at"],
        expires_at=row["expires_at"],
    )


def forget(house: House, transaction: Transaction, code: str, number: str) -> bool:
    """Delete a draft of this person, with its documents; False when there is none."""
    row = _row(house, transaction, code)
    if row is None or row["locked_at"] is not None or row["person"] != subject_hash(house, number):
        return False
    _delete(transaction, row["id"])
    return True


def forget_old(house: House, transaction: Transaction) -> None:
    """Delete drafts whose time is over, to the minute."""
    over = select(one_stop_drafts.c.id).where(one_stop_drafts.c.expires_at <= house.now())
    for row in transaction.all(over):
        _delete(transaction, row["id"])


def _delete(transaction: Transaction, id: str) -> None:
    transaction.execute(delete(one_stop_documents).where(one_stop_documents.c.draft_id == id))
    transaction.execute(delete(one_stop_drafts).where(one_stop_drafts.c.id == id))


def _row(house: House, transaction: Transaction, code: str) -> RowMapping | None:
    alive = one_stop_drafts.c.code == clean_reprint_code(code), one_stop_drafts.c.expires_at > house.now()
    return transaction.one(select(one_stop_drafts).where(*alive).with_for_update())
