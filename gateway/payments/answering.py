"""Intents and bills as kiosks get them."""

from __future__ import annotations

from sqlalchemy import RowMapping, bindparam, select

from gateway.fleet.kiosks import Kiosk
from gateway.house import House
from gateway.payments.bills import HERE, OPEN_BILL, PAID_BILL, intents_of, kept_by_account
from gateway.payments.errands import ErrandKind, is_pending
from gateway.payments.intents import view_of
from gateway.payments.lines import Details, account_of, beneficiary_of, details_of, parts_of
from gateway.payments.sources import CHECK_IN
from gateway.payments.states import OPEN
from gateway.payments.tasks import open_of
from gateway.store.database import Transaction
from gateway.store.prepared import Prepared
from gateway.store.tables import card_attempts, check_ins
from services.contract.models import (
    Bill,
    BillKind,
    BillStatus,
    Breakdown,
    CardAttempt,
    CardDuty,
    CardDutyKind,
    CardOutcome,
    EInvoice,
    EInvoiceKind,
    EndReason,
    FeeLine,
    InvoiceLater,
    PaymentIntent,
    PaymentMethod,
    PaymentStatus,
)

_QUIET = {PaymentStatus.CREATED, PaymentStatus.QR_SHOWN}
"""Nothing has happened yet: no task, no hand-over, no invoice."""

_CHECK_IN = Prepared(select(check_ins.c.kiosk_id, check_ins.c.clinic_id).where(check_ins.c.id == bindparam("check_in")))


def intent_answer(
    house: House, transaction: Transaction, kiosk: Kiosk, intent: RowMapping, bill: RowMapping
) -> PaymentIntent:
    """The intent as this kiosk gets it."""
    status = PaymentStatus(intent["status"])
    quiet = status in _QUIET
    paid = bill["status"] == PAID_BILL
    details = shown_details(house, transaction, kiosk, bill)
    account = house.settings.account(intent["account_id"])
    lines = tuple(line for line in details.lines if account_of(line) == intent["account_id"])
    invoice = EInvoice.model_validate_json(bill["invoice"]) if bill["invoice"] and paid else None
    return PaymentIntent(
        id=intent["id"],
        bill_id=bill["id"],
        bill_number=bill["number"],
        status=status,
        method=PaymentMethod(intent["method"]),
        kind=BillKind(bill["kind"]),
        amount=intent["amount"],
        amount_paid=intent["amount_paid"],
        lines=lines,
        breakdown=details.breakdown,
        part=intent["part"],
        parts=intent["parts"],
        bill_amount=bill["amount"],
        bill_left=_left_beside(transaction, intent, bill),
        payload=intent["payload"],
        account_name=intent["account_name"] or ("" if account is None else account.account_name),
        account_last4=intent["account_last4"] or ("" if account is None else account.account[-4:]),
        bank_bin=intent["bank_bin"] or ("" if account is None else account.bin),
        beneficiary=None if account is None else beneficiary_of(house, account),
        purpose=intent["purpose"],
        expires_at=intent["expires_at"],
        paid_at=intent["paid_at"],
        ended=None if intent["ended"] is None else EndReason(intent["ended"]),
        claimed=intent["claimed_at"] is not None,
        hand_over_pending=paid
        and bill["paid_where"] == HERE
        and is_pending(transaction, ErrandKind.HAND_OVER, bill["id"]),
        for_cashier=not quiet and bool(open_of(transaction, intent["id"])),
        invoice=invoice,
        invoice_later=None if invoice is not None else _invoice_later(house),
        invoice_code=None if invoice is None else invoice.lookup_code,
        attempt=_newest_attempt(transaction, intent) if intent["method"] == PaymentMethod.CARD.value else None,
        demo=house.settings.demo,
        version=intent["version"],
    )


