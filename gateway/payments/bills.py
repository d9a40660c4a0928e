"""Bills: what is owed, the gateway's own for a check-in and those of other systems; paid once or cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping, bindparam, insert, select, update

from gateway.house import House, new_id
from gateway.payments.errands import ErrandKind, open_errand
from gateway.payments.lines import Details, parts_of, parts_text, seal_details, split
from gateway.payments.sources import CHECK_IN, SourceBill
from gateway.payments.states import ENDED_BY, OPEN, may_become
from gateway.payments.tasks import MONEY_TOPIC, REFUND_DECISION, TaskKind, open_of, open_task, settle_by_itself
from gateway.queue import tickets
from gateway.store.database import Transaction
from gateway.store.prepared import Prepared
from gateway.store.tables import bills, card_attempts, cashier_tasks, counters, payment_intents
from services.contract.models import BillStatus, EndReason, PaymentStatus

OPEN_BILL = BillStatus.OPEN.value
PAID_BILL = BillStatus.PAID.value
CANCELLED_BILL = BillStatus.CANCELLED.value

_BILL_ENDS = {EndReason.PAID, EndReason.PAID_ELSEWHERE, EndReason.BILL_CANCELLED}
"""Why an intent ends together with its bill."""
HERE, DESK, ELSEWHERE = "here", "desk", "elsewhere"
"""Where a bill was paid: by a code or card of ours, at our cashier's page, in the system it came from."""

_COUNT = Prepared(
    lambda insert: (
        insert(counters)
        .values(name="bill", value=1)
        .on_conflict_do_update(index_elements=["name"], set_={"value": counters.c.value + 1})
        .returning(counters.c.value)
    )
)
_ADD = Prepared(insert(bills))
_LOCKED = Prepared(select(bills).where(bills.c.id == bindparam("bill")).with_for_update())
_CHANGE = Prepared(update(bills).where(bills.c.id == bindparam("bill")))
_INTENTS = Prepared(
    select(payment_intents)
    .where(payment_intents.c.bill_id == bindparam("bill"))
    .order_by(payment_intents.c.created_at, payment_intents.c.id)
)
_CHANGE_INTENT = Prepared(
    update(payment_intents)
    .where(payment_intents.c.id == bindparam("intent"))
    .values(version=payment_intents.c.version + 1)
)
_GOES_BACK = Prepared(
    select(cashier_tasks.c.amount).where(
        cashier_tasks.c.intent_id == bindparam("intent"),
        (cashier_tasks.c.kind == TaskKind.REFUND.value) | (cashier_tasks.c.decision == REFUND_DECISION),
    )
)
_AT_TERMINAL = Prepared(
    select(card_attempts.c.id).where(card_attempts.c.intent_id == bindparam("intent"), card_attempts.c.open).limit(1)
)


def open_bill(transaction: Transaction, check_in_id: str, amount: int, now: datetime) -> str:
    """A new bill of a check-in with the next number (VT-0358); its id."""
    counted = transaction.one(_COUNT)
    if counted is None:
        raise LookupError("a count without a row")
    bill_id = new_id()
    transaction.later(
        _ADD,
        {
            "id": bill_id,
            "number": f"VT-{counted['value']:04}",
            "check_in_id": check_in_id,
            "source": CHECK_IN,
            "amount": amount,
            "status": OPEN_BILL,
            "created_at": now,
        },
    )
    return bill_id


def locked_bill(transaction: Transaction, bill_id: str) -> RowMapping | None:
    """The bill, held until the transaction ends."""
    return transaction.one(_LOCKED, {"bill": bill_id})


def intents_of(transaction: Transaction, bill_id: str) -> list[RowMapping]:
    """Every intent there ever was for a bill, the first first."""
    return transaction.all(_INTENTS, {"bill": bill_id})


# --- bills of other systems ---------------------------------------------------------------------------------------


