"""Payment intents and bills for kiosks: found, made once per bill, watched by events and polls, claimed, cancelled."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Response
from sqlalchemy import RowMapping

from gateway.api.deps import TheHouse, TheKiosk, TheWrite
from gateway.api.events import EventStream
from gateway.api.idempotency import begin, finish, forget, once
from gateway.fleet.kiosks import Kiosk
from gateway.house import House
from gateway.payments import cards, duties, finding, intents
from gateway.payments.answering import attempt_answer, bill_answer, duty_answer, intent_answer
from gateway.payments.bills import payment_topic
from gateway.payments.making import prepare
from gateway.payments.states import OPEN
from gateway.payments.watch import ask_about
from gateway.store.database import Transaction
from services.contract import routes
from services.contract.models import (
    Bill,
    Bills,
    BillsRequest,
    CardAttempt,
    CardDuties,
    CardDutyResult,
    CardResult,
    PaymentIntent,
    PaymentIntents,
    PaymentRequest,
    PaymentStatus,
)
from services.contract.routes import Write

router = APIRouter(tags=["payment"])


@router.post(routes.FIND_BILLS)
async def find_bills(house: TheHouse, kiosk: TheKiosk, request: Annotated[BillsRequest, Body()]) -> Bills:
    """Bills and advances of a person whom the chip proved, of a slip, or the one with a code."""
    return await finding.find(house, kiosk, request)


@router.get(routes.BILL)
def read_bill(house: TheHouse, kiosk: TheKiosk, id: str) -> Bill:
    """A bill that this kiosk found."""
    with house.store.read() as transaction:
        return bill_answer(house, transaction, kiosk, finding.seen(house, transaction, kiosk, id))


@router.post(routes.PAYMENT_INTENTS, response_model=PaymentIntent)
async def make(
    house: TheHouse, kiosk: TheKiosk, sent: TheWrite, request: Annotated[PaymentRequest, Body()]
) -> Response:
    """The one live intent of a bill. Where earlier codes ended unpaid, the bank is asked before a new one is made."""
    write = Write.PAYMENT_INTENT
    kept = await house.workers.run(begin, house, kiosk, write, sent)
    if kept is not None:
        return kept

    def work(transaction: Transaction) -> PaymentIntent:
        intent = intents.find_or_make(house, transaction, kiosk, request.bill_id, request.method)
        return _answer(house, transaction, kiosk, intent["id"])

    try:
        await prepare(house, kiosk, request.bill_id, request.method)
        return await house.workers.run(finish, house, kiosk, write, sent, work)
    except BaseException:
        await house.workers.run(forget, house, kiosk, write, sent)
        raise


@router.get(routes.PAYMENT_INTENTS)
def unsettled(house: TheHouse, kiosk: TheKiosk) -> PaymentIntents:
    """What this kiosk has to see to after a restart."""
    with house.store.read() as transaction:
        found = intents.unsettled(house, transaction, kiosk)
        return PaymentIntents(
            intents=tuple(intent_answer(house, transaction, kiosk, intent, bill) for intent, bill in found)
        )


@router.get(routes.PAYMENT_INTENT)
def read(house: TheHouse, kiosk: TheKiosk, id: str) -> PaymentIntent:
    """The intent now."""
    return _read(house, kiosk, id)


@router.post(routes.PAYMENT_CLAIM, response_model=PaymentIntent)
async def claim(house: TheHouse, kiosk: TheKiosk, sent: TheWrite, id: str) -> Response:
    """ "I have paid": the bank is asked at once."""
    write = Write.PAYMENT_CLAIM
    kept = await house.workers.run(begin, house, kiosk, write, sent)
    if kept is not None:
        return kept
    try:
        before = await house.workers.run(_claim, house, kiosk, id)
        if PaymentStatus(before["status"]) in OPEN | {PaymentStatus.UNKNOWN}:
            await ask_about(house, before)
        return await house.workers.run(
            finish, house, kiosk, write, sent, lambda transaction: _answer(house, transaction, kiosk, id)
        )
    except BaseException:
        await house.workers.run(forget, house, kiosk, write, sent)
        raise


@router.post(routes.PAYMENT_CANCEL, response_model=PaymentIntent)
def cancel(house: TheHouse, kiosk: TheKiosk, sent: TheWrite, id: str) -> Response:
    """The code is not shown any more; the bill stays payable at the cashier."""

    def work(transaction: Transaction) -> PaymentIntent:
        intent, _bill = intents.locked_with_bill(house, transaction, kiosk, id)
        intents.cancel(house, transaction, intent)
        return _answer(house, transaction, kiosk, id)

    return once(house, kiosk, Write.PAYMENT_CANCEL, sent, work)


@router.post(routes.CARD_ATTEMPTS, response_model=CardAttempt)
def begin_attempt(house: TheHouse, kiosk: TheKiosk, sent: TheWrite, id: str) -> Response:
    """Before the terminal is told: the attempt and its ServiceID. TT-306 while an earlier one has no outcome."""

    def work(transaction: Transaction) -> CardAttempt:
        intent, _bill = intents.locked_with_bill(house, transaction, kiosk, id)
        return attempt_answer(cards.begin(house, transaction, intent))

    return once(house, kiosk, Write.CARD_ATTEMPT, sent, work)


@router.post(routes.CARD_ATTEMPT, response_model=PaymentIntent)
def resolve_attempt(
    house: TheHouse, kiosk: TheKiosk, sent: TheWrite, id: str, attempt: str, result: Annotated[CardResult, Body()]
) -> Response:
    """What the terminal said, by its answer or by its status."""

    def work(transaction: Transaction) -> PaymentIntent:
        intent, _bill = intents.locked_with_bill(house, transaction, kiosk, id)
        cards.resolve(house, transaction, intent, cards.attempt_of(transaction, id, attempt), result)
        return _answer(house, transaction, kiosk, id)

    return once(house, kiosk, Write.CARD_RESULT, sent, work)


@router.get(routes.CARD_DUTIES)
def card_duties(house: TheHouse, kiosk: TheKiosk) -> CardDuties:
    """What waits for the card terminal beside this kiosk."""
    with house.store.read() as transaction:
        return CardDuties(duties=tuple(duty_answer(row) for row in duties.of_kiosk(transaction, kiosk)))


@router.post(routes.CARD_DUTY, response_model=CardDuties)
def card_duty(
    house: TheHouse, kiosk: TheKiosk, sent: TheWrite, id: str, result: Annotated[CardDutyResult, Body()]
) -> Response:
    """What became of one; answered with what still waits."""

    def work(transaction: Transaction) -> CardDuties:
        duties.note(house, transaction, kiosk, id, result)
        return CardDuties(duties=tuple(duty_answer(row) for row in duties.of_kiosk(transaction, kiosk)))

    return once(house, kiosk, Write.CARD_DUTY, sent, work)


@router.get(routes.PAYMENT_EVENTS, response_class=EventStream)
async def events(house: TheHouse, kiosk: TheKiosk, id: str) -> Response:
    """The intent whenever it changes, until nothing more is expected of it: where it was paid, until the hospital knows
    and its invoice came with that, or for half a minute."""
    await house.workers.run(_show, house, kiosk, id)
    return EventStream(
        house.bus,
        payment_topic(id),
        lambda: house.workers.run(_read, house, kiosk, id),
        ended=lambda intent: intent.status not in OPEN and not intent.hand_over_pending,
        trails=lambda intent: intent.status not in OPEN,
    )


def _read(house: House, kiosk: Kiosk, id: str) -> PaymentIntent:
    with house.store.read() as transaction:
        return _answer(house, transaction, kiosk, id)


def _answer(house: House, transaction: Transaction, kiosk: Kiosk, id: str) -> PaymentIntent:
    intent, bill = intents.read(house, transaction, kiosk, id)
    return intent_answer(house, transaction, kiosk, intent, bill)


def _show(house: House, kiosk: Kiosk, id: str) -> None:
    with house.store.read() as transaction:
        intent, _bill = intents.read(house, transaction, kiosk, id)
    if intent["status"] == PaymentStatus.CREATED.value:
        with house.store.write() as transaction:
            intent, _bill = intents.locked_with_bill(house, transaction, kiosk, id)
            intents.show(transaction, intent)


def _claim(house: House, kiosk: Kiosk, id: str) -> RowMapping:
    with house.store.write() as transaction:
        intent, _bill = intents.locked_with_bill(house, transaction, kiosk, id)
        intents.claim(house, transaction, intent)
        return intent
