"""The cashier's page of money: questions that wait, refunds, codes that a person confirms, errands that fail."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import RowMapping, select, update

from gateway.house import House, new_id
from gateway.payments import books, cards, duties
from gateway.payments.bills import OPEN_BILL, intents_of, kept_by_account, locked_bill, set_status
from gateway.payments.by_hand import NAME as BY_HAND
from gateway.payments.lines import parts_of
from gateway.payments.money import attach, take
from gateway.payments.provider import Money
from gateway.payments.refunds import RefundStatus
from gateway.payments.tasks import TaskKind, close_task
from gateway.problems import Refused
from gateway.store.database import Transaction
from gateway.store.tables import (
    bank_transactions,
    bills,
    cashier_tasks,
    payment_errands,
    payment_intents,
    refunds,
)
from services.contract.models import EndReason, PaymentStatus

MOST = 200


class MoneyModel(BaseModel):
    """Frozen, JSON for the page."""

    model_config = ConfigDict(frozen=True)


class Task(MoneyModel):
    """One question. `amount` in đồng."""

    id: str
    kind: TaskKind
    amount: int
    opened_at: datetime
    bill: str
    purpose: str
    provider: str
    transaction: str
    refund: str
    """The number of the refund that is asked for; empty for none."""


class RefundLine(MoneyModel):
    """One refund that is not finished."""

    id: str
    number: str
    amount: int
    status: RefundStatus
    reason: str
    requested_by: str
    bill: str
    mine: bool
    """Asked for by whoever looks: somebody else decides."""
    terminal: str = ""
    """may: its card terminal can take it back; waiting, refused, unknown: how that stands; empty: it cannot."""


class OpenCode(MoneyModel):
    """A code of an account without a provider: somebody looks at the account."""

    id: str
    bill: str
    purpose: str
    amount: int
    account: str
    claimed: bool
    expires_at: datetime


class ClosedBatch(MoneyModel):
    """A closing of a card terminal, of today. `ours` and `theirs` in đồng."""

    kiosk: str
    outcome: str
    at: datetime
    ours: int
    theirs: int | None


class Failing(MoneyModel):
    """What another system has still to be told."""

    kind: str
    bill: str
    failure: str
    since: datetime


class MoneyPage(MoneyModel):
    """The whole page."""

    now: datetime
    tasks: tuple[Task, ...]
    refunds: tuple[RefundLine, ...]
    codes: tuple[OpenCode, ...]
    failing: tuple[Failing, ...]
    cards: bool
    """Kiosks may have a card terminal."""
    batches: tuple[ClosedBatch, ...]


class Came(BaseModel):
    """Money that a person saw on the account, or read in the terminal's journal."""

    amount: int = Field(gt=0, lt=10**12)
    reference: str = Field(pattern="^[0-9A-Za-z._:/-]{3,40}$")


def page(house: House, transaction: Transaction, who: str) -> MoneyPage:
    """The page now."""
    return MoneyPage(
        now=house.now(),
        tasks=_tasks(transaction),
        refunds=_refunds(house, transaction, who),
        codes=_codes(house, transaction),
        failing=_failing(transaction),
        cards=house.settings.payments.card,
        batches=_batches(house, transaction),
    )


def _tasks(transaction: Transaction) -> tuple[Task, ...]:
    open_refund = (refunds.c.task_id == cashier_tasks.c.id) & (refunds.c.status != RefundStatus.REFUSED.value)
    rows = transaction.all(
        select(cashier_tasks, bills.c.number, payment_intents.c.purpose, refunds.c.number.label("refund"))
        .outerjoin(payment_intents, payment_intents.c.id == cashier_tasks.c.intent_id)
        .outerjoin(bills, bills.c.id == payment_intents.c.bill_id)
        .outerjoin(refunds, open_refund)
        .where(cashier_tasks.c.closed_at.is_(None))
        .order_by(cashier_tasks.c.opened_at)
        .limit(MOST)
    )
    return tuple(
        Task(
            id=row["id"],
            kind=TaskKind(row["kind"]),
            amount=row["amount"],
            opened_at=row["opened_at"],
            bill=row["number"] or "",
            purpose=row["purpose"] or "",
            provider=row["provider"] or "",
            transaction=row["transaction_id"] or "",
            refund=row["refund"] or "",
        )
        for row in rows
    )


