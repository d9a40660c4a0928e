"""Money: bills, payments and movements are accounting vouchers; the text of a transfer is not."""

from __future__ import annotations

from gateway.privacy.holding import ByHash, DataClass, Deletion, Holding, Rule, Stripping, Through, no_personal_data
from gateway.privacy.holdings.parts import VOUCHER, as_json, as_text, nothing, of_check_in
from gateway.store import tables as t

_OF_INTENT = ((t.bank_transactions.c.intent_id, t.payment_intents.c.id),)

HOLDINGS = (
    Holding(
        t.bills,
        "what is owed for a visit",
        rules=(Rule(DataClass.PAYMENT, t.bills.c.created_at, Deletion()),),
        reach=(of_check_in(t.bills), ByHash(t.bills.c.person, "person")),
        export=("number", "kind", "amount", "status", "created_at", "paid_at", "invoice"),
        sealed={"sealed_details": as_json},
        erasure=VOUCHER,
    ),
    no_personal_data(
        t.bill_views,
        "which kiosk may ask for a bill it found, for minutes",
        Rule(DataClass.SESSION, t.bill_views.c.until, Deletion()),
    ),
    Holding(
        t.payment_intents,
        "payment codes and what came of them",
        rules=(
            Rule(
                DataClass.PAYMENT, t.bills.c.created_at, Deletion(), through=(t.payment_intents.c.bill_id, t.bills.c.id)
            ),
        ),
        reach=(Through(((t.payment_intents.c.bill_id, t.bills.c.id),)),),
        export=("status", "amount", "amount_paid", "purpose", "created_at", "paid_at"),
        erasure=VOUCHER,
    ),
    Holding(
        t.bank_transactions,
        "money that came: the text of the transfer may name who paid",
        rules=(
            Rule(
                DataClass.PAYER,
                t.bank_transactions.c.received_at,
                Stripping({"sealed_content": nothing, "stripped": True}),
                where=t.bank_transactions.c.stripped.is_(False),
            ),
            Rule(DataClass.PAYMENT, t.bank_transactions.c.received_at, Deletion()),
        ),
        reach=(Through(_OF_INTENT),),
        export=("provider", "provider_id", "amount", "at", "reference"),
        sealed={"sealed_content": as_text},
        erasure=Stripping({"sealed_content": nothing, "stripped": True}),
    ),
    Holding(
        t.card_attempts,
        "attempts at card terminals: the acquirer's references, never a card",
        rules=(
            Rule(
                DataClass.PAYMENT,
                t.payment_intents.c.created_at,
                Deletion(),
                through=(t.card_attempts.c.intent_id, t.payment_intents.c.id),
            ),
        ),
        reach=(Through(((t.card_attempts.c.intent_id, t.payment_intents.c.id),)),),
        export=("amount", "outcome", "reference", "approval_code", "started_at", "ended_at"),
        erasure=VOUCHER,
    ),
    no_personal_data(
        t.card_duties,
        "what card terminals were asked beside purchases: reversals, closed batches",
        Rule(DataClass.PAYMENT, t.card_duties.c.asked_at, Deletion()),
    ),
    Holding(
        t.refunds,
        "money that goes back: who asked, who approved, with which proof",
        rules=(
            Rule(
                DataClass.PAYMENT,
                t.cashier_tasks.c.opened_at,
                Deletion(),
                through=(t.refunds.c.task_id, t.cashier_tasks.c.id),
            ),
        ),
        reach=(Through(((t.refunds.c.intent_id, t.payment_intents.c.id),)),),
        export=("number", "amount", "status", "requested_at", "decided_at", "done_at"),
        sealed={"sealed_reason": as_text, "sealed_evidence": as_text},
        erasure=VOUCHER,
    ),
    no_personal_data(
        t.payment_errands,
        "what other systems have still to be told about money, without a fact of it",
        Rule(DataClass.PAYMENT, t.payment_errands.c.opened_at, Deletion()),
    ),
    Holding(
        t.cashier_tasks,
        "money that a person at the cashier decides about",
        rules=(Rule(DataClass.PAYMENT, t.cashier_tasks.c.opened_at, Deletion()),),
        reach=(Through(((t.cashier_tasks.c.intent_id, t.payment_intents.c.id),)),),
        export=("kind", "amount", "opened_at", "closed_at"),
        erasure=VOUCHER,
    ),
)