def keep(house: House, transaction: Transaction, source: str, told: SourceBill, person: str | None) -> RowMapping:
    """The bill as its system holds it now; what that means for an intent of ours happens with it."""
    now = house.now()
    row = transaction.one(select(bills).where(bills.c.source == source, bills.c.source_id == told.id).with_for_update())
    if row is None:
        made = transaction.insert(bills).values(
            id=new_id(), source=source, source_id=told.id, status=told.status.value, created_at=now,
            issued_at=told.issued_at, person=person, paid_where=ELSEWHERE if told.status is BillStatus.PAID else None,
            **_as_told(house, told, now),
        )  # fmt: skip
        transaction.added(made)
    elif person is not None and row["person"] is None:
        transaction.execute(update(bills).where(bills.c.id == row["id"]).values(person=person))
    row = transaction.one(select(bills).where(bills.c.source == source, bills.c.source_id == told.id).with_for_update())
    if row is None:
        raise LookupError("a bill that was just kept")
    _follow(house, transaction, row, told)
    return transaction.one(select(bills).where(bills.c.id == row["id"])) or row


def _as_told(house: House, told: SourceBill, now: datetime) -> dict[str, object]:
    details = Details(
        title=told.title,
        title_en=told.title_en,
        lines=told.lines,
        breakdown=told.breakdown,
        counter_only=told.counter_only or not _is_payable(house, told),
    )
    return {
        "number": told.number,
        "source_version": told.version,
        "kind": told.kind.value,
        "amount": told.amount,
        "parts": parts_text(split(told.lines, told.amount)) if not details.counter_only else None,
        "sealed_details": seal_details(house, details),
        "invoice": None if told.invoice is None else told.invoice.model_dump_json(),
        "read_at": now,
    }


def _is_payable(house: House, told: SourceBill) -> bool:
    """Whether its lines add up, and every account they go to is one of ours."""
    try:
        parts = split(told.lines, told.amount)
    except ValueError:
        return False
    return told.amount > 0 and all(house.settings.account(part.account_id) is not None for part in parts)


def _follow(house: House, transaction: Transaction, bill: RowMapping, told: SourceBill) -> None:
    """What changed there changes here. A bill that was paid here stays paid: its system will be told."""
    now = house.now()
    mine = update(bills).where(bills.c.id == bill["id"])
    if bill["status"] == PAID_BILL:
        if told.invoice is not None:
            transaction.execute(mine.values(invoice=told.invoice.model_dump_json()))
        return
    if told.status is BillStatus.OPEN:
        changed = told.version != bill["source_version"] or bill["status"] != OPEN_BILL
        transaction.execute(mine.values(status=OPEN_BILL, **_as_told(house, told, now)))
        if changed:
            _end_all(house, transaction, bill["id"], EndReason.BILL_CHANGED)
            settle(house, transaction, bill["id"], now)
        return
    transaction.execute(mine.values(**_as_told(house, told, now)))
    if told.status is BillStatus.PAID:
        close_bill(house, transaction, bill, PAID_BILL, ELSEWHERE, EndReason.PAID_ELSEWHERE)
    else:
        close_bill(house, transaction, bill, CANCELLED_BILL, None, EndReason.BILL_CANCELLED)


def gone(house: House, transaction: Transaction, bill: RowMapping) -> None:
    """Its system does not know the bill any more."""
    if bill["status"] == OPEN_BILL:
        close_bill(house, transaction, bill, CANCELLED_BILL, None, EndReason.BILL_CANCELLED)


# --- the end of a bill --------------------------------------------------------------------------------------------


def cancel_bill(house: House, transaction: Transaction, check_in_id: str) -> bool:
    """Cancel an unfinished check-in's bill with its live code; False when it is paid: paid is never cancelled."""
    bill = transaction.one(select(bills).where(bills.c.check_in_id == check_in_id).with_for_update())
    if bill is None:
        return True
    if bill["status"] == PAID_BILL:
        return False
    close_bill(house, transaction, bill, CANCELLED_BILL, None, EndReason.BILL_CANCELLED)
    return True


