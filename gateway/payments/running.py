"""Running errands about money: claimed, done, and tried again with growing pauses until the other side agrees."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import RowMapping, or_, select, update
from starlette.concurrency import run_in_threadpool

from gateway.house import House
from gateway.payments.bills import DESK, ELSEWHERE, books_of, tell_again
from gateway.payments.books import not_taken, taken
from gateway.payments.errands import ErrandKind, ErrandState, open_errand
from gateway.payments.invoices import InvoiceRefused, InvoiceUnavailable
from gateway.payments.lines import MAIN, details_of
from gateway.payments.making import close_order
from gateway.payments.sources import HandedOver, PaidBill, PaidPart, SourceRefused, SourceUnavailable
from gateway.payments.tasks import MONEY_TOPIC
from gateway.store.database import Transaction
from gateway.store.tables import bank_transactions, bills, payment_errands, payment_intents
from services.contract.models import EInvoice, PaymentMethod

log = logging.getLogger(__name__)

_SPAN = timedelta(seconds=120)
"""A claim lasts so long; whoever held it is gone then."""
INVOICE_DAYS = 3
"""How long an e-invoice that others issue is asked for after the hand-over."""


@dataclass(frozen=True)
class _Errand:
    id: str
    kind: ErrandKind
    target: str
    tries: int


class _NotYet(Exception):
    """Nothing failed: there is nothing to have yet. Asked again at the longest step."""


async def run_due(house: House) -> None:
    """Run everything that is due, the oldest first."""
    while (errand := await run_in_threadpool(_claim, house)) is not None:
        await _run(house, errand)


def let_go_of_errands(house: House) -> None:
    """At the start of the only process of a database: whoever held a claim is gone."""
    with house.store.write() as transaction:
        held = payment_errands.c.claimed_until.is_not(None)
        transaction.execute(update(payment_errands).where(held).values(claimed_until=None))


def _claim(house: House) -> _Errand | None:
    rows, now = payment_errands.c, house.now()
    due = rows.next_at <= now, or_(rows.claimed_until.is_(None), rows.claimed_until <= now)
    with house.store.read() as transaction:
        if transaction.one(select(rows.id).where(*due).limit(1)) is None:
            return None
    with house.store.write() as transaction:
        transaction.lock("payment-errand")
        row = transaction.one(select(payment_errands).where(*due).order_by(rows.next_at).limit(1))
        if row is None:
            return None
        transaction.execute(
            update(payment_errands).where(rows.id == row["id"]).values(claimed_until=now + _SPAN, begun=True)
        )
    return _Errand(row["id"], ErrandKind(row["kind"]), row["target"], row["tries"])


async def _run(house: House, errand: _Errand) -> None:
    try:
        match errand.kind:
            case ErrandKind.HAND_OVER:
                await _hand_over(house, errand)
            case ErrandKind.INVOICE:
                await _invoice(house, errand)
            case ErrandKind.CLOSE_ORDER:
                await _close_order(house, errand)
            case ErrandKind.RELEASE:
                await _release(house, errand)
    except _NotYet:
        await run_in_threadpool(_later, house, errand, None, ErrandState.DUE)
    except (SourceUnavailable, InvoiceUnavailable) as error:
        await run_in_threadpool(_later, house, errand, error.fault, ErrandState.DUE)
    except (SourceRefused, InvoiceRefused) as error:
        log.error("an errand about money was refused: %s: %s", errand.kind.value, error.fault)
        await run_in_threadpool(_later, house, errand, error.fault, ErrandState.REFUSED)


async def _hand_over(house: House, errand: _Errand) -> None:
    bill = await run_in_threadpool(paid_bill, house, errand.target, errand.id)
    source = None if bill is None else house.sources.get(bill[0] or "")
    if bill is None:
        await run_in_threadpool(_done, house, errand, HandedOver(""))
        return
    if source is None:
        raise SourceUnavailable("not connected")
    told = await source.paid(bill[1])
    await run_in_threadpool(_done, house, errand, told)


async def _invoice(house: House, errand: _Errand) -> None:
    found = await run_in_threadpool(paid_bill, house, errand.target, errand.id)
    if found is None:
        await run_in_threadpool(_done, house, errand, HandedOver(""))
        return
    name, bill = found
    source = house.sources.get(name or "")
    if source is not None:
        invoice = await source.invoice(bill)
    elif house.invoices is not None:
        invoice = await house.invoices.issue(bill)
    else:
        raise InvoiceUnavailable("not connected")
    if invoice is None:
        raise _NotYet
    await run_in_threadpool(_done, house, errand, HandedOver(invoice.number, invoice))


async def _close_order(house: House, errand: _Errand) -> None:
    def intent() -> RowMapping | None:
        with house.store.read() as transaction:
            return transaction.one(select(payment_intents).where(payment_intents.c.id == errand.target))

    row = await run_in_threadpool(intent)
    orders = None if row is None or row["account_id"] not in house.banks else house.provider(row["account_id"]).orders
    open_there = row is not None and row["order_state"] in {"wanted", "made"}
    if row is not None and orders is not None and open_there and not await close_order(house, orders, row):
        raise SourceUnavailable("the provider did not answer")
    await run_in_threadpool(_done, house, errand, HandedOver(""))


async def _release(house: House, errand: _Errand) -> None:
    def still_held() -> RowMapping | None:
        with house.store.read() as transaction:
            bill = transaction.one(select(bills).where(bills.c.id == errand.target))
            live = payment_intents.c.bill_id == errand.target, payment_intents.c.live
            used = transaction.one(select(payment_intents.c.id).where(*live).limit(1))
            return bill if used is None else None

    bill = await run_in_threadpool(still_held)
    source = None if bill is None else house.sources.get(bill["source"])
    if bill is not None and source is not None:
        await source.release(bill["source_id"], bill["id"])
    await run_in_threadpool(_done, house, errand, HandedOver(""))


def paid_bill(house: House, bill_id: str, key: str) -> tuple[str | None, PaidBill] | None:
    """A bill that was paid here with the transfers that paid it, and in whose books it belongs; None for another."""
    with house.store.read() as transaction:
        bill = transaction.one(select(bills).where(bills.c.id == bill_id))
        if bill is None or bill["paid_at"] is None or bill["paid_where"] == ELSEWHERE:
            return None
        moves, intents = bank_transactions, payment_intents
        parts = transaction.all(
            select(moves.c.provider, moves.c.provider_id, moves.c.reference, moves.c.amount, moves.c.at,
                   intents.c.account_id, intents.c.method)
            .join(intents, intents.c.id == moves.c.intent_id)
            .where(intents.c.bill_id == bill_id)
            .order_by(moves.c.at, moves.c.provider_id)
        )  # fmt: skip
        return books_of(house, bill["source"]), PaidBill(
            key=key,
            source_id=bill["source_id"],
            check_in_id=bill["check_in_id"],
            number=bill["number"],
            amount=bill["amount"],
            paid_at=bill["paid_at"],
            parts=(_cash(bill),)
            if bill["paid_where"] == DESK
            else tuple(
                PaidPart(
                    provider=row["provider"],
                    id=row["provider_id"],
                    reference=row["reference"],
                    amount=row["amount"],
                    at=row["at"],
                    account_id=row["account_id"],
                    method=PaymentMethod(row["method"]),
                )
                for row in parts
            ),
            lines=details_of(house, bill).lines,
        )


def _cash(bill: RowMapping) -> PaidPart:
    """Paid at our cashier's page: the whole bill at once. What had come in part by a code goes back."""
    return PaidPart(
        provider=DESK,
        id=bill["id"],
        reference=bill["number"],
        amount=bill["amount"],
        at=bill["paid_at"],
        account_id=MAIN,
        method=None,
    )


