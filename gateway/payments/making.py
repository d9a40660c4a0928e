"""Making an intent, step by step, each kept before the next reaches outside: whatever is lost, asking again goes on.

The bill is read again where it came from; what happened to earlier codes is asked; the intent is kept (one live for a
bill, held by the database); the bill is held where that can be; a provider that keeps orders makes its code. Only then
has the kiosk something to show.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import RowMapping, select, update
from starlette.concurrency import run_in_threadpool

from gateway.fleet.kiosks import Kiosk
from gateway.house import House
from gateway.payments import intents
from gateway.payments.bills import end, intents_of, set_status
from gateway.payments.orders import take_state
from gateway.payments.provider import BankUnavailable, Made, Order, OrderExists, OrderRefused, Orders, OrderStanding
from gateway.payments.sources import CHECK_IN, SourceRefused, SourceUnavailable
from gateway.payments.watch import ask_bank, take_bill
from gateway.problems import Refused
from gateway.store.database import Transaction
from gateway.store.tables import payment_intents
from services.codes.errors import CodeError
from services.codes.payment_code import VietQr
from services.codes.vietqr import decode
from services.contract.models import EndReason, PaymentMethod, PaymentStatus
from services.contract.problem_codes import BILL_NOT_READ, NO_PAYMENT_CODE

log = logging.getLogger(__name__)

HELD_LONGER = timedelta(minutes=5)
"""A bill stays held this much longer than its code: money may be on its way when the code ends."""


async def prepare(house: House, kiosk: Kiosk, bill_id: str, method: PaymentMethod) -> None:
    """Everything up to a live intent that can be shown. Raises Refused."""
    bill, since = await house.workers.run(_bill_and_earlier, house, bill_id)
    if bill is None:
        return
    if bill["source"] != CHECK_IN:
        await read_again(house, bill)
        since = await house.workers.run(intents.earlier_open, house, bill_id)
    if since is not None:
        await _ask_about_earlier(house, bill_id)
    if bill["source"] == CHECK_IN and house.bank.orders is None:
        return  # nothing more reaches outside: the intent is made with the answer
    for _attempt in range(2):
        intent = await run_in_threadpool(_find_or_make, house, kiosk, bill_id, method)
        await _reserve(house, intent, bill)
        if intent["method"] != PaymentMethod.QR.value or intent["payload"]:
            return
        if await _made(house, intent):
            return
    raise Refused(503, "No code could be made", code=NO_PAYMENT_CODE)


def _bill(house: House, bill_id: str) -> RowMapping | None:
    with house.store.read() as transaction:
        return intents.bill_of(transaction, bill_id)


def _bill_and_earlier(house: House, bill_id: str) -> tuple[RowMapping | None, datetime | None]:
    return _bill(house, bill_id), intents.earlier_open(house, bill_id)


def _find_or_make(house: House, kiosk: Kiosk, bill_id: str, method: PaymentMethod) -> RowMapping:
    with house.store.write() as transaction:
        return intents.find_or_make(house, transaction, kiosk, bill_id, method)


async def read_again(house: House, bill: RowMapping) -> None:
    """The bill as it stands now where it came from. Raises Refused when that cannot be asked: no old sum is paid."""
    source = house.sources.get(bill["source"])
    try:
        if source is None:
            raise SourceUnavailable("not connected")
        told = await source.read(bill["source_id"])
    except (SourceUnavailable, SourceRefused) as error:
        log.warning("a bill could not be read again: %s", error.fault)
        raise Refused(503, "The bill cannot be read now", code=BILL_NOT_READ) from error

    await run_in_threadpool(take_bill, house, bill, told)


async def _ask_about_earlier(house: House, bill_id: str) -> None:
    """Money for an earlier code, before another is made; an earlier order is closed first."""

    def earlier() -> list[RowMapping]:
        with house.store.read() as transaction:
            return intents_of(transaction, bill_id)

    rows = await run_in_threadpool(earlier)
    for account_id in dict.fromkeys(row["account_id"] for row in rows):
        if house.provider(account_id).lists:
            await ask_bank(house, rows[0]["created_at"], account_id)
    for row in rows:
        orders = house.provider(row["account_id"]).orders
        if orders is not None and row["order_state"] in {"wanted", "made"} and not row["live"]:
            await close_order(house, orders, row)


async def close_order(house: House, orders: Orders, intent: RowMapping) -> bool:
    """Close an order at its provider and take what it got; False when the provider could not be asked."""
    try:
        state = await orders.cancel(intent["order_code"])
    except BankUnavailable as error:
        log.warning("an order could not be closed: %s", error)
        return False
    await run_in_threadpool(take_state, house, intent, state)
    return state is None or state.standing is not OrderStanding.OPEN


async def _reserve(house: House, intent: RowMapping, bill: RowMapping) -> None:
    source = house.sources.get(bill["source"])
    if source is None or not source.reserves or intent["reserved"]:
        return
    fresh = await run_in_threadpool(_bill, house, bill["id"])
    version = "" if fresh is None else fresh["source_version"] or ""
    try:
        await source.reserve(bill["source_id"], version, bill["id"], intent["expires_at"] + HELD_LONGER)
    except SourceRefused as error:
        await run_in_threadpool(_end, house, intent["id"], EndReason.BILL_CHANGED)
        await read_again(house, bill)
        raise Refused(422, "The bill is not to be had now", code=BILL_NOT_READ) from error
    except SourceUnavailable as error:
        # It may be held there all the same: the errand lets it go.
        await run_in_threadpool(_note_reserved, house, intent["id"])
        await run_in_threadpool(_end, house, intent["id"], EndReason.PROVIDER)
        raise Refused(503, "The bill cannot be held now", code=BILL_NOT_READ) from error
    await run_in_threadpool(_note_reserved, house, intent["id"])


def _note_reserved(house: House, intent_id: str) -> None:
    with house.store.write() as transaction:
        transaction.execute(update(payment_intents).where(payment_intents.c.id == intent_id).values(reserved=True))


def _end(house: House, intent_id: str, reason: EndReason) -> None:
    with house.store.write() as transaction:
        intent = _locked(transaction, intent_id)
        if intent is not None and intent["live"]:
            end(house, transaction, intent, PaymentStatus.CANCELLED, reason)


def _locked(transaction: Transaction, intent_id: str) -> RowMapping | None:
    return transaction.one(select(payment_intents).where(payment_intents.c.id == intent_id).with_for_update())


async def _made(house: House, intent: RowMapping) -> bool:
    """The provider's code for an intent, stored. False when its order cannot be shown and another intent is needed."""
    orders = house.provider(intent["account_id"]).orders
    if orders is None:
        return True
    order = Order(intent["order_code"], intent["amount"], intent["purpose"], intent["expires_at"])
    try:
        made = await orders.create(order)
    except OrderExists:
        # The first send got through and its answer was lost. Never another order beside it.
        return await _found(house, orders, intent)
    except OrderRefused as error:
        log.error("the provider refused an order: %s", error)
        await run_in_threadpool(_refused, house, intent["id"])
        raise Refused(503, "The provider makes no code", code=NO_PAYMENT_CODE) from error
    except BankUnavailable as error:
        # Nobody knows whether it was made: the intent stays, the next ask looks it up.
        log.warning("the provider did not answer: %s", error)
        raise Refused(503, "The provider did not answer", code=NO_PAYMENT_CODE) from error
    return await _kept(house, orders, intent, made)


