"""What a card terminal is asked to do beside purchases: take one of today's back, close its batch in the evening.

The gateway asks, the kiosk beside the terminal does it when nobody pays, and says what became of it. A duty is written
down as begun before the terminal is told; what nobody can tell then is for a person, as with a purchase.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import RowMapping, exists, func, insert, select, update

from gateway.clock import PLACE, day_of
from gateway.fleet.kiosks import Kiosk
from gateway.house import House, new_id
from gateway.payments import refunds as refund_book
from gateway.payments.cards import LETTERS
from gateway.payments.refunds import RefundStatus
from gateway.payments.tasks import MONEY_TOPIC
from gateway.problems import Refused
from gateway.store.database import Transaction
from gateway.store.tables import card_attempts, card_duties, kiosks, payment_intents, refunds
from services.contract.models import CardDutyKind, CardDutyOutcome, CardDutyResult, CardOutcome, PaymentMethod

log = logging.getLogger(__name__)

WAITING, DONE = "waiting", CardDutyOutcome.DONE.value
_BATCHES = "card batches"
"""Two processes, or two cashiers, never ask one terminal twice."""
_REVERSE, _CLOSE = CardDutyKind.REVERSE.value, CardDutyKind.CLOSE_BATCH.value
_TOLD_AT = func.coalesce(card_duties.c.begun_at, card_duties.c.ended_at)
"""When the terminal was told to close: purchases that began before are in that batch, whenever their outcome is known.
A terminal does one thing at a time."""


@dataclass(frozen=True)
class Batch:
    """A closing of a kiosk's terminal. `ours`, `theirs`: what the batch's purchases left after what was taken back."""

    kiosk: str
    service_id: str
    asked_at: datetime
    closed_at: datetime | None
    outcome: str
    ours: int
    theirs: int | None


# --- what is asked for --------------------------------------------------------------------------------------------


def may_reverse(house: House, transaction: Transaction, refund: RowMapping) -> bool:
    """Whether a refund is the whole of a card purchase of today whose terminal was not asked yet."""
    attempt = _charged(transaction, refund)
    if attempt is None or day_of(attempt["ended_at"]) != day_of(house.now()):
        return False
    return reversal_of(transaction, refund["id"]) is None and not _closed_since(transaction, attempt)


def ask_reversal(house: House, transaction: Transaction, refund_id: str, who: str) -> None:
    """An approved refund of a card purchase of today is taken back by the terminal it was made at. Raises Refused."""
    refund = transaction.one(select(refunds).where(refunds.c.id == refund_id).with_for_update())
    if refund is None:
        raise Refused(404, "There is no such refund")
    attempt = _charged(transaction, refund)
    if refund["status"] != RefundStatus.APPROVED.value or reversal_of(transaction, refund_id) is not None:
        raise Refused(409, "The refund is not waiting for this")
    if attempt is None or not may_reverse(house, transaction, refund):
        raise Refused(422, "Only a whole card purchase of the open batch can be taken back at the terminal")
    _ask(house, transaction, attempt["kiosk_id"], _REVERSE, who, attempt_id=attempt["id"], refund_id=refund_id)


def done_by_hand(house: House, transaction: Transaction, refund_id: str, who: str, evidence: str) -> None:
    """The money is back another way; not while the terminal may still take it back. Raises Refused."""
    transaction.one(select(refunds.c.id).where(refunds.c.id == refund_id).with_for_update())
    if reversal_of(transaction, refund_id) == WAITING:
        raise Refused(409, "The card terminal is asked to take it back: wait for what it says")
    refund_book.done(house, transaction, refund_id, who, evidence)


def ask_closing(house: House, transaction: Transaction, who: str) -> int:
    """Every terminal that charged since its last closing shall close its batch; how many were asked.

    A closing of which nobody knows does not count: this is the wish of a person who may have looked.
    """
    transaction.lock(_BATCHES)
    some = _to_close(transaction, certain=True)
    for kiosk_id in some:
        _ask(house, transaction, kiosk_id, _CLOSE, who)
    return len(some)


def close_in_the_evening(house: House) -> None:
    """At the place's hour, once a day for each terminal."""
    hour, now = house.settings.payments.card_batch_at, house.now()
    if hour is None or now.astimezone(PLACE).time() < hour:
        return
    evening = datetime.combine(day_of(now), hour, PLACE)
    with house.store.write() as transaction:
        transaction.lock(_BATCHES)
        asked = select(card_duties.c.kiosk_id).where(card_duties.c.kind == _CLOSE, card_duties.c.asked_at >= evening)
        already = {row["kiosk_id"] for row in transaction.all(asked)}
        for kiosk_id in _to_close(transaction):
            if kiosk_id not in already:
                _ask(house, transaction, kiosk_id, _CLOSE, "-")


