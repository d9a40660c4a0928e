"""Look-ups that failed at check-in, repeated until the insurer answers (NĐ 188/2025 article 38)."""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import RowMapping, delete, select, update
from starlette.concurrency import run_in_threadpool

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


async def look_up_later(house: House) -> None:
    """Repeat what is due. After one failure the others wait too: the insurer is down for all."""
    for row in await run_in_threadpool(_due, house):
        request = _request(house, row)
        if request is None:
            await run_in_threadpool(_give_up, house, row["id"])
            continue
        try:
            answer, judged = await look_up.ask(house, request)
        except InsurerUnavailable as error:
            log.info("repeated look-up: %s", error)
            await run_in_threadpool(_postpone, house)
            return
        await run_in_threadpool(_done, house, row, request, answer, judged)


def _due(house: House) -> list[RowMapping]:
    with house.store.read() as transaction:
        return transaction.all(
            select(check_ins.c.id, check_ins.c.kiosk_id, check_ins.c.sealed_registration, later_look_ups.c.tries)
            .join(later_look_ups, later_look_ups.c.check_in_id == check_ins.c.id)
            .where(later_look_ups.c.next_at <= house.now())
            .order_by(later_look_ups.c.next_at)
            .limit(BATCH)
        )


def _request(house: House, row: RowMapping) -> EligibilityRequest | None:
    patient = Registration.model_validate_json(house.vault.open(row["sealed_registration"])).patient
    number = patient.insurance_number or patient.number
    if not number or not patient.name or not patient.birth:
        return None
    return EligibilityRequest(number=number, name=patient.name, birth=patient.birth)


def _postpone(house: House) -> None:
    """Everything that is due waits for its next step."""
    now = house.now()
    steps = house.settings.insurance.retry_minutes
    with house.store.write() as transaction:
        for row in transaction.all(select(later_look_ups).where(later_look_ups.c.next_at <= now)):
            wait = timedelta(minutes=float(steps[min(int(row["tries"]) + 1, len(steps) - 1)]))
            transaction.execute(
                update(later_look_ups)
                .where(later_look_ups.c.check_in_id == row["check_in_id"])
                .values(tries=row["tries"] + 1, next_at=now + wait)
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
