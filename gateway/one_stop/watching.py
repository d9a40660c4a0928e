"""What goes on while nobody asks: dossiers are followed, lost filings resolved, drafts and old sendings let go.

A filing that nobody knows the end of is only looked for, never sent again from here: "ask again, never later".
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, RowMapping, delete, select, update
from starlette.concurrency import run_in_threadpool

from gateway.house import House
from gateway.one_stop import bills, documents, drafts
from gateway.one_stop.centre import Centre
from gateway.one_stop.failures import OneStopRefused, OneStopUnavailable
from gateway.one_stop.filing import mark_filed
from gateway.one_stop.keeping import (
    EventText,
    ToldState,
    as_answer,
    by_id,
    note_events,
    parts_of,
    seal,
    set_dossier,
    set_part,
    take_over,
)
from gateway.one_stop.statuses import UnknownStatus
from gateway.one_stop.system import Step, System, Told
from gateway.store.database import Transaction
from gateway.store.tables import one_stop_dossiers, one_stop_parts, operations
from services.contract.one_stop import DossierState, DossierStatus
from services.contract.routes import Write

log = logging.getLogger(__name__)

BATCH = 50
PATIENCE = timedelta(minutes=10)
"""So long a filing without an answer may still turn up; then it was not filed."""

_ROWS = one_stop_dossiers.c


async def watch(house: House) -> None:
    """One round: everything that is due."""
    centre = house.one_stop
    if centre is None:
        return
    await run_in_threadpool(_forget_old, house)
    if centre.system is None:
        return
    await resolve(house, centre, centre.system)
    await undo_strays(house, centre, centre.system)
    await let_go(house, centre, centre.system)
    await follow(house, centre, centre.system)


async def follow(house: House, centre: Centre, system: System) -> None:
    """Ask what became of dossiers whose time to be asked has come."""
    rows = await run_in_threadpool(_due, house)
    if rows:
        await look(house, centre, system, [row["id"] for row in rows])


async def look(house: House, centre: Centre, system: System, ids: Sequence[str]) -> None:
    """Ask about these dossiers now."""
    numbers = await run_in_threadpool(_numbers, house, ids)
    at = house.now()
    try:
        told = await system.status(sorted(numbers))
    except (OneStopUnavailable, OneStopRefused) as error:
        log.warning("dossiers were not followed: %s: %s", error.fault.value, error.detail)
        told = {}
    await run_in_threadpool(_take_all, house, centre, ids, numbers, told, at)


async def resolve(house: House, centre: Centre, system: System) -> None:
    """Filings without an end: does the authority's system have them?"""
    rows = await run_in_threadpool(_unresolved, house)
    for row in rows:
        numbers = await run_in_threadpool(_numbers, house, [row["id"]])
        try:
            told = await system.status(sorted(numbers)) if numbers else {}
        except (OneStopUnavailable, OneStopRefused) as error:
            log.warning("a filing is still unresolved: %s: %s", error.fault.value, error.detail)
            return
        await run_in_threadpool(_resolved, house, row, numbers, told)


async def undo_strays(house: House, centre: Centre, system: System) -> None:
    """Parts of a group whose other parts were never created: stopped there, and their numbers given up."""
    for part in await run_in_threadpool(_strays, house):
        step = Step(
            key=f"{part['dossier_id']}:undo:{part['number']}",
            number=part["number"],
            word=centre.statuses.word(DossierStatus.STOPPED),
            at=house.now(),
            officer="Trạm",
            unit=centre.settings.receiving_unit,
            note="Hồ sơ liên thông chưa nộp đủ các phần",
        )
        try:
            await system.write(step)
        except (OneStopUnavailable, OneStopRefused) as error:
            log.error("a stray part at the one-stop system: %s: %s", error.fault.value, error.detail)
            return
        await run_in_threadpool(_given_up, house, part)


async def let_go(house: House, centre: Centre, system: System) -> None:
    """What nobody brought to the counter in time: stopped there, and what was sent is deleted here."""
    for row in await run_in_threadpool(_lapsing, house):
        with house.store.read() as transaction:
            parts = parts_of(transaction, row["id"])
        try:
            for part in parts:
                await system.write(
                    Step(
                        key=f"{row['id']}:lapsed:{part['part']}",
                        number=part["number"],
                        word=centre.statuses.word(DossierStatus.STOPPED),
                        at=house.now(),
                        officer="Trạm",
                        unit=centre.settings.receiving_unit,
                        note=f"Không tới quầy trong {centre.settings.pending_hours} giờ",
                    )
                )
        except OneStopRefused:
            # It moved meanwhile: the next look tells.
            await look(house, centre, system, [row["id"]])
            continue
        except OneStopUnavailable as error:
            log.warning("a lapsed dossier was not stopped: %s: %s", error.fault.value, error.detail)
            return
        await run_in_threadpool(_lapse, house, row["id"])


# --- rows


def _due(house: House) -> list[RowMapping]:
    with house.store.read() as transaction:
        return transaction.all(
            select(_ROWS.id)
            .where(_ROWS.next_look_at <= house.now(), _ROWS.state == DossierState.FILED.value)
            .order_by(_ROWS.next_look_at)
            .limit(BATCH)
        )


