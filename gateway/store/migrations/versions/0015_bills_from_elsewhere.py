"""Bills from other systems, card attempts, refunds, errands about money."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0040"
branch_labels = None
depends_on = None

_FK = "fk_payment_intents_bill_id"


def upgrade() -> None:
    _bills()
    _intents()
    with op.batch_alter_table("bank_transactions") as batch_op:
        batch_op.add_column(sa.Column("account_id", sa.String(length=40), nullable=False, server_default="main"))
        batch_op.create_index(op.f("ix_bank_transactions_at"), ["at"])
    with op.batch_alter_table("cashier_tasks") as batch_op:
        batch_op.add_column(sa.Column("provider", sa.String(length=20)))
        batch_op.add_column(sa.Column("closed_by", sa.String(length=40)))
        batch_op.add_column(sa.Column("decision", sa.String(length=20)))
    by_code = "SELECT bill_id FROM payment_intents WHERE status IN ('paid', 'paid-late', 'overpaid')"
    op.execute(f"UPDATE bills SET paid_where = 'here' WHERE status = 'paid' AND id IN ({by_code})")  # noqa: S608
    op.execute("UPDATE bills SET paid_where = 'desk' WHERE status = 'paid' AND paid_where IS NULL")
    op.execute("UPDATE cashier_tasks SET provider = 'sepay' WHERE transaction_id IS NOT NULL")
    _new_tables()


def _bills() -> None:
    # A table that others point at cannot be made anew on SQLite: the pointer is taken off meanwhile.
    with op.batch_alter_table("payment_intents") as batch_op:
        batch_op.drop_constraint(op.f(_FK), type_="foreignkey")
    with op.batch_alter_table("bills") as batch_op:
        batch_op.alter_column("check_in_id", existing_type=sa.String(length=32), nullable=True)
        batch_op.alter_column("number", existing_type=sa.String(length=20), type_=sa.String(length=40))
        batch_op.add_column(sa.Column("source", sa.String(length=20), nullable=False, server_default="check-in"))
        batch_op.add_column(sa.Column("source_id", sa.String(length=80)))
        batch_op.add_column(sa.Column("source_version", sa.String(length=64)))
        batch_op.add_column(sa.Column("read_at", sa.DateTime()))
        batch_op.add_column(sa.Column("kind", sa.String(length=12), nullable=False, server_default="charge"))
        batch_op.add_column(sa.Column("person", sa.String(length=64)))
        batch_op.add_column(sa.Column("paid_where", sa.String(length=12)))
        batch_op.add_column(sa.Column("parts", sa.Text()))
        batch_op.add_column(sa.Column("sealed_details", sa.LargeBinary()))
        batch_op.add_column(sa.Column("invoice", sa.Text()))
        batch_op.drop_constraint(op.f("uq_bills_number"), type_="unique")
        batch_op.create_unique_constraint(op.f("uq_bills_source_number"), ["source", "number"])
        batch_op.create_unique_constraint(op.f("uq_bills_source_id"), ["source", "source_id"])
        batch_op.create_index(op.f("ix_bills_person"), ["person"])
    op.create_table(
        "bill_views",
        sa.Column("bill_id", sa.String(length=32), nullable=False),
        sa.Column("kiosk_id", sa.String(length=32), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("details", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["bill_id"], ["bills.id"], name=op.f("fk_bill_views_bill_id")),
        sa.PrimaryKeyConstraint("bill_id", "kiosk_id", name=op.f("pk_bill_views")),
    )
    op.create_index(op.f("ix_bill_views_until"), "bill_views", ["until"])


def _intents() -> None:
    with op.batch_alter_table("payment_intents") as batch_op:
        batch_op.create_foreign_key(op.f(_FK), "bills", ["bill_id"], ["id"])
        batch_op.add_column(sa.Column("method", sa.String(length=8), nullable=False, server_default="qr"))
        batch_op.add_column(sa.Column("account_id", sa.String(length=40), nullable=False, server_default="main"))
        batch_op.add_column(sa.Column("part", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("parts", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("ended", sa.String(length=20)))
        batch_op.add_column(sa.Column("account_name", sa.String(length=100), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("account_last4", sa.String(length=4), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("bank_bin", sa.String(length=6), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("order_code", sa.BigInteger()))
        batch_op.add_column(sa.Column("order_state", sa.String(length=8), nullable=False, server_default="none"))
        batch_op.add_column(sa.Column("reserved", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_unique_constraint(op.f("uq_payment_intents_order_code"), ["order_code"])


def _new_tables() -> None:
    op.create_table(
        "card_attempts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("intent_id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=10), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False, server_default=""),
        sa.Column("approval_code", sa.String(length=12), nullable=False, server_default=""),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime()),
        sa.ForeignKeyConstraint(["intent_id"], ["payment_intents.id"], name=op.f("fk_card_attempts_intent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_attempts")),
        sa.UniqueConstraint("service_id", name=op.f("uq_card_attempts_service_id")),
    )
    op.create_index(op.f("ix_card_attempts_intent_id"), "card_attempts", ["intent_id"])
    op.create_index(
        "ix_card_attempts_one_open",
        "card_attempts",
        ["intent_id"],
        unique=True,
        sqlite_where=sa.text("open = 1"),
        postgresql_where=sa.text("open"),
    )
    op.create_table(
        "refunds",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("task_id", sa.String(length=32), nullable=False),
        sa.Column("intent_id", sa.String(length=32)),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("sealed_reason", sa.LargeBinary(), nullable=False),
        sa.Column("requested_by", sa.String(length=40), nullable=False),
        sa.Column("requested_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by", sa.String(length=40)),
        sa.Column("decided_at", sa.DateTime()),
        sa.Column("done_by", sa.String(length=40)),
        sa.Column("done_at", sa.DateTime()),
        sa.Column("sealed_evidence", sa.LargeBinary()),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> requested_by", name=op.f("ck_refunds_another_person")),
        sa.ForeignKeyConstraint(["task_id"], ["cashier_tasks.id"], name=op.f("fk_refunds_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
        sa.UniqueConstraint("number", name=op.f("uq_refunds_number")),
    )
    op.create_index(op.f("ix_refunds_intent_id"), "refunds", ["intent_id"])
    op.create_index(
        "ix_refunds_one_of_a_task",
        "refunds",
        ["task_id"],
        unique=True,
        sqlite_where=sa.text("status <> 'refused'"),
        postgresql_where=sa.text("status <> 'refused'"),
    )
    op.create_table(
        "payment_errands",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("target", sa.String(length=32), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("next_at", sa.DateTime()),
        sa.Column("claimed_until", sa.DateTime()),
        sa.Column("begun", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("state", sa.String(length=8), nullable=False, server_default="due"),
        sa.Column("failure", sa.String(length=60)),
        sa.Column("failing_since", sa.DateTime()),
        sa.Column("done_at", sa.DateTime()),
        sa.Column("their_number", sa.String(length=64)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_errands")),
        sa.UniqueConstraint("kind", "target", name=op.f("uq_payment_errands_kind_target")),
    )
    op.create_index(op.f("ix_payment_errands_next_at"), "payment_errands", ["next_at"])


def downgrade() -> None:
    for table in ("payment_errands", "refunds", "card_attempts", "bill_views"):
        op.drop_table(table)
    with op.batch_alter_table("cashier_tasks") as batch_op:
        for name in ("decision", "closed_by", "provider"):
            batch_op.drop_column(name)
    with op.batch_alter_table("bank_transactions") as batch_op:
        batch_op.drop_index(op.f("ix_bank_transactions_at"))
        batch_op.drop_column("account_id")
    with op.batch_alter_table("payment_intents") as batch_op:
        batch_op.drop_constraint(op.f(_FK), type_="foreignkey")
        batch_op.drop_constraint(op.f("uq_payment_intents_order_code"), type_="unique")
        for name in ("reserved", "order_state", "order_code", "bank_bin", "account_last4", "account_name", "ended"):
            batch_op.drop_column(name)
        for name in ("parts", "part", "account_id", "method"):
            batch_op.drop_column(name)
    op.execute("DELETE FROM payment_intents WHERE bill_id IN (SELECT id FROM bills WHERE check_in_id IS NULL)")
    op.execute("DELETE FROM bills WHERE check_in_id IS NULL")
    with op.batch_alter_table("bills") as batch_op:
        batch_op.drop_index(op.f("ix_bills_person"))
        batch_op.drop_constraint(op.f("uq_bills_source_id"), type_="unique")
        batch_op.drop_constraint(op.f("uq_bills_source_number"), type_="unique")
        batch_op.create_unique_constraint(op.f("uq_bills_number"), ["number"])
        for name in ("invoice", "sealed_details", "parts", "paid_where", "person", "kind", "read_at", "source_version"):
            batch_op.drop_column(name)
        batch_op.drop_column("source_id")
        batch_op.drop_column("source")
        batch_op.alter_column("number", existing_type=sa.String(length=40), type_=sa.String(length=20))
        batch_op.alter_column("check_in_id", existing_type=sa.String(length=32), nullable=False)
    with op.batch_alter_table("payment_intents") as batch_op:
        batch_op.create_foreign_key(op.f(_FK), "bills", ["bill_id"], ["id"])
