"""Asking when nobody tells: the bank about every open intent on a back-off, and about what was missed since the last
success; other systems about the bills that somebody may be paying.

One list serves every intent of an account that is due. It also closes codes whose time is over, after asking once more.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from datetime import UTC, datetime, timedelta

from sqlalchemy import RowMapping, func, or_, select, update
from starlette.concurrency import run_in_threadpool

from gateway.house import House
from gateway.payments.bills import gone, keep, locked_bill
from gateway.payments.intents import expire
from gateway.payments.lines import MAIN
from gateway.payments.money import take, unknown
from gateway.payments.orders import take_state
from gateway.payments.provider import BankUnavailable
from gateway.payments.sources import CHECK_IN, SourceBill, SourceRefused, SourceUnavailable
from gateway.store.database import Transaction
from gateway.store.tables import bills, counters, payment_intents

log = logging.getLogger(__name__)

OVERLAP = timedelta(hours=1)
"""The bank's list is asked for from this long before the last success: notices may be booked late."""
RECONCILE_EVERY = timedelta(minutes=10)
LATE = timedelta(hours=2)
"""An order that ended, paid too, is asked about until this long after its time: a second transfer, and one that crossed
with its end, may have been told by a notification that was lost. What comes later is found by the day's report."""
AT_ONCE = 8
"""Orders asked about at the same time."""


async def ask_bank(house: House, since: datetime, account_id: str = MAIN) -> bool:
    """Take everything the bank lists since `since`; False when it could not be asked."""
    try:
        movements = await house.provider(account_id).movements_since(since)
    except BankUnavailable as error:
        log.warning("the bank was not reached: %s", error)
        return False

    def count() -> None:
        with house.store.read() as transaction:
            news = unknown(transaction, movements)
        for money in news:
            with house.store.write() as transaction:
                if take(house, transaction, money, "query", account_id):
                    log.info("the bank's list had a transaction that no notification told of")

    await run_in_threadpool(count)
    return True


async def ask_about(house: House, intent: RowMapping) -> bool:
    """Take what the provider knows of one intent; False when it could not be asked."""
    bank = house.provider(intent["account_id"])
    if bank.orders is not None and intent["order_code"] is not None:
        return await _ask_about_order(house, intent)
    if not bank.lists:
        return True
    return await ask_bank(house, intent["created_at"] - timedelta(minutes=5), intent["account_id"])


async def _ask_about_order(house: House, intent: RowMapping) -> bool:
    orders = house.provider(intent["account_id"]).orders
    if orders is None:
        return True
    try:
        state = await orders.look_up(intent["order_code"])
    except BankUnavailable as error:
        log.warning("the provider was not reached: %s", error)
        return False
    await run_in_threadpool(take_state, house, intent, state)
    return True


async def look_once(house: House) -> None:
    """One round: query what is due, then close what has expired."""
    due = await run_in_threadpool(_due, house)
    by_account: dict[str, list[RowMapping]] = defaultdict(list)
    for row in due:
        by_account[row["account_id"]].append(row)
    for account_id, rows in by_account.items():
        bank = house.banks.get(account_id)
        if bank is None:
            continue  # the account was taken out of the settings: its codes only expire
        if bank.orders is not None:
            await _ask_about_orders(house, [row for row in rows if row["order_code"] is not None])
        elif bank.lists and any(row["next_query_at"] is not None for row in rows):
            await ask_bank(house, min(row["created_at"] for row in rows) - timedelta(minutes=5), account_id)
    if due:
        await run_in_threadpool(_after_query, house, [row["id"] for row in due])


async def _ask_about_orders(house: House, rows: list[RowMapping]) -> None:
    limit = asyncio.Semaphore(AT_ONCE)

    async def one(row: RowMapping) -> None:
        async with limit:
            await _ask_about_order(house, row)

    await asyncio.gather(*(one(row) for row in rows))


async def reconcile(house: House) -> None:
    """Fetch what notifications may have missed since the last time this worked, account by account."""
    now = house.now()
    for account_id, bank in house.banks.items():
        last = await run_in_threadpool(_last_ok, house, account_id)
        if last is not None and now - last < RECONCILE_EVERY:
            continue
        if bank.orders is not None:
            await _ask_about_orders(house, await run_in_threadpool(_late_orders, house, account_id, last or now))
            await run_in_threadpool(_note_ok, house, account_id, now)
        elif not bank.lists:
            await run_in_threadpool(_note_ok, house, account_id, now)
        else:
            since = last or await run_in_threadpool(_first_code, house, account_id) or now
            if await ask_bank(house, since - OVERLAP, account_id):
                await run_in_threadpool(_note_ok, house, account_id, now)


