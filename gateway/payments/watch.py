"""Asking the bank when it does not tell: every open intent on a back-off, and what was missed since the last success.

One list serves every intent that is due. It also closes codes whose time is over, after asking once more.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from sqlalchemy import RowMapping, or_, select, update
from starlette.concurrency import run_in_threadpool

from gateway.house import House
from gateway.payments.intents import expire
from gateway.payments.money import take, unknown
from gateway.payments.provider import BankUnavailable
from gateway.store.tables import counters, payment_intents

log = logging.getLogger(__name__)

OVERLAP = timedelta(hours=1)
"""The bank's list is asked for from this long before the last success: notices may be booked late."""
RECONCILE_EVERY = timedelta(minutes=10)
_LAST_OK = "bank-list-ok"


async def ask_bank(house: House, since: datetime) -> bool:
    """Take everything the bank lists since `since`; False when it could not be asked."""
    try:
        movements = await house.bank.movements_since(since)
    except BankUnavailable as error:
        log.warning("the bank was not reached: %s", error)
        return False

    def count() -> None:
        with house.store.read() as transaction:
            news = unknown(transaction, movements)
        for money in news:
            with house.store.write() as transaction:
                if take(house, transaction, money, "query"):
                    log.info("the bank's list had a transaction that no notification told of")

    await run_in_threadpool(count)
    return True


async def look_once(house: House) -> None:
    """One round: query what is due, then close what has expired."""
    due = await run_in_threadpool(_due, house)
    if due:
        await ask_bank(house, min(row["created_at"] for row in due) - timedelta(minutes=5))
        await run_in_threadpool(_after_query, house, [row["id"] for row in due])


async def reconcile(house: House) -> None:
    """Fetch what notifications may have missed since the last time this worked."""
    now = house.now()
    last = await run_in_threadpool(_last_ok, house)
    if last is not None and now - last < RECONCILE_EVERY:
        return
    if await ask_bank(house, (last or now) - OVERLAP):
        await run_in_threadpool(_note_ok, house, now)


def _due(house: House) -> list[RowMapping]:
    now = house.now()
    with house.store.read() as transaction:
        return transaction.all(
            select(payment_intents.c.id, payment_intents.c.created_at).where(
                payment_intents.c.live,
                or_(payment_intents.c.next_query_at <= now, payment_intents.c.expires_at <= now),
            )
        )


def _after_query(house: House, ids: list[str]) -> None:
    now = house.now()
    steps = house.settings.bank.query_seconds
    for id in ids:
        with house.store.write() as transaction:
            intent = transaction.one(select(payment_intents).where(payment_intents.c.id == id).with_for_update())
            if intent is None or not intent["live"]:
                continue
            if intent["expires_at"] <= now:
                expire(house, transaction, intent)
                continue
            wait: int = steps[min(int(intent["queries"]) + 1, len(steps) - 1)]
            transaction.execute(
                update(payment_intents)
                .where(payment_intents.c.id == id)
                .values(queries=intent["queries"] + 1, next_query_at=now + timedelta(seconds=wait))
            )


def _last_ok(house: House) -> datetime | None:
    with house.store.read() as transaction:
        row = transaction.one(select(counters.c.value).where(counters.c.name == _LAST_OK))
    return None if row is None else datetime.fromtimestamp(row["value"], UTC)


def _note_ok(house: House, moment: datetime) -> None:
    value = int(moment.timestamp())
    with house.store.write() as transaction:
        row = transaction.insert(counters).values(name=_LAST_OK, value=value)
        transaction.execute(row.on_conflict_do_update(index_elements=["name"], set_={"value": value}))
