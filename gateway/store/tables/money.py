"""Bills, intents, bank transactions, refunds and the cashier's tasks."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from gateway.store.tables.base import Moment, identifier, metadata

counters = Table(
    "counters",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("value", Integer, nullable=False),
)

bills = Table(
    "bills",
    metadata,
    identifier(),
    Column("number", String(40), nullable=False),
    # None: the bill is not the gateway's own; `source` and `source_id` say whose.
    Column("check_in_id", String(32), unique=True),
    Column("source", String(20), nullable=False, server_default="check-in"),
    Column("source_id", String(80)),
    # As the source last told it: a bill of another version has changed.
    Column("source_version", String(64)),
    Column("read_at", Moment),
    Column("kind", String(12), nullable=False, server_default="charge"),
    # Keyed hash of the proven person it was found for.
    Column("person", String(64), index=True),
    Column("amount", BigInteger, nullable=False),
    Column("status", String(12), nullable=False),
    # here, desk or elsewhere.
    Column("paid_where", String(12)),
    Column("created_at", Moment, nullable=False),
    # By the system it came from.
    Column("issued_at", Moment),
    Column("paid_at", Moment),
    # Which account gets how much, JSON; none: all goes into the main account.
    Column("parts", Text),
    # Title, lines, sums (gateway.payments.lines).
    Column("sealed_details", LargeBinary),
    # Number and look-up code of the e-invoice, JSON.
    Column("invoice", Text),
    UniqueConstraint("source", "number", name="uq_bills_source_number"),
    UniqueConstraint("source", "source_id", name="uq_bills_source_id"),
)

bill_views = Table(
    "bill_views",
    metadata,
    Column("bill_id", String(32), ForeignKey("bills.id"), primary_key=True),
    Column("kiosk_id", String(32), primary_key=True),
    Column("until", Moment, nullable=False, index=True),
    # Whether this kiosk may show the lines, or only what stands on the paper.
    Column("details", Boolean, nullable=False),
)

payment_intents = Table(
    "payment_intents",
    metadata,
    identifier(),
    Column("bill_id", String(32), ForeignKey("bills.id"), nullable=False, index=True),
    Column("kiosk_id", String(32), nullable=False),
    Column("method", String(8), nullable=False, server_default="qr"),
    # The beneficiary's account in the settings.
    Column("account_id", String(40), nullable=False, server_default="main"),
    Column("part", Integer, nullable=False, server_default="1"),
    Column("parts", Integer, nullable=False, server_default="1"),
    Column("status", String(20), nullable=False),
    Column("live", Boolean, nullable=False),
    # Why it ended (services.contract.models.EndReason).
    Column("ended", String(20)),
    Column("amount", BigInteger, nullable=False),
    Column("amount_paid", BigInteger, nullable=False),
    Column("purpose", String(19), nullable=False, unique=True),
    Column("payload", Text, nullable=False),
    # As the provider returned them with its code.
    Column("account_name", String(100), nullable=False, server_default=""),
    Column("account_last4", String(4), nullable=False, server_default=""),
    Column("bank_bin", String(6), nullable=False, server_default=""),
    # The order at a provider that keeps orders: its number, and none, wanted, made or closed.
    Column("order_code", BigInteger, unique=True),
    Column("order_state", String(8), nullable=False, server_default="none"),
    # The bill is held for this intent where it came from.
    Column("reserved", Boolean, nullable=False, server_default=false()),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("paid_at", Moment),
    Column("claimed_at", Moment),
    Column("next_query_at", Moment, index=True),
    Column("queries", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Index(
        "ix_payment_intents_one_live",
        "bill_id",
        unique=True,
        sqlite_where=text("live = 1"),
        postgresql_where=text("live"),
    ),
)

card_attempts = Table(
    "card_attempts",
    metadata,
    identifier(),
    Column("intent_id", String(32), ForeignKey("payment_intents.id"), nullable=False, index=True),
    # nexo ServiceID: the key of status, abort and reversal at the terminal.
    Column("service_id", String(10), nullable=False, unique=True),
    Column("amount", BigInteger, nullable=False),
    Column("outcome", String(12), nullable=False),
    # No outcome that says whether money moved.
    Column("open", Boolean, nullable=False),
    Column("reference", String(64), nullable=False, server_default=""),
    Column("approval_code", String(12), nullable=False, server_default=""),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Index(
        "ix_card_attempts_one_open",
        "intent_id",
        unique=True,
        sqlite_where=text("open = 1"),
        postgresql_where=text("open"),
    ),
)

bank_transactions = Table(
    "bank_transactions",
    metadata,
    Column("provider", String(20), primary_key=True),
    Column("provider_id", String(64), primary_key=True),
    Column("account_id", String(40), nullable=False, server_default="main"),
    Column("amount", BigInteger, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Column("received_at", Moment, nullable=False),
    Column("seen_by", String(10), nullable=False),
    Column("reference", String(64), nullable=False),
    Column("intent_id", String(32), index=True),
    Column("sealed_content", LargeBinary, nullable=False),
    Column("stripped", Boolean, nullable=False, server_default=false()),
)

cashier_tasks = Table(
    "cashier_tasks",
    metadata,
    identifier(),
    Column("kind", String(20), nullable=False),
    Column("intent_id", String(32)),
    Column("transaction_id", String(64)),
    Column("provider", String(20)),
    Column("amount", BigInteger, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("closed_by", String(40)),
    # What was decided: refund, attached, settled, not-charged…
    Column("decision", String(20)),
    Index(
        "ix_cashier_tasks_open",
        "opened_at",
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
)

refunds = Table(
    "refunds",
    metadata,
    identifier(),
    Column("number", String(12), nullable=False, unique=True),
    Column("task_id", String(32), ForeignKey("cashier_tasks.id"), nullable=False),
    Column("intent_id", String(32), index=True),
    Column("amount", BigInteger, nullable=False),
    # requested, approved, refused or done.
    Column("status", String(12), nullable=False),
    # Who writes a reason may name the payer.
    Column("sealed_reason", LargeBinary, nullable=False),
    Column("requested_by", String(40), nullable=False),
    Column("requested_at", Moment, nullable=False),
    Column("decided_by", String(40)),
    Column("decided_at", Moment),
    Column("done_by", String(40)),
    Column("done_at", Moment),
    # The bank's reference of the transfer back, or the number of the cash voucher.
    Column("sealed_evidence", LargeBinary),
    CheckConstraint("decided_by IS NULL OR decided_by <> requested_by", name="ck_refunds_another_person"),
    Index(
        "ix_refunds_one_of_a_task",
        "task_id",
        unique=True,
        sqlite_where=text("status <> 'refused'"),
        postgresql_where=text("status <> 'refused'"),
    ),
)

card_duties = Table(
    "card_duties",
    metadata,
    identifier(),
    # Beside whose terminal.
    Column("kiosk_id", String(32), nullable=False),
    # reverse or close-batch.
    Column("kind", String(12), nullable=False),
    Column("service_id", String(10), nullable=False, unique=True),
    # The purchase that is taken back, and the refund that it is.
    Column("attempt_id", String(32)),
    Column("refund_id", String(32), unique=True),
    # The terminal may have been told.
    Column("begun", Boolean, nullable=False, server_default=false()),
    Column("begun_at", Moment),
    # waiting, done, refused or unknown.
    Column("outcome", String(12), nullable=False),
    Column("reference", String(64), nullable=False, server_default=""),
    # Of a closed batch: purchases less what was taken back, as the terminal says.
    Column("net", BigInteger),
    Column("asked_by", String(40), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Index("ix_card_duties_kiosk_id", "kiosk_id", "outcome"),
)

payment_errands = Table(
    "payment_errands",
    metadata,
    # The key under which it is sent, always the same.
    identifier(),
    # hand-over, invoice, close-order or release.
    Column("kind", String(12), nullable=False),
    # The bill or the intent it is about.
    Column("target", String(32), nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("next_at", Moment, index=True),
    Column("claimed_until", Moment),
    Column("begun", Boolean, nullable=False, server_default=false()),
    Column("tries", Integer, nullable=False, server_default="0"),
    # due, done or refused.
    Column("state", String(8), nullable=False, server_default="due"),
    Column("failure", String(60)),
    Column("failing_since", Moment),
    Column("done_at", Moment),
    # Under which number the other side keeps it.
    Column("their_number", String(64)),
    UniqueConstraint("kind", "target"),
)