def _ask(house: House, transaction: Transaction, kiosk_id: str, kind: str, who: str, **values: str) -> None:
    transaction.execute(
        insert(card_duties).values(
            id=new_id(),
            kiosk_id=kiosk_id,
            kind=kind,
            service_id="".join(secrets.choice(LETTERS) for _ in range(10)),
            outcome=WAITING,
            asked_by=who,
            asked_at=house.now(),
            **values,
        )
    )
    transaction.announce(MONEY_TOPIC)


def _charged(transaction: Transaction, refund: RowMapping) -> RowMapping | None:
    """The one approved purchase whose whole amount goes back."""
    rows = transaction.all(
        select(card_attempts, payment_intents.c.kiosk_id)
        .join(payment_intents, payment_intents.c.id == card_attempts.c.intent_id)
        .where(
            payment_intents.c.id == refund["intent_id"],
            payment_intents.c.method == PaymentMethod.CARD.value,
            card_attempts.c.outcome == CardOutcome.APPROVED.value,
        )
    )
    return rows[0] if len(rows) == 1 and rows[0]["amount"] == refund["amount"] else None


def _closed_since(transaction: Transaction, attempt: RowMapping) -> bool:
    last = _closings(transaction, attempt["kiosk_id"])[0]
    return last is not None and last >= attempt["started_at"]


def _closings(transaction: Transaction, kiosk_id: str, before: datetime | None = None) -> list[datetime | None]:
    """When the batch was, or may have been, closed: the newest first, back to the last that the terminal said it did.
    None stands for the first batch of all."""
    mine = card_duties.c.kiosk_id == kiosk_id, card_duties.c.kind == _CLOSE, card_duties.c.ended_at.is_not(None)
    counts = card_duties.c.outcome.in_([DONE, CardDutyOutcome.UNKNOWN.value])
    told = _TOLD_AT
    rows = select(card_duties.c.outcome, told.label("told")).where(*mine, counts).order_by(told.desc())
    found = list[datetime | None]()
    for row in transaction.all(rows if before is None else rows.where(told < before)):
        found.append(row["told"])
        if row["outcome"] == DONE:
            return found
    return [*found, None]


def _last_certain(transaction: Transaction, kiosk_id: str) -> datetime | None:
    mine = card_duties.c.kiosk_id == kiosk_id, card_duties.c.kind == _CLOSE, card_duties.c.outcome == DONE
    row = transaction.one(select(func.max(_TOLD_AT).label("last")).where(*mine))
    return None if row is None else row["last"]


def _to_close(transaction: Transaction, *, certain: bool = False) -> list[str]:
    """Kiosks whose terminal charged since its last closing, and was not asked to close yet. `certain`: since the last
    of which the terminal said that it did it."""
    charged = transaction.all(
        select(payment_intents.c.kiosk_id, func.max(card_attempts.c.started_at).label("last"))
        .join(payment_intents, payment_intents.c.id == card_attempts.c.intent_id)
        .where(card_attempts.c.outcome == CardOutcome.APPROVED.value)
        .group_by(payment_intents.c.kiosk_id)
    )
    asked = select(card_duties.c.kiosk_id).where(card_duties.c.kind == _CLOSE, card_duties.c.outcome == WAITING)
    waiting = {row["kiosk_id"] for row in transaction.all(asked)}
    found = list[str]()
    for row in charged:
        id = row["kiosk_id"]
        closed = _last_certain(transaction, id) if certain else _closings(transaction, id)[0]
        if id not in waiting and (closed is None or closed < row["last"]):
            found.append(id)
    return found


# --- what the kiosk beside the terminal gets and says -------------------------------------------------------------


def of_kiosk(transaction: Transaction, kiosk: Kiosk) -> Sequence[RowMapping]:
    """What waits for its terminal: money that goes back before the batch that it is in is closed."""
    return transaction.all(
        select(card_duties, card_attempts.c.intent_id, card_attempts.c.service_id.label("purchase"),
               card_attempts.c.amount, card_attempts.c.started_at, card_attempts.c.outcome.label("purchase_outcome"))
        .outerjoin(card_attempts, card_attempts.c.id == card_duties.c.attempt_id)
        .where(card_duties.c.kiosk_id == kiosk.id, card_duties.c.outcome == WAITING)
        .order_by(card_duties.c.kind.desc(), card_duties.c.asked_at)
    )  # fmt: skip