async def read_bills(house: House) -> None:
    """Bills of other systems that somebody may be paying now: changed or paid there, the intent ends here."""
    for bill in await run_in_threadpool(_watched, house):
        source = house.sources.get(bill["source"])
        if source is None:
            continue
        try:
            told = await source.read(bill["source_id"])
        except (SourceUnavailable, SourceRefused) as error:
            log.warning("a bill could not be read again: %s", error.fault)
            return

        await run_in_threadpool(take_bill, house, bill, told)


def take_bill(house: House, bill: RowMapping, told: SourceBill | None) -> None:
    """Keep a bill as its system told it; None: it is gone there."""
    with house.store.write() as transaction:
        if told is not None:
            keep(house, transaction, bill["source"], told, None)
            return
        held = locked_bill(transaction, bill["id"])
        if held is not None:
            gone(house, transaction, held)


def _watched(house: House) -> list[RowMapping]:
    before = house.now() - timedelta(seconds=house.settings.payments.bill_seconds)
    live = payment_intents.c.bill_id == bills.c.id, payment_intents.c.live
    with house.store.read() as transaction:
        return transaction.all(
            select(bills)
            .join(payment_intents, live[0])
            .where(live[1], bills.c.source != CHECK_IN, bills.c.read_at <= before)
            .order_by(bills.c.read_at)
        )


def _due(house: House) -> list[RowMapping]:
    now = house.now()
    with house.store.read() as transaction:
        return transaction.all(
            select(
                payment_intents.c.id,
                payment_intents.c.bill_id,
                payment_intents.c.account_id,
                payment_intents.c.order_code,
                payment_intents.c.created_at,
                payment_intents.c.next_query_at,
            ).where(
                payment_intents.c.live,
                or_(payment_intents.c.next_query_at <= now, payment_intents.c.expires_at <= now),
            )
        )


def _late_orders(house: House, account_id: str, last: datetime) -> list[RowMapping]:
    since = min(last, house.now()) - LATE
    with house.store.read() as transaction:
        return transaction.all(
            select(payment_intents).where(
                payment_intents.c.account_id == account_id,
                payment_intents.c.order_code.is_not(None),
                payment_intents.c.live.is_(False),
                payment_intents.c.expires_at >= since,
            )
        )


def _first_code(house: House, account_id: str) -> datetime | None:
    """When the account's first code was made: so far back its list is asked for where it never answered yet."""
    with house.store.read() as transaction:
        mine = select(func.min(payment_intents.c.created_at).label("first")).where(
            payment_intents.c.account_id == account_id
        )
        row = transaction.one(mine)
    return None if row is None else row["first"]


def _after_query(house: House, ids: list[str]) -> None:
    now = house.now()
    for id in ids:
        with house.store.write() as transaction:
            intent = _locked_behind_its_bill(transaction, id)
            if intent is None or not intent["live"]:
                continue
            if intent["expires_at"] <= now:
                expire(house, transaction, intent)
                continue
            account = house.settings.account(intent["account_id"]) or house.settings.bank
            steps = account.query_seconds
            wait: int = steps[min(int(intent["queries"]) + 1, len(steps) - 1)]
            transaction.execute(
                update(payment_intents)
                .where(payment_intents.c.id == id)
                .values(queries=intent["queries"] + 1, next_query_at=now + timedelta(seconds=wait))
            )


def _locked_behind_its_bill(transaction: Transaction, id: str) -> RowMapping | None:
    """The bill is locked first, as everywhere."""
    row = transaction.one(select(payment_intents.c.bill_id).where(payment_intents.c.id == id))
    if row is None:
        return None
    locked_bill(transaction, row["bill_id"])
    return transaction.one(select(payment_intents).where(payment_intents.c.id == id).with_for_update())


def _counter(account_id: str) -> str:
    return "bank-list-ok" if account_id == MAIN else f"ok-{account_id}"[:20]


def _last_ok(house: House, account_id: str) -> datetime | None:
    with house.store.read() as transaction:
        row = transaction.one(select(counters.c.value).where(counters.c.name == _counter(account_id)))
    return None if row is None else datetime.fromtimestamp(row["value"], UTC)


def _note_ok(house: House, account_id: str, moment: datetime) -> None:
    value = int(moment.timestamp())
    with house.store.write() as transaction:
        row = transaction.insert(counters).values(name=_counter(account_id), value=value)
        transaction.execute(row.on_conflict_do_update(index_elements=["name"], set_={"value": value}))
