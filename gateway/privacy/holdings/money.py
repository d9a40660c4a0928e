"""Money: bills, payments and movements are accounting vouchers; the text of a transfer is not."""

from __future__ import annotations

from gateway.privacy.holding import DataClass, Deletion, Holding, Rule, Stripping, Through
from gateway.privacy.holdings.parts import VOUCHER, as_text, nothing, of_check_in
from gateway.store import tables as t

_OF_INTENT = ((t.bank_transactions.c.intent_id, t.payment_intents.c.id),)

HOLDINGS = (
    Holding(
        t.bills,
        "what is owed for a visit",
        rules=(Rule(DataClass.PAYMENT, t.bills.c.created_at, Deletion()),),
        reach=(of_check_in(t.bills),),
        export=("number", "amount", "status", "created_at", "paid_at"),
        erasure=VOUCHER,
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
        t.cashier_tasks,
        "money that a person at the cashier decides about",
        rules=(Rule(DataClass.PAYMENT, t.cashier_tasks.c.opened_at, Deletion()),),
        reach=(Through(((t.cashier_tasks.c.intent_id, t.payment_intents.c.id),)),),
        export=("kind", "amount", "opened_at", "closed_at"),
        erasure=VOUCHER,
    ),
)