async def _found(house: House, orders: Orders, intent: RowMapping) -> bool:
    try:
        state = await orders.look_up(intent["order_code"])
    except BankUnavailable as error:
        raise Refused(503, "The provider did not answer", code=NO_PAYMENT_CODE) from error
    if state is not None and state.standing is OrderStanding.OPEN and state.made is not None:
        return await _kept(house, orders, intent, state.made)
    # It lives there and its code is not told again: it is closed, and paid to nobody, before another is made.
    await run_in_threadpool(_end, house, intent["id"], EndReason.PROVIDER)
    return not await close_order(house, orders, intent)


async def _kept(house: House, orders: Orders, intent: RowMapping, made: Made) -> bool:
    if not _asks_for_this(made, intent):
        log.error("the provider's code asks for something else: it is not shown")
        await run_in_threadpool(_end, house, intent["id"], EndReason.PROVIDER)
        await close_order(house, orders, intent)
        raise Refused(503, "The provider's code is not right", code=NO_PAYMENT_CODE)
    live = await run_in_threadpool(_store, house, intent["id"], made)
    if not live:
        await close_order(house, orders, intent)
    return live


def _asks_for_this(made: Made, intent: RowMapping) -> bool:
    """The code is a VietQR for exactly this sum, into the account that was told with it."""
    try:
        code = decode(made.payload)
    except CodeError:
        return False
    return isinstance(code, VietQr) and code.dong == intent["amount"] and code.account == made.account


def _store(house: House, intent_id: str, made: Made) -> bool:
    """Whether the intent was still live: its bill may have ended while the provider was asked."""
    with house.store.write() as transaction:
        intent = _locked(transaction, intent_id)
        if intent is None:
            return False
        transaction.execute(
            update(payment_intents)
            .where(payment_intents.c.id == intent_id)
            .values(
                payload=made.payload,
                account_name=made.account_name[:100],
                account_last4=made.account[-4:],
                bank_bin=made.bin,
                order_state="made",
            )
        )
        return bool(intent["live"])


def _refused(house: House, intent_id: str) -> None:
    with house.store.write() as transaction:
        intent = _locked(transaction, intent_id)
        if intent is not None and intent["live"]:
            closed = update(payment_intents).where(payment_intents.c.id == intent_id).values(order_state="closed")
            transaction.execute(closed)
            set_status(transaction, intent, PaymentStatus.FAILED, next_query_at=None)
