"""Payment intents for kiosks: made once per bill, watched by events and polls, claimed, cancelled."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Body, Response
from starlette.concurrency import run_in_threadpool

from gateway.api.deps import TheHouse, TheKiosk, TheWrite
from gateway.api.events import EventStream
from gateway.api.idempotency import begin, finish, forget, once
from gateway.fleet.kiosks import Kiosk
from gateway.house import House
from gateway.payments import intents
from gateway.payments.bills import payment_topic
from gateway.payments.states import OPEN
from gateway.payments.watch import ask_bank
from gateway.store.database import Transaction
from services.contract import routes
from services.contract.models import PaymentIntent, PaymentRequest, PaymentStatus
from services.contract.routes import Write

router = APIRouter(tags=["payment"])


@router.post(routes.PAYMENT_INTENTS, response_model=PaymentIntent)
async def make(
    house: TheHouse, kiosk: TheKiosk, sent: TheWrite, request: Annotated[PaymentRequest, Body()]
) -> Response:
    """The one live intent of a bill. Where earlier codes ended unpaid, the bank is asked before a new one is made."""
    write = Write.PAYMENT_INTENT
    kept = await run_in_threadpool(begin, house, kiosk, write, sent)
    if kept is not None:
        return kept
    try:
        since = await run_in_threadpool(intents.earlier_open, house, request.bill_id)
        if since is not None:
            await ask_bank(house, since)
        return await run_in_threadpool(
            finish,
            house,
            kiosk,
            write,
            sent,
            lambda transaction: intents.find_or_make(house, transaction, kiosk, request.bill_id),
        )
    except BaseException:
        await run_in_threadpool(forget, house, kiosk, write, sent)
        raise


@router.get(routes.PAYMENT_INTENT)
def read(house: TheHouse, kiosk: TheKiosk, id: str) -> PaymentIntent:
    """The intent now."""
    return _read(house, kiosk, id)


@router.post(routes.PAYMENT_CLAIM, response_model=PaymentIntent)
async def claim(house: TheHouse, kiosk: TheKiosk, sent: TheWrite, id: str) -> Response:
    """ "I have paid": the bank is asked at once."""
    write = Write.PAYMENT_CLAIM
    kept = await run_in_threadpool(begin, house, kiosk, write, sent)
    if kept is not None:
        return kept
    try:
        before = await run_in_threadpool(_claim, house, kiosk, id)
        if before.status in OPEN or before.status is PaymentStatus.UNKNOWN:
            await ask_bank(house, before.expires_at - _longest(house))
        return await run_in_threadpool(
            finish, house, kiosk, write, sent, lambda transaction: _answer(house, transaction, kiosk, id)
        )
    except BaseException:
        await run_in_threadpool(forget, house, kiosk, write, sent)
        raise


@router.post(routes.PAYMENT_CANCEL, response_model=PaymentIntent)
def cancel(house: TheHouse, kiosk: TheKiosk, sent: TheWrite, id: str) -> Response:
    """The code is not shown any more; the bill stays payable at the cashier."""

    def work(transaction: Transaction) -> PaymentIntent:
        intent, _bill = intents.read(house, transaction, kiosk, id)
        intents.cancel(transaction, intent)
        return _answer(house, transaction, kiosk, id)

    return once(house, kiosk, Write.PAYMENT_CANCEL, sent, work)


@router.get(routes.PAYMENT_EVENTS, response_class=EventStream)
async def events(house: TheHouse, kiosk: TheKiosk, id: str) -> Response:
    """The intent whenever it changes, until nothing more is expected of it."""
    await run_in_threadpool(_show, house, kiosk, id)
    return EventStream(
        house.bus,
        payment_topic(id),
        lambda: _read(house, kiosk, id),
        ended=lambda intent: intent.status not in OPEN,
    )


def _read(house: House, kiosk: Kiosk, id: str) -> PaymentIntent:
    with house.store.read() as transaction:
        return _answer(house, transaction, kiosk, id)


def _answer(house: House, transaction: Transaction, kiosk: Kiosk, id: str) -> PaymentIntent:
    intent, bill = intents.read(house, transaction, kiosk, id)
    return intents.as_answer(house, intent, bill)


def _show(house: House, kiosk: Kiosk, id: str) -> None:
    if _read(house, kiosk, id).status is PaymentStatus.CREATED:
        with house.store.write() as transaction:
            intent, _bill = intents.read(house, transaction, kiosk, id)
            intents.show(transaction, intent)


def _claim(house: House, kiosk: Kiosk, id: str) -> PaymentIntent:
    with house.store.write() as transaction:
        intent, bill = intents.read(house, transaction, kiosk, id)
        intents.claim(house, transaction, intent)
        return intents.as_answer(house, intent, bill)


def _longest(house: House) -> timedelta:
    """From before the intent was made."""
    return timedelta(minutes=house.settings.bank.intent_minutes + 5)