def _numbers(house: House, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Each number with its dossier and part."""
    mine = one_stop_parts.c.dossier_id.in_(ids), one_stop_parts.c.number.is_not(None)
    with house.store.read() as transaction:
        rows = transaction.all(select(one_stop_parts).where(*mine))
    return {row["number"]: (row["dossier_id"], row["part"]) for row in rows}


def _take_all(
    house: House,
    centre: Centre,
    ids: Sequence[str],
    numbers: dict[str, tuple[str, str]],
    told: dict[str, Told],
    at: datetime,
) -> None:
    seconds = centre.settings.system.poll_seconds if centre.settings.system else 60.0
    for id in ids:
        theirs = {
            part: (number, told[number])
            for number, (dossier_id, part) in numbers.items()
            if dossier_id == id and number in told
        }
        with house.store.write() as transaction:
            row = by_id(transaction, id, locked=True)
            if row is None or row["stripped"]:
                continue
            after: datetime | None = house.now() + timedelta(seconds=seconds)
            set_dossier(transaction, id, next_look_at=after if row["ended_at"] is None else None)
            try:
                if theirs:
                    take_over(house, transaction, row, theirs)
                    bills.take(house, transaction, by_id(transaction, id) or row, told, at)
            except UnknownStatus as error:
                log.error("the one-stop system uses a status that the table does not know: %s", error)


def _unresolved(house: House) -> list[RowMapping]:
    quiet = _ROWS.busy_until.is_(None) | (_ROWS.busy_until <= house.now())
    with house.store.read() as transaction:
        return transaction.all(
            select(one_stop_dossiers).where(_ROWS.state == DossierState.SENDING.value, quiet).limit(BATCH)
        )


def _resolved(house: House, row: RowMapping, numbers: dict[str, tuple[str, str]], told: dict[str, Told]) -> None:
    now = house.now()
    with house.store.write() as transaction:
        current = by_id(transaction, row["id"], locked=True)
        if current is None or current["version"] != row["version"]:
            return  # somebody sent it again meanwhile
        parts = parts_of(transaction, row["id"])
        there = [part for part in parts if part["number"] in told]
        for part in there:
            set_part(transaction, row["id"], part["part"], created=True)
        if parts and len(there) == len(parts):
            mark_filed(house, transaction, row["id"])
            _finish_operation(house, transaction, row["id"])
            log.warning("a filing without an answer was found at the one-stop system")
        elif now - row["filed_at"] >= PATIENCE:
            set_dossier(transaction, row["id"], state=DossierState.NOT_FILED.value)
            _drop_operation(transaction, current)
            log.warning("a filing without an answer never reached the one-stop system")


def _finish_operation(house: House, transaction: Transaction, dossier_id: str) -> None:
    """The kept answer of a key that nobody asked for again."""
    row = by_id(transaction, dossier_id)
    if row is None:
        return
    answer = as_answer(house, transaction, row).model_dump_json().encode()
    transaction.execute(
        update(operations).where(*_operation(row)).values(status=200, sealed_answer=house.vault.seal(answer))
    )


def _drop_operation(transaction: Transaction, row: RowMapping) -> None:
    transaction.execute(delete(operations).where(*_operation(row)))


def _operation(row: RowMapping) -> tuple[ColumnElement[bool], ...]:
    return (
        operations.c.kiosk_id == row["kiosk_id"],
        operations.c.operation == Write.DOSSIER.value,
        operations.c.key == row["filing_key"],
        operations.c.status.is_(None),
    )


def _strays(house: House) -> list[RowMapping]:
    with house.store.read() as transaction:
        return transaction.all(
            select(one_stop_parts)
            .join(one_stop_dossiers, _ROWS.id == one_stop_parts.c.dossier_id)
            .where(_ROWS.state == DossierState.NOT_FILED.value, one_stop_parts.c.created.is_(True))
            .limit(BATCH)
        )


def _given_up(house: House, part: RowMapping) -> None:
    with house.store.write() as transaction:
        values = {"number": None, "begun": False, "created": False}
        set_part(transaction, part["dossier_id"], part["part"], **values)


def _lapsing(house: House) -> list[RowMapping]:
    with house.store.read() as transaction:
        return transaction.all(
            select(one_stop_dossiers)
            .where(
                _ROWS.state == DossierState.FILED.value,
                _ROWS.status == int(DossierStatus.NEW),
                _ROWS.accepted_at.is_(None),
                _ROWS.kept_until <= house.now(),
            )
            .limit(BATCH)
        )


def _lapse(house: House, dossier_id: str) -> None:
    now = house.now()
    with house.store.write() as transaction:
        for part in parts_of(transaction, dossier_id):
            set_part(transaction, dossier_id, part["part"], status=int(DossierStatus.STOPPED))
            note_events(house, transaction, dossier_id, part["part"], [(DossierStatus.STOPPED, now, EventText())])
        set_dossier(
            transaction,
            dossier_id,
            state=DossierState.LAPSED.value,
            status=int(DossierStatus.STOPPED),
            ended_at=now,
            next_look_at=None,
            sealed_filing=house.vault.seal(b"{}"),
            sealed_told=seal(house, ToldState()),
            stripped=True,
        )


def _forget_old(house: House) -> None:
    with house.store.write() as transaction:
        documents.forget_old(house, transaction)
        drafts.forget_old(house, transaction)
