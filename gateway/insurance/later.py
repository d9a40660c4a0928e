"""Look-ups that failed at check-in, repeated until the insurer answers (NĐ 188/2025 article 38).

Each is judged for the day the patient came, however late the answer: a card that ended since was still valid then.
"""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta

from sqlalchemy import RowMapping, delete, select, update
from starlette.concurrency import run_in_threadpool

from gateway.clock import day_of
from gateway.hospital.outbox import changed
from gateway.house import House
from gateway.insurance import look_up
from gateway.insurance.failures import InsurerUnavailable
from gateway.insurance.judging import Judgement
from gateway.insurance.vss import CardAnswer
from gateway.store.tables import check_ins, later_look_ups
from services.contract.models import EligibilityRequest, EligibilityResult, Registration

log = logging.getLogger(__name__)

BATCH = 5
CLAIM = timedelta(minutes=2)
"""While one process asks, no other asks the same: longer than any answer may take."""


async def look_up_later(house: House) -> None:
    """Repeat what is due. After one failure the others wait too: the insurer is down for all."""
    for row in await run_in_threadpool(_claim, house):
        request = _request(house, row)
        if request is None or _over(house, row["day"]):
            await run_in_threadpool(_give_up, house, row["id"])
            continue
        asked_at = house.now()
        try:
            answer, judged = await look_up.ask(house, request, row["day"])
        except InsurerUnavailable as error:
            log.info("repeated look-up: %s", error)
            # An answer about this card only says nothing of the others; silence is everybody's.
            alone = bool(error.exchanges) and error.exchanges[-1].status == 200
            await run_in_threadpool(_failed, house, row, request, asked_at, error, alone=alone)
            if not alone:
                return
            continue
        await run_in_threadpool(_done, house, row, request, answer, judged)


def _claim(house: House) -> list[RowMapping]:
    """What is due, put out of the other processes' reach while it is asked for."""
    now = house.now()
    due = (
        select(
            check_ins.c.id,
            check_ins.c.kiosk_id,
            check_ins.c.day,
            check_ins.c.sealed_registration,
            later_look_ups.c.tries,
            later_look_ups.c.next_at,
        )
        .join(later_look_ups, later_look_ups.c.check_in_id == check_ins.c.id)
        .where(later_look_ups.c.next_at <= now)
        .order_by(later_look_ups.c.next_at)
        .limit(BATCH)
    )
    with house.store.read() as transaction:
        if not transaction.all(due):
            return []
    with house.store.write() as transaction:
        transaction.lock("later look-ups")
        rows = transaction.all(due)
        transaction.execute(
            update(later_look_ups)
            .where(later_look_ups.c.check_in_id.in_([row["id"] for row in rows]))
            .values(next_at=now + CLAIM)
        )
    return rows


def _over(house: House, day: date) -> bool:
    """Whether it is too late to ask: the check-in stays marked, somebody looks at the papers."""
    return (day_of(house.now()) - day).days > house.settings.insurance.retry_days


def _request(house: House, row: RowMapping) -> EligibilityRequest | None:
    patient = Registration.model_validate_json(house.vault.open(row["sealed_registration"])).patient
    number = patient.insurance_number or patient.number
    if not number or not patient.name or not patient.birth:
        return None
    return EligibilityRequest(number=number, name=patient.name, birth=patient.birth)


def _failed(
    house: House,
    row: RowMapping,
    request: EligibilityRequest,
    asked_at: datetime,
    error: InsurerUnavailable,
    *,
    alone: bool,
) -> None:
    """Keep the evidence of this try. It waits for its next step, and unless `alone` all that is due waits with it."""
    now = house.now()
    steps = house.settings.insurance.retry_minutes
    waiting = later_look_ups.c.check_in_id == row["id"] if alone else later_look_ups.c.next_at <= now + CLAIM
    with house.store.write() as transaction:
        look_up.keep_failure(house, transaction, row["kiosk_id"], request.number, asked_at, error)
        for other in transaction.all(select(later_look_ups).where(waiting)):
            wait = timedelta(minutes=float(steps[min(int(other["tries"]) + 1, len(steps) - 1)]))
            transaction.execute(
                update(later_look_ups)
                .where(later_look_ups.c.check_in_id == other["check_in_id"])
                .values(tries=other["tries"] + 1, next_at=now + wait)
            )


def _done(house: House, row: RowMapping, request: EligibilityRequest, answer: CardAnswer, judged: Judgement) -> None:
    clear = judged.result in {EligibilityResult.VALID, EligibilityResult.PARTLY} and not judged.staff_check
    with house.store.write() as transaction:
        kept = look_up.keep(house, transaction, row["kiosk_id"], request.number, answer, judged)
        transaction.execute(
            update(check_ins)
            .where(check_ins.c.id == row["id"])
            .values(eligibility_id=kept.id, insurance_pending=not clear)
        )
        transaction.execute(delete(later_look_ups).where(later_look_ups.c.check_in_id == row["id"]))
        changed(transaction, row["id"], house.now())
        transaction.announce("staff")
    log.info("a look-up that had failed was answered")


def _give_up(house: House, check_in_id: str) -> None:
    with house.store.write() as transaction:
        transaction.execute(delete(later_look_ups).where(later_look_ups.c.check_in_id == check_in_id))
