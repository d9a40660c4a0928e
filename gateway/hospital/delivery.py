"""Telling the hospital's system what is due: claimed, told, and tried again with growing pauses until it agrees.

A claim names the person, so no two workers, of whatever process, ever make the same patient at the same time.
"""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import or_, select, update
from starlette.concurrency import run_in_threadpool

from gateway.hospital import tasks
from gateway.hospital.failures import HospitalFault, HospitalRefused, HospitalUnavailable
from gateway.hospital.outbox import Standing
from gateway.hospital.system import Outcome, Place, Told, Visit, VisitState
from gateway.hospital.visit import visit_of
from gateway.house import House
from gateway.store.database import Transaction
from gateway.store.tables import hospital_visits
from gateway.store.vault import VaultError

log = logging.getLogger(__name__)

CALLS = 10
"""A whole telling takes at most this many times the time of one call; its claim lasts a little longer."""

_CLAIM_MARGIN = timedelta(seconds=30)
_FOR_ALL = tuple(
    fault.value
    for fault in HospitalFault
    if fault not in {HospitalFault.CHANGED, HospitalFault.INVALID, HospitalFault.AMBIGUOUS}
)
"""Faults that are not this visit's: when one delivery gets through, these are tried at once."""

_STANDING = {
    Outcome.ARRIVED: Standing.ARRIVED,
    Outcome.CANCELLED: Standing.CANCELLED,
    Outcome.KEPT: Standing.KEPT,
}


@dataclass(frozen=True)
class Claim:
    """A visit that this worker, and no other, tells now."""

    visit: Visit
    again: bool
    """An earlier try may have got through."""
    tries: int


async def deliver_due(house: House) -> None:
    """Tell everything that is due; ends early when the hospital's system does not answer."""
    if house.hospital is None:
        return
    await asyncio.gather(*(_worker(house) for _ in range(house.settings.hospital.at_once)))


async def _worker(house: House) -> None:
    while (claim := await run_in_threadpool(take, house)) is not None:
        if not await _deliver(house, claim):
            return


async def _deliver(house: House, claim: Claim) -> bool:
    """One telling; False when the hospital's system itself does not work."""
    assert house.hospital is not None  # noqa: S101 - nothing is claimed without one
    try:
        async with asyncio.timeout(CALLS * house.settings.hospital.timeout_seconds):
            told = await house.hospital.system.tell(claim.visit, again=claim.again)
    except HospitalRefused as error:
        await run_in_threadpool(_failed, house, claim, error.fault, error.detail, Standing.REFUSED)
        return True
    except HospitalUnavailable as error:
        await run_in_threadpool(_failed, house, claim, error.fault, error.detail, Standing.DUE)
        return error.fault is HospitalFault.CHANGED
    except TimeoutError:
        await run_in_threadpool(_failed, house, claim, HospitalFault.TOO_SLOW, "the whole telling", Standing.DUE)
        return False
    except BaseException:
        await asyncio.shield(run_in_threadpool(_let_go, house, claim))
        raise
    await run_in_threadpool(_done, house, claim, told)
    return True


def take(house: House) -> Claim | None:
    """Claim what has waited longest; None when nothing is due. What was never told and is over is dropped here."""
    span = timedelta(seconds=CALLS * house.settings.hospital.timeout_seconds) + _CLAIM_MARGIN
    rows = hospital_visits.c
    while True:
        now = house.now()
        with house.store.read() as transaction:
            if transaction.one(select(rows.check_in_id).where(rows.next_at <= now).limit(1)) is None:
                return None
        with house.store.write() as transaction:
            transaction.lock("hospital-claim")
            free = or_(rows.claimed_until.is_(None), rows.claimed_until <= now)
            busy = select(rows.subject).where(rows.claimed_until > now)
            row = transaction.one(
                select(hospital_visits)
                .where(rows.next_at <= now, free, rows.subject.not_in(busy))
                .order_by(rows.next_at)
                .limit(1)
            )
            if row is None:
                return None
            visit = _visit(house, transaction, row["check_in_id"], row["version"])
            if visit is None or (visit.state is VisitState.CANCELLED and not row["begun"]):
                _set(
                    transaction,
                    row["check_in_id"],
                    next_at=None,
                    state=Standing.DROPPED.value,
                    told_version=row["version"],
                )
                continue
            _set(transaction, row["check_in_id"], claimed_until=now + span, begun=True)
            return Claim(visit, bool(row["begun"]), int(row["tries"]))


