"""Payment intents: at most one live code per bill, made, shown, claimed, cancelled, expired."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import RowMapping, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from gateway.fleet.kiosks import Kiosk
from gateway.house import House, new_id
from gateway.payments.bills import (
    OPEN_BILL,
    closing_status,
    locked_bill,
    open_task,
    set_status,
)
from gateway.payments.states import OPEN, may_become
from gateway.problems import Refused
from gateway.store.database import Transaction
from gateway.store.tables import bills, check_ins, payment_intents
from services.codes.purpose import draw_purpose
from services.codes.vietqr import transfer
from services.contract.models import PaymentIntent, PaymentStatus
from services.contract.problem_codes import NO_PAYMENT_CODE, PAYMENT_UNCLEAR


def earlier_open(house: House, bill_id: str) -> datetime | None:
    """Since when a bill has had codes none of which is live now: the bank is asked before another is made."""
    with house.store.read() as transaction:
        row = transaction.one(
            select(
                func.min(payment_intents.c.created_at).label("first"),
                func.max(payment_intents.c.live).label("live")
                if transaction.dialect == "sqlite"
                else func.bool_or(payment_intents.c.live).label("live"),
            ).where(payment_intents.c.bill_id == bill_id)
        )
    return None if row is None or row["first"] is None or row["live"] else row["first"]


def find_or_make(house: House, transaction: Transaction, kiosk: Kiosk, bill_id: str) -> PaymentIntent:
    """The live intent of the bill, or a new one for what is still owed. Raises Refused."""
    bill = locked_bill(transaction, bill_id)
    if bill is None or not _belongs(transaction, bill, kiosk):
        raise Refused(404, "There is no such bill")
    if bill["status"] != OPEN_BILL:
        raise Refused(422, f"The bill is {bill['status']}", code=NO_PAYMENT_CODE)
    existing = transaction.all(select(payment_intents).where(payment_intents.c.bill_id == bill_id))
    now = house.now()
    for intent in existing:
        if intent["live"] and intent["expires_at"] > now:
            return as_answer(house, intent, bill)
        if intent["live"]:
            expire(house, transaction, intent)
    if any(intent["status"] == PaymentStatus.UNKNOWN.value or _claimed_open(intent) for intent in existing):
        raise Refused(422, "Money may be on its way: a person at the cashier looks", code=PAYMENT_UNCLEAR)
    owed = bill["amount"] - sum(intent["amount_paid"] for intent in existing)
    return as_answer(house, _make(house, transaction, kiosk, bill, owed), bill)


def _claimed_open(intent: RowMapping) -> bool:
    return bool(intent["live"]) and intent["claimed_at"] is not None


def _make(house: House, transaction: Transaction, kiosk: Kiosk, bill: RowMapping, amount: int) -> RowMapping:
    bank = house.settings.bank
    now = house.now()
    for _attempt in range(5):
        purpose = draw_purpose()
        values = {
            "id": new_id(),
            "bill_id": bill["id"],
            "kiosk_id": kiosk.id,
            "status": PaymentStatus.CREATED.value,
            "live": True,
            "amount": amount,
            "amount_paid": 0,
            "purpose": purpose,
            "payload": transfer(bin=bank.bin, account=bank.account, amount=amount, purpose=purpose),
            "created_at": now,
            "expires_at": (now + timedelta(minutes=bank.intent_minutes)).replace(microsecond=0),
            "next_query_at": now + timedelta(seconds=bank.query_seconds[0]),
            "queries": 0,
            "version": 1,
        }
        try:
            with transaction.connection.begin_nested():
                transaction.execute(insert(payment_intents).values(**values))
        except IntegrityError:
            continue  # this purpose was drawn before
        row = transaction.one(select(payment_intents).where(payment_intents.c.id == values["id"]))
        if row is not None:
            return row
    raise Refused(503, "No free transfer text was found", code=NO_PAYMENT_CODE)


def read(house: House, transaction: Transaction, kiosk: Kiosk, intent_id: str) -> tuple[RowMapping, RowMapping]:
    """The intent (locked in a write) and its bill. Raises Refused when this kiosk has nothing to do with it."""
    intent = transaction.one(select(payment_intents).where(payment_intents.c.id == intent_id).with_for_update())
    bill = None if intent is None else transaction.one(select(bills).where(bills.c.id == intent["bill_id"]))
    if intent is None or bill is None or not (intent["kiosk_id"] == kiosk.id or _belongs(transaction, bill, kiosk)):
        raise Refused(404, "There is no such payment")
    return intent, bill


def show(transaction: Transaction, intent: RowMapping) -> None:
    """A kiosk shows the code now."""
    if intent["status"] == PaymentStatus.CREATED.value:
        set_status(transaction, intent, PaymentStatus.QR_SHOWN)


def claim(house: House, transaction: Transaction, intent: RowMapping) -> None:
    """ "I have paid": the bank is asked now and again soon, and the code is never called simply unpaid any more."""
    if not intent["live"] or intent["claimed_at"] is not None:
        return
    now = house.now()
    transaction.execute(
        update(payment_intents)
        .where(payment_intents.c.id == intent["id"])
        .values(claimed_at=now, queries=0, next_query_at=now + timedelta(seconds=5))
    )


def cancel(transaction: Transaction, intent: RowMapping) -> None:
    """The code is hidden for good; the bill stays payable, and money that still comes finds it."""
    if intent["live"]:
        set_status(transaction, intent, closing_status(intent), next_query_at=None)


def expire(house: House, transaction: Transaction, intent: RowMapping) -> None:
    """The code's time is over."""
    claimed = intent["claimed_at"] is not None
    status = PaymentStatus.UNKNOWN if claimed else PaymentStatus.EXPIRED
    if not may_become(PaymentStatus(intent["status"]), status):
        return
    set_status(transaction, intent, status, next_query_at=None)
    if claimed:
        open_task(transaction, "claimed", intent["id"], None, intent["amount"] - intent["amount_paid"], house.now())
    elif intent["amount_paid"]:
        open_task(transaction, "underpaid", intent["id"], None, intent["amount_paid"], house.now())


def as_answer(house: House, intent: RowMapping, bill: RowMapping) -> PaymentIntent:
    """The intent as the kiosk gets it."""
    bank = house.settings.bank
    return PaymentIntent(
        id=intent["id"],
        bill_id=bill["id"],
        bill_number=bill["number"],
        status=PaymentStatus(intent["status"]),
        amount=intent["amount"],
        amount_paid=intent["amount_paid"],
        payload=intent["payload"],
        account_name=bank.account_name,
        account_last4=bank.account[-4:],
        purpose=intent["purpose"],
        expires_at=intent["expires_at"],
        paid_at=intent["paid_at"],
        invoice_code=None,
        demo=house.settings.demo,
        version=intent["version"],
    )


def is_open(intent: RowMapping) -> bool:
    """Whether its code may be on a screen."""
    return PaymentStatus(intent["status"]) in OPEN


def _belongs(transaction: Transaction, bill: RowMapping, kiosk: Kiosk) -> bool:
    check_in = transaction.one(select(check_ins.c.kiosk_id).where(check_ins.c.id == bill["check_in_id"]))
    return check_in is not None and check_in["kiosk_id"] == kiosk.id
