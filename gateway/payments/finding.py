"""Bills found for somebody at a kiosk: by the chip, by a slip, by the number on a paper in their hand.

What they may see of them follows from how they were found: lines and titles only after the chip proved who it is, or
of the visit whose slip was shown; a number alone shows sums.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, time, timedelta

from sqlalchemy import RowMapping, func, or_, select
from starlette.concurrency import run_in_threadpool

from gateway.clock import PLACE, day_of
from gateway.fleet.kiosks import Kiosk
from gateway.fleet.proven import must_be_proven
from gateway.house import House
from gateway.one_stop import following
from gateway.payments.answering import bill_answer
from gateway.payments.bills import CANCELLED_BILL, OPEN_BILL, keep
from gateway.payments.guessing import may_ask, missed
from gateway.payments.intents import belongs, note_view
from gateway.payments.sources import CHECK_IN, BillSource, Payer, SourceBill, SourceRefused, SourceUnavailable
from gateway.problems import Refused
from gateway.store.database import Transaction
from gateway.store.tables import bills, check_ins, registrations
from services.contract.models import Bills, BillsRequest, Person

log = logging.getLogger(__name__)

_Told = dict[str, tuple[SourceBill, ...]]
"""Bills by the source they came from."""


async def find(house: House, kiosk: Kiosk, request: BillsRequest) -> Bills:
    """What was found, the newest first. Raises Refused."""
    if sum(each is not None for each in (request.person, request.slip, request.code)) != 1:
        raise Refused(422, "Exactly one of person, slip and code is needed")
    if request.person is not None:
        await run_in_threadpool(must_be_proven, house, kiosk, request.person)
        payer = Payer(person=request.person)
    elif request.slip is not None:
        check_in_id = await run_in_threadpool(_of_slip, house, request.slip)
        dossier_id = None if check_in_id else await run_in_threadpool(_dossier, house, kiosk, request)
        payer = Payer(check_in_id=check_in_id, dossier_id=dossier_id)
        if check_in_id is None and dossier_id is None:
            return Bills(bills=())
    else:
        dossier_id = await run_in_threadpool(_dossier, house, kiosk, request)
        payer = Payer(dossier_id=dossier_id) if dossier_id else Payer(code=(request.code or "").upper())
        if payer.code is not None:
            await run_in_threadpool(may_ask, house, kiosk)
    told, incomplete = await _ask_sources(house, payer)
    return await run_in_threadpool(_found, house, kiosk, payer, told, incomplete)


def seen(house: House, transaction: Transaction, kiosk: Kiosk, bill_id: str) -> RowMapping:
    """A bill that a kiosk found or gave the number of. Raises Refused 404."""
    bill = transaction.one(select(bills).where(bills.c.id == bill_id))
    if bill is None or not belongs(house, transaction, bill, kiosk):
        raise Refused(404, "There is no such bill")
    return bill


async def _ask_sources(house: House, payer: Payer) -> tuple[_Told, bool]:
    names = list(house.sources)
    answers = await asyncio.gather(*(_ask(house, house.sources[name], payer) for name in names))
    told = {name: answer for name, answer in zip(names, answers, strict=True) if answer is not None}
    return told, any(answer is None for answer in answers)


async def _ask(house: House, source: BillSource, payer: Payer) -> tuple[SourceBill, ...] | None:
    """None when it does not answer in time: what else was found is shown all the same."""
    try:
        async with asyncio.timeout(house.settings.payments.bill_patience_seconds):
            return await source.find(payer)
    except (SourceUnavailable, SourceRefused) as error:
        log.warning("bills could not be asked for: %s", error.fault)
    except TimeoutError:
        log.warning("bills could not be asked for: no answer in time")
    return None


def _dossier(house: House, kiosk: Kiosk, request: BillsRequest) -> str | None:
    """The dossier that a slip or a code opens. Raises Refused 429 after too many wrong tries."""
    code = request.code
    if house.one_stop is None or (code is not None and not following.may_be_code(code)):
        return None
    with house.store.write() as transaction:
        opened = following.open_one(house, transaction, kiosk.id, request.slip, code, request.look_up_code)
    if opened.refusal is not None:
        raise opened.refusal
    return None if opened.row is None else str(opened.row["id"])


def _of_slip(house: House, token: str) -> str | None:
    with house.store.read() as transaction:
        row = transaction.one(select(registrations.c.check_in_id).where(registrations.c.slip_token == token))
    return None if row is None else str(row["check_in_id"])


def _found(house: House, kiosk: Kiosk, payer: Payer, told: _Told, incomplete: bool) -> Bills:
    person = None if payer.person is None else _person_hash(house, payer.person)
    with house.store.write() as transaction:
        rows = [keep(house, transaction, name, bill, person) for name, some in told.items() for bill in some]
        known = {row["id"] for row in rows}
        rows += [row for row in _own(house, transaction, payer, person) if row["id"] not in known]
        if payer.code is not None and not rows and not incomplete:
            missed(house, transaction, kiosk)
        for row in rows:
            of_slip = payer.check_in_id is not None and row["source"] == CHECK_IN
            proven = payer.person is not None or payer.dossier_id is not None or of_slip
            note_view(house, transaction, kiosk, row["id"], details=proven)
        answers = [bill_answer(house, transaction, kiosk, row) for row in rows]
    answers.sort(key=lambda bill: bill.issued_at, reverse=True)
    return Bills(bills=tuple(answers), incomplete=incomplete)


def _person_hash(house: House, person: Person) -> str | None:
    number = person.number or person.insurance_number
    return None if number is None else house.vault.hash("person", number)


def _own(house: House, transaction: Transaction, payer: Payer, person: str | None) -> list[RowMapping]:
    """Bills of today's visits here that are open, or were paid today."""
    today = datetime.combine(day_of(house.now()), time(), PLACE)
    rows = (
        select(bills)
        .join(check_ins, check_ins.c.id == bills.c.check_in_id)
        .where(bills.c.status != CANCELLED_BILL, bills.c.created_at >= today - timedelta(days=30))
        .where(or_(bills.c.status == OPEN_BILL, bills.c.paid_at >= today))
        .limit(50)
    )
    if payer.check_in_id is not None:
        return transaction.all(rows.where(bills.c.check_in_id == payer.check_in_id))
    if payer.code is not None:
        return transaction.all(rows.where(func.upper(bills.c.number) == payer.code))
    return [] if person is None else transaction.all(rows.where(check_ins.c.person == person))