def _refunds(house: House, transaction: Transaction, who: str) -> tuple[RefundLine, ...]:
    rows = transaction.all(
        select(refunds, bills.c.number.label("bill"))
        .outerjoin(payment_intents, payment_intents.c.id == refunds.c.intent_id)
        .outerjoin(bills, bills.c.id == payment_intents.c.bill_id)
        .where(refunds.c.status.in_([RefundStatus.REQUESTED.value, RefundStatus.APPROVED.value]))
        .order_by(refunds.c.requested_at)
        .limit(MOST)
    )
    return tuple(
        RefundLine(
            id=row["id"],
            number=row["number"],
            amount=row["amount"],
            status=RefundStatus(row["status"]),
            reason=house.vault.open(row["sealed_reason"]).decode(),
            requested_by=row["requested_by"],
            bill=row["bill"] or "",
            mine=row["requested_by"] == who,
            terminal=_at_terminal(house, transaction, row),
        )
        for row in rows
    )


def _at_terminal(house: House, transaction: Transaction, refund: RowMapping) -> str:
    if refund["status"] != RefundStatus.APPROVED.value:
        return ""
    stands = duties.reversal_of(transaction, refund["id"])
    return stands or ("may" if duties.may_reverse(house, transaction, refund) else "")


def _batches(house: House, transaction: Transaction) -> tuple[ClosedBatch, ...]:
    return tuple(
        ClosedBatch(
            kiosk=each.kiosk, outcome=each.outcome, at=each.closed_at or each.asked_at,
            ours=each.ours, theirs=each.theirs,
        )
        for each in duties.batches(transaction, duties.midnight(house))
    )  # fmt: skip


def _codes(house: House, transaction: Transaction) -> tuple[OpenCode, ...]:
    by_hand = [account for account, bank in house.banks.items() if bank.name == BY_HAND]
    if not by_hand:
        return ()
    rows = transaction.all(
        select(payment_intents, bills.c.number)
        .join(bills, bills.c.id == payment_intents.c.bill_id)
        .where(payment_intents.c.live, payment_intents.c.account_id.in_(by_hand), payment_intents.c.method == "qr")
        .order_by(payment_intents.c.claimed_at.is_(None), payment_intents.c.created_at)
        .limit(MOST)
    )
    return tuple(
        OpenCode(
            id=row["id"],
            bill=row["number"],
            purpose=row["purpose"],
            amount=row["amount"] - row["amount_paid"],
            account=row["account_last4"],
            claimed=row["claimed_at"] is not None,
            expires_at=row["expires_at"],
        )
        for row in rows
    )


def _failing(transaction: Transaction) -> tuple[Failing, ...]:
    rows = transaction.all(
        select(payment_errands, bills.c.number)
        .outerjoin(bills, bills.c.id == payment_errands.c.target)
        .where(payment_errands.c.failing_since.is_not(None), payment_errands.c.state != "done")
        .order_by(payment_errands.c.failing_since)
        .limit(MOST)
    )
    return tuple(
        Failing(kind=row["kind"], bill=row["number"] or "", failure=row["failure"] or "", since=row["failing_since"])
        for row in rows
    )


# --- what the cashier does ----------------------------------------------------------------------------------------


def came(house: House, transaction: Transaction, intent_id: str, money: Came) -> None:
    """Money for a code of an account without a provider, or for a claim that nothing told of. Raises Refused."""
    intent = _intent(transaction, intent_id)
    account = house.settings.account(intent["account_id"])
    if account is None:
        raise Refused(422, "The account is not in the settings any more")
    movement = Money(
        BY_HAND, money.reference, account.account, money.amount, True, intent["purpose"], money.reference, house.now()
    )
    if not take(house, transaction, movement, "cashier", intent["account_id"]):
        raise Refused(409, "Money with this reference was counted already")


def nothing_came(house: House, transaction: Transaction, task_id: str, who: str) -> None:
    """A claim that a person looked into: no money. The bill is payable again. Raises Refused."""
    task = _task(transaction, task_id, TaskKind.CLAIMED)
    intent = _intent(transaction, task["intent_id"])
    if intent["status"] == PaymentStatus.UNKNOWN.value:
        set_status(transaction, intent, PaymentStatus.EXPIRED, ended=EndReason.TIME_OVER.value)
    close_task(transaction, task_id, "nothing-came", who, house.now())


