"""Filing: a dossier enters the authority's system once, whatever is sent twice or lost on the way.

Its number is taken there first and stored before anything else: whoever does not know whether a dossier was created
asks for that number. A row whose filing never came to an end is resolved by `gateway.one_stop.watching`; the number
stays with the row, so no later try can make a second dossier.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import RowMapping, insert, or_, select
from starlette.concurrency import run_in_threadpool

from gateway.clock import bounded, day_of
from gateway.fleet.evidence import EvidenceVerdict
from gateway.fleet.kiosks import Kiosk
from gateway.house import House, new_id
from gateway.one_stop import assists, documents, drafts
from gateway.one_stop.centre import Centre
from gateway.one_stop.declarations import declared_in, keep_consent
from gateway.one_stop.dossier import body
from gateway.one_stop.failures import OneStopFault, OneStopRefused, OneStopUnavailable
from gateway.one_stop.keeping import (
    WHOLE,
    EventText,
    SentFile,
    ToldState,
    as_answer,
    by_id,
    centre_of,
    note_events,
    opened,
    parts_of,
    seal,
    set_dossier,
    set_part,
)
from gateway.one_stop.system import Json, System
from gateway.privacy.kinds import DOSSIER
from gateway.privacy.subjects import Role, link
from gateway.problems import Refused
from gateway.store.database import Transaction
from gateway.store.tables import one_stop_dossiers, one_stop_parts
from services.contract.models import EvidenceLevel, Person
from services.contract.one_stop import Dossier, DossierState, DossierStatus, Filing, Signature
from services.contract.problem_codes import (
    CATALOGUE_CHANGED,
    DOCUMENTS_GONE,
    ONE_STOP_REFUSED,
    ONE_STOP_SILENT,
)
from services.contract.ticket_codes import dossier_token, sending_code
from services.procedures.records import Procedure

log = logging.getLogger(__name__)

BUSY = timedelta(seconds=90)
"""Longer than any filing takes; then somebody else may find out what became of it."""
AT_ONCE = 3
"""Files that are sent at the same time."""

_SETTLED = {DossierState.FILED.value, DossierState.LAPSED.value}
"""It came to an end at the authority's system: nothing is sent for it again."""
_VERIFIED = {EvidenceLevel.CHIP_GENUINE, EvidenceLevel.CHIP_READ}


@dataclass(frozen=True)
class PartToFile:
    """One procedure of the filing."""

    part: str
    procedure: str
    name: str


def check(house: House, filing: Filing) -> tuple[Centre, System, Procedure, tuple[PartToFile, ...]]:
    """What is filed, by this gateway's own catalogue. Raises Refused."""
    centre = centre_of(house)
    if centre.system is None:
        raise Refused(404, "Nothing is filed from here")
    if filing.catalogue_digest != centre.catalogue_file.digest:
        raise Refused(422, "The catalogue has changed", code=CATALOGUE_CHANGED)
    procedure = centre.procedure(filing.procedure, day_of(house.now()))
    if procedure is None:
        raise Refused(422, "There is no such procedure today")
    if filing.capacity.value not in {one.value for one in procedure.capacities}:
        raise Refused(422, "Nobody can file that for somebody else", detail=filing.capacity.value)
    declared_in(filing)
    if (filing.signature is Signature.ELECTRONIC) != bool(filing.signed_with.strip()):
        raise Refused(422, "An electronic signature is named, a hand's is not")
    if not filing.applicant.name:
        raise Refused(422, "Who files has no name")
    chosen = set(filing.parts)
    if unknown := chosen - {part.id for part in procedure.parts}:
        raise Refused(422, "There is no such part", detail=min(unknown))
    parts = tuple(
        PartToFile(part.id, part.procedure or f"{procedure.code}.{part.id}"[:40], part.name)
        for part in procedure.parts
        if not part.optional or part.id in chosen
    )
    return centre, centre.system, procedure, parts or (PartToFile(WHOLE, procedure.code, procedure.name),)