def note(house: House, transaction: Transaction, kiosk: Kiosk, duty_id: str, result: CardDutyResult) -> None:
    """What became of a duty; said twice, it counts once. Raises Refused."""
    mine = card_duties.c.id == duty_id, card_duties.c.kiosk_id == kiosk.id
    duty = transaction.one(select(card_duties).where(*mine).with_for_update())
    if duty is None:
        raise Refused(404, "There is no such duty")
    if duty["outcome"] != WAITING:
        return
    changed = update(card_duties).where(card_duties.c.id == duty_id)
    if result.outcome is CardDutyOutcome.BEGUN:
        transaction.execute(changed.values(begun=True, begun_at=house.now()))
        return
    transaction.execute(
        changed.values(
            outcome=result.outcome.value,
            ended_at=house.now(),
            reference=result.reference,
            net=None if result.purchased is None or result.reversed is None else result.purchased - result.reversed,
        )
    )
    if result.outcome is CardDutyOutcome.DONE and duty["refund_id"] is not None:
        refund = transaction.one(select(refunds.c.status).where(refunds.c.id == duty["refund_id"]))
        if refund is not None and refund["status"] == RefundStatus.APPROVED.value:
            evidence = result.reference or duty["service_id"]
            refund_book.done(house, transaction, duty["refund_id"], duty["asked_by"], evidence)
        else:
            log.error("a card terminal took back money of a refund that was not waiting: %s", duty["refund_id"])
    transaction.announce(MONEY_TOPIC)


# --- what pages and reports show ----------------------------------------------------------------------------------


def reversal_of(transaction: Transaction, refund_id: str) -> str | None:
    """How the terminal stands with a refund: waiting, or an outcome; None when it was not asked."""
    row = transaction.one(select(card_duties.c.outcome).where(card_duties.c.refund_id == refund_id).limit(1))
    return None if row is None else str(row["outcome"])


def batches(transaction: Transaction, start: datetime) -> list[Batch]:
    """Closings that were asked for on the day that begins at `start`, with what was counted here for each."""
    rows = transaction.all(
        select(card_duties, kiosks.c.letter)
        .outerjoin(kiosks, kiosks.c.id == card_duties.c.kiosk_id)
        .where(card_duties.c.kind == _CLOSE, card_duties.c.asked_at.between(start, start + timedelta(days=1)))
        .order_by(card_duties.c.asked_at)
    )
    return [
        Batch(
            kiosk=row["letter"] or "",
            service_id=row["service_id"],
            asked_at=row["asked_at"],
            closed_at=row["ended_at"],
            outcome=row["outcome"],
            ours=_ours(transaction, row),
            theirs=row["net"],
        )
        for row in rows
    ]


def _ours(transaction: Transaction, closing: RowMapping) -> int:
    """Purchases since the closing before, without those the terminal took back.

    Whether a closing of which nobody knows happened shows in the next one's sum: else that holds what was bought
    before it too.
    """
    until = None if closing["outcome"] == WAITING else closing["begun_at"] or closing["ended_at"]
    before = _closings(transaction, closing["kiosk_id"], before=until)
    sums = [_counted(transaction, closing["kiosk_id"], since, until) for since in before]
    return next((each for each in sums if each == closing["net"]), sums[0])


def _counted(transaction: Transaction, kiosk_id: str, since: datetime | None, until: datetime | None) -> int:
    """What the purchases that began in a span left."""
    taken_back = exists().where(
        card_duties.c.attempt_id == card_attempts.c.id, card_duties.c.kind == _REVERSE, card_duties.c.outcome == DONE
    )
    bought = (
        select(func.coalesce(func.sum(card_attempts.c.amount), 0).label("sum"))
        .join(payment_intents, payment_intents.c.id == card_attempts.c.intent_id)
        .where(
            payment_intents.c.kiosk_id == kiosk_id, card_attempts.c.outcome == CardOutcome.APPROVED.value, ~taken_back
        )
    )
    if since is not None:
        bought = bought.where(card_attempts.c.started_at > since)
    if until is not None:
        bought = bought.where(card_attempts.c.started_at <= until)
    row = transaction.one(bought)
    return int(0 if row is None else row["sum"])


def midnight(house: House) -> datetime:
    """When the place's day began."""
    return datetime.combine(day_of(house.now()), time(), PLACE)