def _done(house: House, errand: _Errand, told: HandedOver) -> None:
    now = house.now()
    with house.store.write() as transaction:
        _set(
            transaction,
            errand,
            state=ErrandState.DONE.value,
            next_at=None,
            claimed_until=None,
            failure=None,
            failing_since=None,
            done_at=now,
            their_number=told.number[:64] or None,
        )
        if errand.kind is ErrandKind.HAND_OVER:
            taken(house, transaction, errand.target)
        if errand.kind in {ErrandKind.HAND_OVER, ErrandKind.INVOICE}:
            _note_invoice(house, transaction, errand, told.invoice)
            tell_again(transaction, errand.target)
        transaction.announce(MONEY_TOPIC)


def _note_invoice(house: House, transaction: Transaction, errand: _Errand, invoice: EInvoice | None) -> None:
    if invoice is not None:
        noted = update(bills).where(bills.c.id == errand.target).values(invoice=invoice.model_dump_json())
        transaction.execute(noted)
    elif errand.kind is ErrandKind.HAND_OVER and house.settings.payments.invoice_kind != "none":
        # It comes later: asked for until it is there.
        open_errand(transaction, ErrandKind.INVOICE, errand.target, house.now())


def _later(house: House, errand: _Errand, fault: str | None, state: ErrandState) -> None:
    steps, now = house.settings.payments.retry_seconds, house.now()
    wait = steps[-1] if state is ErrandState.REFUSED else steps[min(errand.tries, len(steps) - 1)]
    with house.store.write() as transaction:
        row = transaction.one(select(payment_errands).where(payment_errands.c.id == errand.id).with_for_update())
        if row is None:
            return
        given_up = fault is None and now - row["opened_at"] > timedelta(days=INVOICE_DAYS)
        _set(
            transaction,
            errand,
            tries=errand.tries + 1,
            state=(ErrandState.DONE if given_up else state).value,
            failure=None if fault is None else fault[:60],
            failing_since=None if fault is None else row["failing_since"] or now,
            claimed_until=None,
            next_at=None if given_up else now + timedelta(seconds=wait),
        )
        if state is ErrandState.REFUSED and errand.kind is ErrandKind.HAND_OVER:
            not_taken(house, transaction, errand.target)
        transaction.announce(MONEY_TOPIC)
    if fault is not None and not errand.tries and state is ErrandState.DUE:
        log.warning("an errand about money is tried again: %s: %s", errand.kind.value, fault)


def _set(transaction: Transaction, errand: _Errand, **values: object) -> None:
    transaction.execute(update(payment_errands).where(payment_errands.c.id == errand.id).values(**values))