async def file(house: House, kiosk: Kiosk, key: str, filing: Filing, verdict: EvidenceVerdict) -> RowMapping:
    """File it, or go on where an earlier try of the same filing ended. The dossier's row, FILED or LAPSED.

    Raises Refused: 422 what was sent cannot be filed, 424 nothing was filed, 409 nobody knows yet.
    """
    centre, system, procedure, parts = check(house, filing)
    row = await run_in_threadpool(_enter, house, kiosk, key, filing, verdict, procedure, parts)
    if row["state"] in _SETTLED:
        return row
    try:
        content = await _contents(house, kiosk, filing)
        async with _told(house, row["id"]):
            await _numbers(house, system, row["id"])
            files = await _files(house, system, row["id"], content)
            await _create(house, centre, system, row["id"], procedure, parts, filing, files)
    except BaseException:
        await asyncio.shield(run_in_threadpool(_let_go, house, row["id"]))
        raise
    return await run_in_threadpool(_filed, house, kiosk, row["id"], filing)


def answer(house: House, transaction: Transaction, dossier_id: str) -> Dossier:
    """The dossier for its kiosk."""
    row = by_id(transaction, dossier_id)
    if row is None:
        raise Refused(404, "There is no such dossier")
    return as_answer(house, transaction, row)


def file_sent(house: House, dossier_id: str) -> tuple[SentFile, ...]:
    """Files that the authority's system has of it."""
    with house.store.read() as transaction:
        row = by_id(transaction, dossier_id)
    return () if row is None or row["stripped"] else opened(house, row, "sealed_told", ToldState).files


def mark_filed(house: House, transaction: Transaction, dossier_id: str) -> None:
    """The authority's system has every part of it."""
    row = by_id(transaction, dossier_id, locked=True)
    if row is None or row["state"] == DossierState.FILED.value:
        return
    one_stop = centre_of(house).settings
    now = house.now()
    for part in parts_of(transaction, dossier_id):
        set_part(transaction, dossier_id, part["part"], created=True)
        text = EventText(unit=one_stop.receiving_unit)
        note_events(house, transaction, dossier_id, part["part"], [(DossierStatus.NEW, row["filed_at"], text)])
    set_dossier(
        transaction,
        dossier_id,
        state=DossierState.FILED.value,
        busy_until=None,
        kept_until=row["filed_at"] + timedelta(hours=one_stop.pending_hours),
        next_look_at=now + timedelta(seconds=one_stop.system.poll_seconds if one_stop.system else 60),
    )


# --- the row


def _enter(
    house: House,
    kiosk: Kiosk,
    key: str,
    filing: Filing,
    verdict: EvidenceVerdict,
    procedure: Procedure,
    parts: tuple[PartToFile, ...],
) -> RowMapping:
    """The dossier's row, held for this try. Raises Refused 409 while another is at work."""
    content = _content(house, kiosk, filing)
    now = house.now()
    rows = one_stop_dossiers.c
    with house.store.write() as transaction:
        transaction.lock(f"filing:{content}")
        mine = (rows.kiosk_id == kiosk.id) & (rows.filing_key == key)
        wanted = select(one_stop_dossiers).where(or_(mine, rows.content == content)).order_by(rows.filed_at.desc())
        row = transaction.one(wanted.limit(1).with_for_update())
        if row is None:
            row = _new(house, transaction, kiosk, key, filing, verdict, procedure, parts, content)
        elif row["content"] != content:
            raise Refused(422, "This idempotency key was used for another body")
        elif row["state"] in _SETTLED:
            return row
        elif row["busy_until"] is not None and row["busy_until"] > now:
            raise Refused(409, "This dossier is being sent")
        set_dossier(transaction, row["id"], state=DossierState.SENDING.value, busy_until=now + BUSY)
        return row


def _content(house: House, kiosk: Kiosk, filing: Filing) -> str:
    """The same words of the same session are the same dossier, under whatever key they come."""
    words = filing.model_copy(update={"at": datetime.fromisoformat("1970-01-01T00:00:00+00:00"), "declared": None})
    return house.vault.hash("filing", f"{kiosk.id}\n{words.model_dump_json()}")