def pay_at_desk(house: House, transaction: Transaction, bill_id: str) -> RowMapping | None:
    """The cashier took the money: the bill is paid and its code dies. None when it is not open any more.

    What had come in part by code is opened as a task for the cashier; so is what still comes later. Another system's
    bill is told to it; a visit's own is the same cashier's who keeps the hospital's books.
    """
    bill = locked_bill(transaction, bill_id)
    if bill is None or bill["status"] != OPEN_BILL:
        return None
    close_bill(house, transaction, bill, PAID_BILL, DESK, EndReason.PAID_ELSEWHERE)
    if bill["source"] != CHECK_IN and bill["source"] in house.sources:
        open_errand(transaction, ErrandKind.HAND_OVER, bill_id, house.now())
    return bill


def close_bill(
    house: House, transaction: Transaction, bill: RowMapping, status: str, where: str | None, reason: EndReason
) -> None:
    """The bill ends without our money: its live intent dies, and what came in part goes back to the payer."""
    if bill["status"] != OPEN_BILL:
        return
    now = house.now()
    paid_at = now if status == PAID_BILL else None
    transaction.execute(
        update(bills).where(bills.c.id == bill["id"]).values(status=status, paid_at=paid_at, paid_where=where)
    )
    _end_all(house, transaction, bill["id"], reason)
    intents = intents_of(transaction, bill["id"])
    kept = kept_of(transaction, intents)
    for intent in intents:
        settle_by_itself(transaction, intent["id"], now, TaskKind.UNDERPAID)
        if kept[intent["id"]]:
            open_task(transaction, TaskKind.REFUND, intent["id"], None, kept[intent["id"]], now)
    transaction.announce(MONEY_TOPIC)


def kept_of(transaction: Transaction, intents: Sequence[RowMapping]) -> dict[str, int]:
    """What of each intent's money is its bill's: all that came, without what has to go back to the payer."""
    kept = {intent["id"]: int(intent["amount_paid"]) for intent in intents}
    for intent_id, came in kept.items():
        if came:
            kept[intent_id] -= sum(row["amount"] for row in transaction.all(_GOES_BACK, {"intent": intent_id}))
    return kept


def kept_by_account(transaction: Transaction, intents: Sequence[RowMapping]) -> dict[str, int]:
    """The same, by the account it came into."""
    kept = kept_of(transaction, intents)
    sums: dict[str, int] = {}
    for intent in intents:
        sums[intent["account_id"]] = sums.get(intent["account_id"], 0) + kept[intent["id"]]
    return sums


def settle(house: House, transaction: Transaction, bill_id: str, now: datetime) -> bool:
    """Pay the bill when every part of it has its money. `now`: when the last of it came. True when it is paid now."""
    bill = locked_bill(transaction, bill_id)
    if bill is None or bill["status"] != OPEN_BILL:
        return False
    intents = intents_of(transaction, bill_id)
    kept, came = kept_of(transaction, intents), kept_by_account(transaction, intents)
    parts = {part.account_id: part.amount for part in parts_of(bill)}
    if not any(came.values()) or any(came.get(account, 0) < amount for account, amount in parts.items()):
        return False
    for account in came:
        # Too much only when the bill became smaller after the money came.
        surplus = came[account] - parts.get(account, 0)
        for intent in reversed(intents):
            back = min(surplus, kept[intent["id"]]) if intent["account_id"] == account else 0
            if back > 0:
                open_task(transaction, TaskKind.REFUND, intent["id"], None, back, house.now())
                surplus -= back
    transaction.later(_CHANGE, {"bill": bill_id, "status": PAID_BILL, "paid_at": now, "paid_where": HERE})
    for intent in intents:
        settle_by_itself(transaction, intent["id"], house.now(), TaskKind.UNDERPAID)
        if intent["live"]:
            end(house, transaction, intent, overtaken(transaction, intent), EndReason.PAID)
    if bill["check_in_id"] is not None:
        tickets.paid(transaction, bill["check_in_id"], house.now())
    if books_of(house, bill["source"]) is not None:
        open_errand(transaction, ErrandKind.HAND_OVER, bill_id, house.now())
    elif house.settings.payments.invoice is not None:
        open_errand(transaction, ErrandKind.INVOICE, bill_id, house.now())
    transaction.announce(MONEY_TOPIC)
    return True