def rest_at_desk(house: House, transaction: Transaction, task_id: str, who: str) -> None:
    """What is missing was paid in cash: the bill is paid with both. Raises Refused."""
    task = _task(transaction, task_id, TaskKind.UNDERPAID)
    intent = _intent(transaction, task["intent_id"])
    bill = locked_bill(transaction, intent["bill_id"])
    account = house.settings.account(intent["account_id"])
    if bill is None or account is None or bill["status"] != OPEN_BILL:
        raise Refused(409, "The bill is not open any more")
    kept = kept_by_account(transaction, intents_of(transaction, bill["id"])).get(intent["account_id"], 0)
    due = sum(part.amount for part in parts_of(bill) if part.account_id == intent["account_id"])
    if due <= kept:
        raise Refused(409, "Nothing is missing")
    cash = Money("desk", new_id(), account.account, due - kept, True, intent["purpose"], who[:64], house.now())
    take(house, transaction, cash, "cashier", intent["account_id"])
    close_task(transaction, task_id, "rest-at-desk", who, house.now())


def give_to_bill(house: House, transaction: Transaction, task_id: str, bill_number: str, who: str) -> None:
    """Orphan money belongs to a bill after all: it is counted for the bill's newest code. Raises Refused."""
    task = _task(transaction, task_id, TaskKind.ORPHAN)
    moves = bank_transactions.c.provider == task["provider"], bank_transactions.c.provider_id == task["transaction_id"]
    row = transaction.one(select(bank_transactions).where(*moves).with_for_update())
    found = transaction.one(
        select(payment_intents.c.id)
        .join(bills, bills.c.id == payment_intents.c.bill_id)
        .where(bills.c.number == bill_number.strip().upper())
        .order_by(payment_intents.c.created_at.desc())
        .limit(1)
    )
    if row is None or found is None:
        raise Refused(404, "There is no such bill with a code")
    intent = _intent(transaction, found["id"])
    if intent["account_id"] != row["account_id"]:
        raise Refused(422, "The money came into another account")
    transaction.execute(update(bank_transactions).where(*moves).values(intent_id=intent["id"]))
    close_task(transaction, task_id, "attached", who, house.now())
    bill = locked_bill(transaction, intent["bill_id"])
    if bill is not None:
        money = Money(row["provider"], row["provider_id"], "", row["amount"], True, "", row["reference"], row["at"])
        attach(house, transaction, intent, bill, money)


def card_charged(house: House, transaction: Transaction, task_id: str, money: Came | None, who: str) -> None:
    """A person read the terminal's journal: this was charged, or (None) nothing. Raises Refused."""
    task = _task(transaction, task_id, TaskKind.CARD)
    intent = _intent(transaction, task["intent_id"])
    cards.said_by_a_person(
        house,
        transaction,
        intent,
        charged=0 if money is None else money.amount,
        reference="" if money is None else money.reference,
        at=house.now(),
    )
    close_task(transaction, task_id, "not-charged" if money is None else "charged", who, house.now())


def explained(house: House, transaction: Transaction, task_id: str, who: str) -> None:
    """A difference with the provider's list that a person looked into. Raises Refused."""
    _task(transaction, task_id, TaskKind.MISSING, TaskKind.DIFFERENT)
    close_task(transaction, task_id, "explained", who, house.now())


def entered_by_hand(house: House, transaction: Transaction, task_id: str, who: str) -> None:
    """A payment that its bill's system did not take was entered there by a person. Raises Refused."""
    books.entered_by_hand(house, transaction, _task(transaction, task_id, TaskKind.HAND_OVER), who)


def back_to_payer(house: House, transaction: Transaction, task_id: str, who: str) -> None:
    """Money for a bill that did not need it any more: a refund is to be asked for. Raises Refused."""
    books.back_to_payer(house, transaction, _task(transaction, task_id, TaskKind.HAND_OVER), who)


def _task(transaction: Transaction, task_id: str, *kinds: TaskKind) -> RowMapping:
    task = transaction.one(select(cashier_tasks).where(cashier_tasks.c.id == task_id).with_for_update())
    if task is None or task["kind"] not in {kind.value for kind in kinds}:
        raise Refused(404, "There is no such task")
    if task["closed_at"] is not None:
        raise Refused(409, "The task is closed")
    if task["decision"] is not None:
        raise Refused(409, "A refund is asked for")
    return task


def _intent(transaction: Transaction, intent_id: str | None) -> RowMapping:
    row = transaction.one(select(payment_intents).where(payment_intents.c.id == intent_id))
    if row is None:
        raise Refused(404, "There is no such payment")
    locked_bill(transaction, row["bill_id"])
    return transaction.one(select(payment_intents).where(payment_intents.c.id == intent_id).with_for_update()) or row