def _new(
    house: House,
    transaction: Transaction,
    kiosk: Kiosk,
    key: str,
    filing: Filing,
    verdict: EvidenceVerdict,
    procedure: Procedure,
    parts: tuple[PartToFile, ...],
    content: str,
) -> RowMapping:
    keep_consent(house, transaction, kiosk, key, filing)
    now = house.now()
    filed_at = bounded(filing.at, now)
    helper = assists.helping(house, transaction, kiosk, filing.assist_id, filed_at)
    number = filing.applicant.number
    proven = verdict.level in _VERIFIED
    id = new_id()
    transaction.execute(
        insert(one_stop_dossiers).values(
            id=id,
            kiosk_id=kiosk.id,
            filing_key=key,
            content=content,
            sending_code=sending_code(key),
            token=dossier_token(key),
            state=DossierState.SENDING.value,
            status=int(DossierStatus.NEW),
            procedure=procedure.code,
            essential=procedure.essential,
            level=verdict.level.value,
            person=house.vault.hash("person", number) if proven and number else None,
            assisted_by=None if helper is None else helper["helper"],
            commune=None if helper is None else helper["commune"],
            documents=len(filing.documents),
            filed_at=filed_at,
            sealed_filing=seal(house, _without_evidence(filing)),
            sealed_told=seal(house, ToldState()),
        )
    )
    for position, part in enumerate(parts):
        transaction.execute(
            insert(one_stop_parts).values(
                dossier_id=id,
                part=part.part,
                position=position,
                procedure=part.procedure,
                status=int(DossierStatus.NEW),
            )
        )
    people: tuple[tuple[Role, Person | None], ...] = (
        (Role.PATIENT, filing.applicant),
        (Role.PATIENT, filing.represented),
    )
    link(house, transaction, DOSSIER, id, people)
    row = by_id(transaction, id)
    if row is None:
        raise LookupError("a dossier that was just made")
    return row


def _without_evidence(filing: Filing) -> Filing:
    """What a chip said was checked when it came; the reception needs the words alone."""
    bare = {"evidence": None}
    represented = None if filing.represented is None else filing.represented.model_copy(update=bare)
    return filing.model_copy(update={"applicant": filing.applicant.model_copy(update=bare), "represented": represented})


def _let_go(house: House, dossier_id: str) -> None:
    with house.store.write() as transaction:
        set_dossier(transaction, dossier_id, busy_until=None)


def _filed(house: House, kiosk: Kiosk, dossier_id: str, filing: Filing) -> RowMapping:
    with house.store.write() as transaction:
        mark_filed(house, transaction, dossier_id)
        if filing.draft_code is not None and filing.applicant.number is not None:
            drafts.forget(house, transaction, filing.draft_code, filing.applicant.number)
        documents.forget(
            transaction,
            kiosk,
            [file.id for paper in filing.documents for file in paper.files if file.upload_id is None],
        )
        row = by_id(transaction, dossier_id)
    if row is None:
        raise LookupError("a dossier that was just filed")
    return row


# --- what goes to the authority's system


@dataclass(frozen=True)
class Content:
    """A file on its way."""

    component: str
    name: str
    kind: str
    data: bytes


async def _contents(house: House, kiosk: Kiosk, filing: Filing) -> list[Content]:
    """Every file of the filing. Raises Refused 422 when one is gone."""
    found: list[Content] = []
    for paper in filing.documents:
        for place, reference in enumerate(paper.files, 1):
            file = await documents.fetch(house, kiosk, reference)
            if file is None:
                raise Refused(422, "A document is gone", code=DOCUMENTS_GONE, detail=paper.component)
            ending = "pdf" if file.kind == "application/pdf" else file.kind.rpartition("/")[2]
            found.append(Content(paper.component, f"{paper.component}-{place}.{ending}", file.kind, file.data))
    return found


async def _numbers(house: House, system: System, dossier_id: str) -> None:
    """Each part's number: taken there, stored here, before it is used."""
    with house.store.read() as transaction:
        parts = parts_of(transaction, dossier_id)
    for part in parts:
        if part["number"] is not None:
            continue
        number = await system.next_number()
        await run_in_threadpool(_store_number, house, dossier_id, part["part"], number)


def _store_number(house: House, dossier_id: str, part: str, number: str) -> None:
    with house.store.write() as transaction:
        set_part(transaction, dossier_id, part, number=number)


