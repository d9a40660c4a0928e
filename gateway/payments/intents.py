"""Payment intents: at most one live for a bill, made, shown, claimed, cancelled, expired."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import RowMapping, bindparam, or_, select, update

from gateway.fleet.kiosks import Kiosk
from gateway.house import House, new_id
from gateway.payments.bills import (
    OPEN_BILL,
    closing_status,
    end,
    has_open_attempt,
    intents_of,
    kept_by_account,
    locked_bill,
    set_status,
)
from gateway.payments.lines import Part, details_of, parts_of
from gateway.payments.sources import CHECK_IN
from gateway.payments.states import may_become
from gateway.problems import Refused
from gateway.store.database import Transaction
from gateway.store.prepared import Prepared
from gateway.store.tables import bill_views, bills, card_attempts, check_ins, payment_intents
from services.codes.payment_code import LIMIT
from services.codes.purpose import draw_purpose
from services.codes.vietqr import transfer
from services.contract.models import EndReason, PaymentMethod, PaymentStatus
from services.contract.problem_codes import BILL_SETTLED, NO_PAYMENT_CODE, PAYMENT_UNCLEAR

ORDER_CODES = 2**52
"""Order numbers are whole numbers that JSON keeps exactly, drawn so that nobody meets an old one."""


_MAKE = Prepared(lambda insert: insert(payment_intents).on_conflict_do_nothing().returning(payment_intents))
_INTENT = Prepared(select(payment_intents).where(payment_intents.c.id == bindparam("intent")))
_LOCKED = Prepared(select(payment_intents).where(payment_intents.c.id == bindparam("intent")).with_for_update())
_BILL = Prepared(select(bills).where(bills.c.id == bindparam("bill")))
_GIVEN_BY = Prepared(select(check_ins.c.kiosk_id).where(check_ins.c.id == bindparam("check_in")))
_VIEW = Prepared(
    select(bill_views).where(
        bill_views.c.bill_id == bindparam("bill"),
        bill_views.c.kiosk_id == bindparam("kiosk"),
        bill_views.c.until > bindparam("now"),
    )
)


def earlier_open(house: House, bill_id: str) -> datetime | None:
    """Since when a bill has had codes none of which is live now: the bank is asked before another is made."""
    with house.store.read() as transaction:
        existing = intents_of(transaction, bill_id)
    return None if not existing or any(intent["live"] for intent in existing) else existing[0]["created_at"]


def find_or_make(
    house: House, transaction: Transaction, kiosk: Kiosk, bill_id: str, method: PaymentMethod = PaymentMethod.QR
) -> RowMapping:
    """The live intent of the bill, or a new one for what is still owed. Raises Refused.

    A live one is never put aside for another way of paying: whoever wants that cancels it first.
    """
    bill = locked_bill(transaction, bill_id)
    if bill is None or not belongs(house, transaction, bill, kiosk):
        raise Refused(404, "There is no such bill")
    if bill["status"] != OPEN_BILL:
        raise Refused(422, f"The bill is {bill['status']}", code=BILL_SETTLED)
    existing = intents_of(transaction, bill_id)
    now = house.now()
    for intent in existing:
        if intent["live"] and intent["expires_at"] > now:
            return intent
        if intent["live"]:
            expire(house, transaction, intent)
    existing = intents_of(transaction, bill_id)
    if any(intent["status"] == PaymentStatus.UNKNOWN.value for intent in existing):
        raise Refused(422, "Money may be on its way: a person at the cashier looks", code=PAYMENT_UNCLEAR)
    if any(intent["order_state"] in {"wanted", "made"} and not intent["live"] for intent in existing):
        raise Refused(503, "An earlier code may still be payable", code=NO_PAYMENT_CODE)
    if bill["source"] != CHECK_IN and details_of(house, bill).counter_only:
        raise Refused(422, "The bill is payable at the cashier's only", code=NO_PAYMENT_CODE)
    if method is PaymentMethod.CARD and not house.settings.payments.card:
        raise Refused(422, "This place takes no cards at kiosks", code=NO_PAYMENT_CODE)
    part, number, of = _next_part(transaction, bill, existing)
    return _make(house, transaction, kiosk, bill, method, part, number, of)


def _next_part(transaction: Transaction, bill: RowMapping, existing: list[RowMapping]) -> tuple[Part, int, int]:
    """What is owed first, its place among the parts, and how many there are."""
    parts = parts_of(bill)
    kept = kept_by_account(transaction, existing)
    for number, part in enumerate(parts, 1):
        owed = part.amount - kept.get(part.account_id, 0)
        if owed > 0:
            return Part(part.account_id, owed), number, len(parts)
    raise Refused(422, "Nothing is owed", code=BILL_SETTLED)


def _make(
    house: House,
    transaction: Transaction,
    kiosk: Kiosk,
    bill: RowMapping,
    method: PaymentMethod,
    part: Part,
    number: int,
    of: int,
) -> RowMapping:
    account = house.settings.account(part.account_id)
    if account is None:
        raise Refused(422, "There is no such account", code=NO_PAYMENT_CODE)
    if part.amount >= LIMIT and method is PaymentMethod.QR:
        raise Refused(422, "Too much for one transfer", code=NO_PAYMENT_CODE)
    now = house.now()
    by_order = method is PaymentMethod.QR and house.provider(part.account_id).orders is not None
    for _attempt in range(5):
        purpose = draw_purpose()
        plain = method is PaymentMethod.QR and not by_order
        text = transfer(bin=account.bin, account=account.account, amount=part.amount, purpose=purpose) if plain else ""
        values = {
            "id": new_id(),
            "bill_id": bill["id"],
            "kiosk_id": kiosk.id,
            "method": method.value,
            "account_id": part.account_id,
            "part": number,
            "parts": of,
            "status": PaymentStatus.CREATED.value,
            "live": True,
            "amount": part.amount,
            "amount_paid": 0,
            "purpose": purpose,
            "payload": text,
            "account_name": account.account_name,
            "account_last4": account.account[-4:],
            "bank_bin": account.bin,
            "order_code": secrets.randbelow(ORDER_CODES) + 1 if by_order else None,
            "order_state": "wanted" if by_order else "none",
            "created_at": now,
            "expires_at": (now + timedelta(minutes=account.intent_minutes)).replace(microsecond=0),
            "next_query_at": now + timedelta(seconds=account.query_seconds[0]) if plain or by_order else None,
            "queries": 0,
            "version": 1,
        }
        row = transaction.one(_MAKE, values)
        if row is not None:
            return row  # else this purpose was drawn before
    raise Refused(503, "No free transfer text was found", code=NO_PAYMENT_CODE)


def read(house: House, transaction: Transaction, kiosk: Kiosk, intent_id: str) -> tuple[RowMapping, RowMapping]:
    """The intent and its bill. Raises Refused when this kiosk has nothing to do with it."""
    intent = transaction.one(_INTENT, {"intent": intent_id})
    bill = None if intent is None else bill_of(transaction, intent["bill_id"])
    if intent is None or bill is None:
        raise Refused(404, "There is no such payment")
    if intent["kiosk_id"] != kiosk.id and not belongs(house, transaction, bill, kiosk):
        raise Refused(404, "There is no such payment")
    return intent, bill


def locked_with_bill(
    house: House, transaction: Transaction, kiosk: Kiosk, intent_id: str
) -> tuple[RowMapping, RowMapping]:
    """The same for a change: the bill is locked first, as everywhere, so that nobody waits for each other."""
    intent, bill = read(house, transaction, kiosk, intent_id)
    held = locked_bill(transaction, bill["id"]) or bill
    return locked_intent(transaction, intent["id"]) or intent, held


def bill_of(transaction: Transaction, bill_id: str) -> RowMapping | None:
    """A bill as it stands."""
    return transaction.one(_BILL, {"bill": bill_id})


def locked_intent(transaction: Transaction, intent_id: str) -> RowMapping | None:
    """The intent, held until the transaction ends; its bill is held before."""
    return transaction.one(_LOCKED, {"intent": intent_id})


def unsettled(house: House, transaction: Transaction, kiosk: Kiosk) -> list[tuple[RowMapping, RowMapping]]:
    """What a kiosk has to see to after a restart: live intents, and those with an attempt that has no outcome."""
    at_terminal = select(card_attempts.c.intent_id).where(card_attempts.c.open)
    rows = transaction.all(
        select(payment_intents)
        .where(
            payment_intents.c.kiosk_id == kiosk.id,
            or_(payment_intents.c.live, payment_intents.c.id.in_(at_terminal)),
        )
        .order_by(payment_intents.c.created_at)
    )
    found: list[tuple[RowMapping, RowMapping]] = []
    for row in rows:
        bill = transaction.one(select(bills).where(bills.c.id == row["bill_id"]))
        if bill is not None:
            found.append((row, bill))
    return found


def show(transaction: Transaction, intent: RowMapping) -> None:
    """A kiosk shows the code now."""
    if intent["status"] == PaymentStatus.CREATED.value and intent["payload"]:
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


def cancel(house: House, transaction: Transaction, intent: RowMapping) -> None:
    """The code is hidden for good; the bill stays payable, and money that still comes finds it."""
    if not intent["live"]:
        return
    status = closing_status(transaction, intent)
    reason = EndReason.NO_ANSWER if status is PaymentStatus.UNKNOWN else EndReason.LEFT
    end(house, transaction, intent, status, reason)


def expire(house: House, transaction: Transaction, intent: RowMapping) -> None:
    """The code's time is over."""
    unclear = intent["claimed_at"] is not None or has_open_attempt(transaction, intent["id"])
    status = PaymentStatus.UNKNOWN if unclear else PaymentStatus.EXPIRED
    if not may_become(PaymentStatus(intent["status"]), status):
        return
    end(house, transaction, intent, status, EndReason.NO_ANSWER if unclear else EndReason.TIME_OVER)


