"""Attempts at a card terminal. The kiosk drives it; the intent, the attempts and their outcome live here.

An attempt is kept before the terminal is told. Until it has an outcome there is no second: a lost answer is resolved by
the terminal's status, or by a person who reads its journal. No card number ever comes here.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import RowMapping, insert, select, update

from gateway.house import House, new_id
from gateway.payments.bills import end, has_open_attempt, set_status
from gateway.payments.money import take
from gateway.payments.provider import Money
from gateway.payments.states import OPEN, may_become
from gateway.payments.tasks import TaskKind, settle_by_itself
from gateway.problems import Refused
from gateway.store.database import Transaction
from gateway.store.tables import card_attempts, payment_intents
from services.contract.models import CardOutcome, CardResult, EndReason, PaymentMethod, PaymentStatus
from services.contract.problem_codes import CARD_UNRESOLVED

PROVIDER = "card"
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_NO_MONEY = {CardOutcome.DECLINED, CardOutcome.ABORTED, CardOutcome.NOT_FOUND, CardOutcome.REVERSED}
_OPEN = {CardOutcome.STARTED, CardOutcome.UNKNOWN}


def begin(house: House, transaction: Transaction, intent: RowMapping) -> RowMapping:
    """A new attempt for what is still missing. Raises Refused."""
    if intent["method"] != PaymentMethod.CARD.value:
        raise Refused(422, "This payment is not by card")
    if has_open_attempt(transaction, intent["id"]):
        raise Refused(422, "An attempt has no outcome yet: ask its status", code=CARD_UNRESOLVED)
    if not intent["live"] or intent["expires_at"] <= house.now():
        raise Refused(422, f"The payment is {intent['status']}")
    attempt_id = new_id()
    transaction.execute(
        insert(card_attempts).values(
            id=attempt_id,
            intent_id=intent["id"],
            service_id="".join(secrets.choice(LETTERS) for _ in range(10)),
            amount=intent["amount"] - intent["amount_paid"],
            outcome=CardOutcome.STARTED.value,
            open=True,
            started_at=house.now(),
        )
    )
    # Shown is shown: people stand at the terminal now.
    status = PaymentStatus(intent["status"])
    set_status(transaction, intent, PaymentStatus.QR_SHOWN if status is PaymentStatus.CREATED else status)
    return attempt_of(transaction, intent["id"], attempt_id)


def attempt_of(transaction: Transaction, intent_id: str, attempt_id: str) -> RowMapping:
    """An attempt of an intent. Raises Refused 404."""
    mine = card_attempts.c.id == attempt_id, card_attempts.c.intent_id == intent_id
    row = transaction.one(select(card_attempts).where(*mine).with_for_update())
    if row is None:
        raise Refused(404, "There is no such attempt")
    return row


def resolve(
    house: House, transaction: Transaction, intent: RowMapping, attempt: RowMapping, result: CardResult
) -> None:
    """What the terminal said. Said twice, it counts once; an outcome is never taken back. Raises Refused."""
    if result.outcome is CardOutcome.STARTED:
        raise Refused(422, "That is no outcome")
    if not attempt["open"]:
        if attempt["outcome"] != result.outcome.value:
            raise Refused(422, "The attempt has another outcome", detail=attempt["outcome"])
        return
    if result.outcome is CardOutcome.UNKNOWN:
        _nobody_knows(house, transaction, intent, attempt)
        return
    if result.outcome is CardOutcome.APPROVED and (not result.reference or not result.amount):
        raise Refused(422, "An approval needs its reference and amount")
    transaction.execute(
        update(card_attempts)
        .where(card_attempts.c.id == attempt["id"])
        .values(
            outcome=result.outcome.value,
            amount=result.amount if result.outcome is CardOutcome.APPROVED else attempt["amount"],
            open=False,
            reference=result.reference,
            approval_code=result.approval_code,
            ended_at=house.now(),
        )
    )
    if result.outcome is CardOutcome.APPROVED:
        _charged(house, transaction, intent, attempt, result)
    elif result.outcome in _NO_MONEY:
        _not_charged(house, transaction, intent)


def _charged(
    house: House, transaction: Transaction, intent: RowMapping, attempt: RowMapping, result: CardResult
) -> None:
    account = house.settings.account(intent["account_id"])
    assert account is not None and result.amount is not None  # noqa: S101 - the intent was made for it; asked above
    money = Money(
        provider=PROVIDER,
        id=f"{attempt['service_id']}-{result.reference}"[:64],
        account=account.account,
        amount=result.amount,
        incoming=True,
        content=intent["purpose"],
        reference=result.reference,
        at=min(result.at, house.now()),
    )
    take(house, transaction, money, "terminal", intent["account_id"])


def _not_charged(house: House, transaction: Transaction, intent: RowMapping) -> None:
    """Another attempt may be made while the intent lives; one that was closed in doubt is closed for good."""
    settle_by_itself(transaction, intent["id"], house.now(), TaskKind.CARD)
    status = PaymentStatus(intent["status"])
    if status is PaymentStatus.UNKNOWN and may_become(status, PaymentStatus.FAILED):
        set_status(transaction, intent, PaymentStatus.FAILED, ended=EndReason.DECLINED.value)
    else:
        set_status(transaction, intent, status)


def _nobody_knows(house: House, transaction: Transaction, intent: RowMapping, attempt: RowMapping) -> None:
    unknown = update(card_attempts).where(card_attempts.c.id == attempt["id"])
    transaction.execute(unknown.values(outcome=CardOutcome.UNKNOWN.value))
    if PaymentStatus(intent["status"]) in OPEN:
        end(house, transaction, intent, PaymentStatus.UNKNOWN, EndReason.NO_ANSWER)
    else:
        set_status(transaction, intent, PaymentStatus(intent["status"]))


def said_by_a_person(
    house: House, transaction: Transaction, intent: RowMapping, *, charged: int, reference: str, at: datetime
) -> None:
    """A person read the terminal's journal. `charged`: đồng, 0 for nothing. Raises Refused when nothing was open."""
    row = transaction.one(
        select(card_attempts).where(card_attempts.c.intent_id == intent["id"], card_attempts.c.open).with_for_update()
    )
    if row is None:
        raise Refused(409, "Every attempt has an outcome")
    outcome = CardOutcome.APPROVED if charged else CardOutcome.NOT_FOUND
    fresh = transaction.one(select(payment_intents).where(payment_intents.c.id == intent["id"])) or intent
    result = CardResult(outcome=outcome, reference=reference, amount=charged or None, at=at)
    resolve(house, transaction, fresh, row, result)
