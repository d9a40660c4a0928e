"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assertions",
        sa.Column("kiosk_id", sa.String(length=32), nullable=False),
        sa.Column("jti", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("kiosk_id", "jti", name=op.f("pk_assertions")),
    )
    with op.batch_alter_table("assertions", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_assertions_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "bank_transactions",
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("provider_id", sa.String(length=64), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("seen_by", sa.String(length=10), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("intent_id", sa.String(length=32), nullable=True),
        sa.Column("sealed_content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("provider", "provider_id", name=op.f("pk_bank_transactions")),
    )
    with op.batch_alter_table("bank_transactions", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_bank_transactions_intent_id"), ["intent_id"], unique=False)

    op.create_table(
        "bills",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("check_in_id", sa.String(length=32), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("paid_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bills")),
        sa.UniqueConstraint("check_in_id", name=op.f("uq_bills_check_in_id")),
        sa.UniqueConstraint("number", name=op.f("uq_bills_number")),
    )
    op.create_table(
        "cashier_tasks",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("intent_id", sa.String(length=32), nullable=True),
        sa.Column("transaction_id", sa.String(length=64), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cashier_tasks")),
    )
    with op.batch_alter_table("cashier_tasks", schema=None) as batch_op:
        batch_op.create_index(
            "ix_cashier_tasks_open",
            ["opened_at"],
            unique=False,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "check_ins",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kiosk_id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.Column("claimed_level", sa.String(length=20), nullable=False),
        sa.Column("verified_level", sa.String(length=20), nullable=False),
        sa.Column("evidence_reason", sa.String(length=200), nullable=False),
        sa.Column("priority", sa.String(length=20), nullable=False),
        sa.Column("priority_proven", sa.Boolean(), nullable=False),
        sa.Column("use_insurance", sa.Boolean(), nullable=False),
        sa.Column("insurance_pending", sa.Boolean(), nullable=False),
        sa.Column("insurance_failure", sa.String(length=10), nullable=True),
        sa.Column("insurance_failure_at", sa.DateTime(), nullable=True),
        sa.Column("eligibility_id", sa.String(length=32), nullable=True),
        sa.Column("sealed_registration", sa.LargeBinary(), nullable=False),
        sa.Column("slip_printed", sa.Boolean(), nullable=True),
        sa.Column("slip_code", sa.String(length=10), nullable=True),
        sa.Column("slip_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_ins")),
    )
    with op.batch_alter_table("check_ins", schema=None) as batch_op:
        batch_op.create_index("ix_check_ins_person", ["person", "clinic_id", "day"], unique=False)

    op.create_table(
        "counters",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
    )
    op.create_table(
        "early_writes",
        sa.Column("kiosk_id", sa.String(length=32), nullable=False),
        sa.Column("registration_key", sa.String(length=64), nullable=False),
        sa.Column("operation", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("kiosk_id", "registration_key", "operation", name=op.f("pk_early_writes")),
    )
    op.create_table(
        "enrolment_codes",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("letter", sa.String(length=1), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("used_by", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_enrolment_codes")),
    )
    op.create_table(
        "heartbeats",
        sa.Column("kiosk_id", sa.String(length=32), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kiosk_id", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "kiosks",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("letter", sa.String(length=1), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("own_name", sa.String(length=80), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosks")),
    )
    with op.batch_alter_table("kiosks", schema=None) as batch_op:
        batch_op.create_index(
            "ix_kiosks_live_letter",
            ["letter"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )

    op.create_table(
        "later_look_ups",
        sa.Column("check_in_id", sa.String(length=32), nullable=False),
        sa.Column("next_at", sa.DateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("check_in_id", name=op.f("pk_later_look_ups")),
    )
    with op.batch_alter_table("later_look_ups", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_later_look_ups_next_at"), ["next_at"], unique=False)

    op.create_table(
        "lease_uses",
        sa.Column("lease_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("lease_id", "number", name=op.f("pk_lease_uses")),
    )
    op.create_table(
        "leases",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kiosk_id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("letter", sa.String(length=1), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leases")),
        sa.UniqueConstraint("day", "clinic_id", "letter", "first", name=op.f("uq_leases_day_clinic_id_letter_first")),
        sa.UniqueConstraint("kiosk_id", "day", "clinic_id", name=op.f("uq_leases_kiosk_id_day_clinic_id")),
    )
    op.create_table(
        "login_failures",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_failures")),
    )
    with op.batch_alter_table("login_failures", schema=None) as batch_op:
        batch_op.create_index("ix_login_failures_name_at", ["name", "at"], unique=False)

    op.create_table(
        "look_ups",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kiosk_id", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("result", sa.String(length=20), nullable=True),
        sa.Column("result_code", sa.String(length=20), nullable=False),
        sa.Column("failure_code", sa.String(length=10), nullable=True),
        sa.Column("sealed_judgement", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_raw", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_ups")),
    )
    with op.batch_alter_table("look_ups", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_look_ups_asked_at"), ["asked_at"], unique=False)

    op.create_table(
        "nonces",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kiosk_id", sa.String(length=32), nullable=False),
        sa.Column("value", sa.String(length=16), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nonces")),
    )
    with op.batch_alter_table("nonces", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_nonces_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "operations",
        sa.Column("kiosk_id", sa.String(length=32), nullable=False),
        sa.Column("operation", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("sealed_answer", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("kiosk_id", "operation", "key", name=op.f("pk_operations")),
    )
    with op.batch_alter_table("operations", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_operations_began_at"), ["began_at"], unique=False)

    op.create_table(
        "queue_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("clinic_id", sa.String(length=40), nullable=False),
        sa.Column("last_priority", sa.Integer(), nullable=False),
        sa.Column("last_ordinary", sa.Integer(), nullable=False),
        sa.Column("waiting_priority", sa.Integer(), nullable=False),
        sa.Column("waiting_ordinary", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "clinic_id", name=op.f("pk_queue_days")),
    )
    op.create_table(
        "reconciliation",
        sa.Column("kiosk_id", sa.String(length=32), nullable=False),
        sa.Column("operation", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("sealed_body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("kiosk_id", "operation", "key", name=op.f("pk_reconciliation")),
    )
    op.create_table(
        "staff_accounts",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_staff_accounts")),
    )
    op.create_table(
        "staff_calls",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kiosk_id", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("called_at", sa.DateTime(), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=40), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_calls")),
    )
    with op.batch_alter_table("staff_calls", schema=None) as batch_op:
        batch_op.create_index(
            "ix_staff_calls_one_open",
            ["kiosk_id"],
            unique=True,
            sqlite_where=sa.text("open = 1"),
            postgresql_where=sa.text("open"),
        )

    op.create_table(
        "staff_sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_staff_sessions")),
    )
    with op.batch_alter_table("staff_sessions", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_staff_sessions_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "payment_intents",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("bill_id", sa.String(length=32), nullable=False),
        sa.Column("kiosk_id", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("amount_paid", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.String(length=19), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("paid_at", sa.DateTime(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(), nullable=True),
        sa.Column("next_query_at", sa.DateTime(), nullable=True),
        sa.Column("queries", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["bill_id"], ["bills.id"], name=op.f("fk_payment_intents_bill_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_intents")),
        sa.UniqueConstraint("purpose", name=op.f("uq_payment_intents_purpose")),
    )
    with op.batch_alter_table("payment_intents", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_payment_intents_bill_id"), ["bill_id"], unique=False)
        batch_op.create_index(op.f("ix_payment_intents_next_query_at"), ["next_query_at"], unique=False)
        batch_op.create_index(
            "ix_payment_intents_one_live",
            ["bill_id"],
            unique=True,
            sqlite_where=sa.text("live = 1"),
            postgresql_where=sa.text("live"),
        )

    op.create_table(
        "registrations",
        sa.Column("kiosk_id", sa.String(length=32), nullable=False),
        sa.Column("registration_key", sa.String(length=64), nullable=False),
        sa.Column("check_in_id", sa.String(length=32), nullable=False),
        sa.Column("first", sa.Boolean(), nullable=False),
        sa.Column("slip_token", sa.String(length=26), nullable=False),
        sa.Column("reprint_code", sa.String(length=9), nullable=False),
        sa.ForeignKeyConstraint(["check_in_id"], ["check_ins.id"], name=op.f("fk_registrations_check_in_id")),
        sa.PrimaryKeyConstraint("kiosk_id", "registration_key", name=op.f("pk_registrations")),
        sa.UniqueConstraint("slip_token", name=op.f("uq_registrations_slip_token")),
    )
    with op.batch_alter_table("registrations", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_registrations_check_in_id"), ["check_in_id"], unique=False)
        batch_op.create_index(op.f("ix_registrations_reprint_code"), ["reprint_code"], unique=False)

    op.create_table(
        "tickets",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("check_in_id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.String(length=10), nullable=False),
        sa.Column("series", sa.String(length=1), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("issued_at", sa.DateTime(), nullable=False),
        sa.Column("waiting_ahead", sa.Integer(), nullable=True),
        sa.Column("expected_at", sa.DateTime(), nullable=True),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["check_in_id"], ["check_ins.id"], name=op.f("fk_tickets_check_in_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
        sa.UniqueConstraint("day", "clinic_id", "number", name=op.f("uq_tickets_day_clinic_id_number")),
    )
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_tickets_check_in_id"), ["check_in_id"], unique=False)
        batch_op.create_index("ix_tickets_day_issued", ["day", "issued_at"], unique=False)


def downgrade() -> None:
    for table in (
        "tickets",
        "registrations",
        "payment_intents",
        "staff_sessions",
        "staff_calls",
        "staff_accounts",
        "reconciliation",
        "queue_days",
        "operations",
        "nonces",
        "look_ups",
        "login_failures",
        "leases",
        "lease_uses",
        "later_look_ups",
        "kiosks",
        "heartbeats",
        "enrolment_codes",
        "early_writes",
        "counters",
        "check_ins",
        "cashier_tasks",
        "bills",
        "bank_transactions",
        "assertions",
    ):
        op.drop_table(table)