def belongs(house: House, transaction: Transaction, bill: RowMapping, kiosk: Kiosk) -> bool:
    """Whether a kiosk gave the number of the bill, or found the bill a short while ago."""
    if bill["check_in_id"] is not None:
        check_in = transaction.one(_GIVEN_BY, {"check_in": bill["check_in_id"]})
        if check_in is not None and check_in["kiosk_id"] == kiosk.id:
            return True
    return view_of(house, transaction, bill["id"], kiosk) is not None


def view_of(house: House, transaction: Transaction, bill_id: str, kiosk: Kiosk) -> RowMapping | None:
    """What a kiosk that found a bill may show of it; None when it did not, or its time is over."""
    return transaction.one(_VIEW, {"bill": bill_id, "kiosk": kiosk.id, "now": house.now()})


def note_view(house: House, transaction: Transaction, kiosk: Kiosk, bill_id: str, *, details: bool) -> None:
    """For a while this kiosk may ask for a bill it found; `details`: and show what it is for."""
    until = house.now() + timedelta(minutes=house.settings.payments.view_minutes)
    row = transaction.insert(bill_views).values(bill_id=bill_id, kiosk_id=kiosk.id, until=until, details=details)
    transaction.execute(
        row.on_conflict_do_update(index_elements=["bill_id", "kiosk_id"], set_={"until": until, "details": details})
    )