def let_go_of_all(house: House) -> None:
    """At the start of the only process of a database: whoever held a claim is gone."""
    with house.store.write() as transaction:
        held = hospital_visits.c.claimed_until.is_not(None)
        transaction.execute(update(hospital_visits).where(held).values(claimed_until=None))


def _visit(house: House, transaction: Transaction, check_in_id: str, version: int) -> Visit | None:
    try:
        return visit_of(house, transaction, check_in_id, version)
    except VaultError:
        log.error("a check-in for the hospital's system does not open with this gateway's keys")
        return None


def _done(house: House, claim: Claim, told: Told) -> None:
    now = house.now()
    rows = hospital_visits.c
    answer = {"patient": told.patient_id, "visit": told.visit_id, "number": told.number, "differs": told.differs}
    with house.store.write() as transaction:
        row = transaction.one(select(rows.version).where(rows.check_in_id == claim.visit.id).with_for_update())
        newest = row is not None and row["version"] == claim.visit.version
        _set(
            transaction,
            claim.visit.id,
            told_version=claim.visit.version,
            state=_STANDING[told.outcome].value,
            told_at=now,
            tries=0,
            failure=None,
            failing_since=None,
            claimed_until=None,
            next_at=None if newest else now,
            sealed_told=house.vault.seal(json.dumps(answer).encode()),
        )
        tasks.note_answer(transaction, claim.visit, told, now, newest)
        if claim.tries:
            tasks.note_taken(transaction, claim.visit, now)
            waiting = rows.failure.in_(_FOR_ALL), rows.next_at > now
            transaction.execute(update(hospital_visits).where(*waiting).values(next_at=now))
    if told.outcome is Outcome.KEPT:
        log.warning("an abandoned check-in stays at the hospital: it was paid or begun there")
    if told.place is Place.LOST:
        log.warning("a time that a number was given for has no place at the hospital any more: the number stays")
    if told.differs:
        log.warning("the hospital's record of a proven person differs in: %s", ", ".join(told.differs))


def _failed(house: House, claim: Claim, fault: HospitalFault, detail: str, standing: Standing) -> None:
    now = house.now()
    steps = house.settings.hospital.retry_seconds
    wait = steps[-1] if standing is Standing.REFUSED else steps[min(claim.tries, len(steps) - 1)]
    rows = hospital_visits.c
    with house.store.write() as transaction:
        row = transaction.one(select(hospital_visits).where(rows.check_in_id == claim.visit.id).with_for_update())
        if row is None:
            return
        changed = row["version"] != claim.visit.version and standing is Standing.REFUSED
        _set(
            transaction,
            claim.visit.id,
            tries=claim.tries + 1,
            state=standing.value,
            failure=fault.value,
            failing_since=row["failing_since"] or now,
            claimed_until=None,
            next_at=now if changed else now + timedelta(seconds=wait),
        )
        if standing is Standing.REFUSED:
            tasks.note_refusal(transaction, claim.visit, fault, now)
    if standing is Standing.REFUSED:
        log.error("the hospital's system refused a check-in: %s: %s", fault.value, detail)
    elif not claim.tries:
        log.warning("the hospital's system was not told: %s: %s", fault.value, detail)


def _let_go(house: House, claim: Claim) -> None:
    with house.store.write() as transaction:
        _set(transaction, claim.visit.id, claimed_until=None)


def _set(transaction: Transaction, check_in_id: str, **values: object) -> None:
    transaction.execute(update(hospital_visits).where(hospital_visits.c.check_in_id == check_in_id).values(**values))