def books_of(house: House, source: str) -> str | None:
    """In whose books a paid bill belongs: its own system, or the one that keeps those of check-ins."""
    if source != CHECK_IN:
        return source if source in house.sources else None
    return next((name for name, each in house.sources.items() if each.keeps_check_ins), None)


# --- intents ------------------------------------------------------------------------------------------------------


def _end_all(house: House, transaction: Transaction, bill_id: str, reason: EndReason) -> None:
    for intent in intents_of(transaction, bill_id):
        if intent["live"]:
            end(house, transaction, intent, closing_status(transaction, intent), reason)


def closing_status(transaction: Transaction, intent: RowMapping) -> PaymentStatus:
    """How an intent without full payment is closed: somebody who says they paid, and a card at the terminal, leave an
    open question."""
    unclear = intent["claimed_at"] is not None or has_open_attempt(transaction, intent["id"])
    return PaymentStatus.UNKNOWN if unclear else PaymentStatus.CANCELLED


def overtaken(transaction: Transaction, intent: RowMapping) -> PaymentStatus:
    """How an intent is closed when the money came by another one."""
    return PaymentStatus.UNKNOWN if has_open_attempt(transaction, intent["id"]) else PaymentStatus.CANCELLED


def has_open_attempt(transaction: Transaction, intent_id: str) -> bool:
    """Whether the card terminal was asked for money and has not said what became of it."""
    return transaction.one(_AT_TERMINAL, {"intent": intent_id}) is not None


def end(house: House, transaction: Transaction, intent: RowMapping, status: PaymentStatus, reason: EndReason) -> None:
    """Close an intent that nobody shall pay any more, here and where it was made and held.

    What is left open by it becomes a person's question, unless its bill has its money or needs none any more.
    """
    now = house.now()
    missing = intent["amount"] - intent["amount_paid"]
    if status is PaymentStatus.UNKNOWN and has_open_attempt(transaction, intent["id"]):
        open_task(transaction, TaskKind.CARD, intent["id"], None, missing, now)
    if reason not in _BILL_ENDS:
        if intent["amount_paid"] and not open_of(transaction, intent["id"], TaskKind.UNDERPAID):
            open_task(transaction, TaskKind.UNDERPAID, intent["id"], None, intent["amount_paid"], now)
        if status is PaymentStatus.UNKNOWN and intent["claimed_at"] is not None:
            open_task(transaction, TaskKind.CLAIMED, intent["id"], None, missing, now)
    set_status(transaction, intent, status, ended=reason.value, next_query_at=None)
    if intent["order_state"] in {"wanted", "made"}:
        open_errand(transaction, ErrandKind.CLOSE_ORDER, intent["id"], now)
    if intent["reserved"] and reason is not EndReason.PAID:
        open_errand(transaction, ErrandKind.RELEASE, intent["bill_id"], now)


def set_status(transaction: Transaction, intent: RowMapping, status: PaymentStatus, **values: object) -> None:
    """Change an intent; its version grows and whoever watches is told. ValueError for a way that does not exist."""
    before = PaymentStatus(intent["status"])
    if status is not before and not may_become(before, status):
        raise ValueError(f"a payment never goes from {before.value} to {status.value}")
    values.setdefault("live", status in OPEN)
    if status not in OPEN and status in ENDED_BY and status is not before:
        values.setdefault("ended", ENDED_BY[status].value)
    transaction.later(_CHANGE_INTENT, {"intent": intent["id"], "status": status.value, **values})
    transaction.announce(payment_topic(intent["id"]))


def tell_again(transaction: Transaction, bill_id: str) -> None:
    """Something of a bill changed that its intents show: whoever watches them is told."""
    for intent in intents_of(transaction, bill_id):
        transaction.later(_CHANGE_INTENT, {"intent": intent["id"]})
        transaction.announce(payment_topic(intent["id"]))


def payment_topic(intent_id: str) -> str:
    """What a stream of this intent waits for."""
    return f"payment:{intent_id}"