async def _files(house: House, system: System, dossier_id: str, contents: list[Content]) -> tuple[SentFile, ...]:
    """Every file kept there. One that was kept by an earlier try is not sent again."""
    known = {(file.component, file.digest): file for file in await run_in_threadpool(file_sent, house, dossier_id)}
    limit = asyncio.Semaphore(AT_ONCE)

    async def sent(content: Content) -> SentFile:
        digest = await run_in_threadpool(lambda: hashlib.sha256(content.data).hexdigest())
        if (content.component, digest) in known:
            return known[content.component, digest]
        async with limit:
            stored = await system.upload(content.name, content.data, content.kind)
        return SentFile(
            component=content.component, name=content.name, id=stored.id, digest=stored.digest, bytes=len(content.data)
        )

    files = tuple(await asyncio.gather(*(sent(content) for content in contents)))
    await run_in_threadpool(_store_files, house, dossier_id, files)
    return files


def _store_files(house: House, dossier_id: str, files: tuple[SentFile, ...]) -> None:
    with house.store.write() as transaction:
        row = by_id(transaction, dossier_id, locked=True)
        if row is not None:
            told = opened(house, row, "sealed_told", ToldState).model_copy(update={"files": files})
            set_dossier(transaction, dossier_id, sealed_told=seal(house, told))


async def _create(
    house: House,
    centre: Centre,
    system: System,
    dossier_id: str,
    procedure: Procedure,
    parts: tuple[PartToFile, ...],
    filing: Filing,
    files: tuple[SentFile, ...],
) -> None:
    with house.store.read() as transaction:
        row = by_id(transaction, dossier_id)
        rows = {part["part"]: part for part in parts_of(transaction, dossier_id)}
    if row is None:
        raise LookupError("a dossier that was just made")
    first = rows[parts[0].part]["number"]
    words = opened(house, row, "sealed_filing", Filing)
    """As it came first: the same number is only ever sent with the same words."""
    for part in parts:
        if rows[part.part]["created"]:
            continue
        number = rows[part.part]["number"]
        content = body(
            centre,
            number=number,
            code=part.procedure,
            name=part.name,
            root=None if number == first else first,
            procedure=procedure,
            filing=words,
            sending_code=row["sending_code"],
            files=files,
            filed_at=row["filed_at"],
        )
        await run_in_threadpool(_mark, house, dossier_id, part.part, begun=True)
        await _create_one(system, number, content)
        await run_in_threadpool(_mark, house, dossier_id, part.part, created=True)


async def _create_one(system: System, number: str, content: Json) -> None:
    """Create it. An answer that did not come is looked for at once; the number makes a second sending harmless."""
    try:
        await system.create(content)
    except OneStopUnavailable as error:
        if error.fault is OneStopFault.NO_NETWORK:
            raise
        log.warning("an answer of the one-stop system was lost: %s", error.detail)
        if number not in await system.status([number]):
            await system.create(content)


def _mark(house: House, dossier_id: str, part: str, **values: bool) -> None:
    with house.store.write() as transaction:
        set_part(transaction, dossier_id, part, **values)


class NotKnown(Refused):
    """Nobody knows yet whether the authority's system has the dossier: the key stays at work."""

    def __init__(self) -> None:
        super().__init__(409, "Nobody knows yet whether it was filed", code=ONE_STOP_SILENT)


@asynccontextmanager
async def _told(house: House, dossier_id: str) -> AsyncGenerator[None]:
    """What goes wrong here, as the kiosk is told."""
    try:
        yield
    except OneStopRefused as error:
        log.error("the one-stop system refused a dossier: %s", error.detail)
        await run_in_threadpool(_not_filed, house, dossier_id)
        raise Refused(422, "The one-stop system does not take this dossier", code=ONE_STOP_REFUSED) from error
    except OneStopUnavailable as error:
        log.error("the one-stop system: %s: %s", error.fault.value, error.detail)
        if not await run_in_threadpool(_nothing_begun, house, dossier_id):
            raise NotKnown from error
        await run_in_threadpool(_not_filed, house, dossier_id)
        raise Refused(424, "The one-stop system does not answer", code=ONE_STOP_SILENT) from error


def _nothing_begun(house: House, dossier_id: str) -> bool:
    with house.store.read() as transaction:
        return not any(part["begun"] for part in parts_of(transaction, dossier_id))


def _not_filed(house: House, dossier_id: str) -> None:
    """Parts that were created all the same are stopped there by `gateway.one_stop.watching`."""
    with house.store.write() as transaction:
        set_dossier(transaction, dossier_id, state=DossierState.NOT_FILED.value, next_look_at=house.now())