def bill_answer(house: House, transaction: Transaction, kiosk: Kiosk, bill: RowMapping) -> Bill:
    """The bill as this kiosk gets it."""
    details = shown_details(house, transaction, kiosk, bill)
    intents = intents_of(transaction, bill["id"])
    left = bill["amount"] - sum(kept_by_account(transaction, intents).values()) if bill["status"] == OPEN_BILL else 0
    unclear = any(intent["status"] == PaymentStatus.UNKNOWN.value for intent in intents)
    counter_only = bill["source"] != CHECK_IN and details_of(house, bill).counter_only
    live = next((intent["id"] for intent in intents if intent["live"] and intent["kiosk_id"] == kiosk.id), None)
    return Bill(
        id=bill["id"],
        number=bill["number"],
        kind=BillKind(bill["kind"]),
        status=BillStatus(bill["status"]),
        title=details.title,
        title_en=details.title_en,
        amount=bill["amount"],
        left=max(0, left),
        lines=details.lines,
        breakdown=details.breakdown,
        issued_at=bill["issued_at"] or bill["created_at"],
        payable=bill["status"] == OPEN_BILL and not unclear and not counter_only,
        unclear=unclear,
        intent_id=live,
        invoice=EInvoice.model_validate_json(bill["invoice"]) if bill["invoice"] else None,
    )


def shown_details(house: House, transaction: Transaction, kiosk: Kiosk, bill: RowMapping) -> Details:
    """What this kiosk may show: all where it gave the number or the person proved themselves, else nothing."""
    clinic_id = None
    if bill["check_in_id"] is not None:
        check_in = transaction.one(_CHECK_IN, {"check_in": bill["check_in_id"]})
        clinic_id = None if check_in is None else check_in["clinic_id"]
        if check_in is not None and check_in["kiosk_id"] == kiosk.id:
            return _examination(house, bill, clinic_id)
    view = view_of(house, transaction, bill["id"], kiosk)
    if view is None or not view["details"]:
        return Details()
    return _examination(house, bill, clinic_id) if bill["source"] == CHECK_IN else details_of(house, bill)


def _examination(house: House, bill: RowMapping, clinic_id: str | None) -> Details:
    """The gateway's own bills are for an examination that is paid by oneself."""
    clinic = None if clinic_id is None else house.clinics.get(clinic_id)
    amount = bill["amount"]
    name, name_en = ("", "") if clinic is None else (f"Khám: {clinic.name}", f"Examination: {clinic.name_en}")
    return Details(
        title=name,
        title_en=name_en,
        lines=(FeeLine(name=name, name_en=name_en, amount=amount, price=amount, fund=0),) if name else (),
        breakdown=Breakdown(price=amount, fund=0, patient=amount),
    )


def _left_beside(transaction: Transaction, intent: RowMapping, bill: RowMapping) -> int:
    """What is owed on the bill besides this intent."""
    if bill["status"] != OPEN_BILL:
        return 0
    parts = parts_of(bill)
    if len(parts) == 1 and PaymentStatus(intent["status"]) in OPEN:
        return 0
    kept = kept_by_account(transaction, intents_of(transaction, bill["id"]))
    mine = intent["account_id"] if PaymentStatus(intent["status"]) in OPEN else None
    return sum(max(0, part.amount - kept.get(part.account_id, 0)) for part in parts if part.account_id != mine)


def _invoice_later(house: House) -> InvoiceLater | None:
    settings = house.settings.payments
    if settings.invoice_kind == "none":
        return None
    kind = EInvoiceKind(settings.invoice_kind)
    return InvoiceLater(kind=kind, text=settings.invoice_later, text_en=settings.invoice_later_en)


def _newest_attempt(transaction: Transaction, intent: RowMapping) -> CardAttempt | None:
    rows = select(card_attempts).where(card_attempts.c.intent_id == intent["id"])
    row = transaction.one(rows.order_by(card_attempts.c.started_at.desc(), card_attempts.c.id).limit(1))
    return None if row is None else attempt_answer(row)


def duty_answer(row: RowMapping) -> CardDuty:
    """A duty of a card terminal, with the purchase it takes back."""
    attempt = None
    if row["attempt_id"] is not None:
        attempt = CardAttempt(
            id=row["attempt_id"],
            service_id=row["purchase"],
            intent_id=row["intent_id"],
            amount=row["amount"],
            outcome=CardOutcome(row["purchase_outcome"]),
            started_at=row["started_at"],
        )
    return CardDuty(
        id=row["id"],
        kind=CardDutyKind(row["kind"]),
        service_id=row["service_id"],
        attempt=attempt,
        begun=row["begun"],
    )


def attempt_answer(row: RowMapping) -> CardAttempt:
    """An attempt as kiosks get it."""
    return CardAttempt(
        id=row["id"],
        service_id=row["service_id"],
        intent_id=row["intent_id"],
        amount=row["amount"],
        outcome=CardOutcome(row["outcome"]),
        started_at=row["started_at"],
    )
