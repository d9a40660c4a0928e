"""Lanes, calls and counters; waiting-room boards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("queue_days") as batch_op:
        for name in ("waiting_returning", "last_arrival", "calls", "overtaken"):
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("returned", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("closed_at", sa.DateTime()))
        batch_op.add_column(sa.Column("closed_by", sa.String(length=40)))
    with op.batch_alter_table("tickets") as batch_op:
        batch_op.alter_column("check_in_id", existing_type=sa.String(length=32), nullable=True)
        batch_op.alter_column("number", existing_type=sa.String(length=10), type_=sa.String(length=16))
        batch_op.add_column(sa.Column("home_clinic_id", sa.String(length=40)))
        batch_op.add_column(sa.Column("priority", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("lane", sa.String(length=10), nullable=False, server_default="ordinary"))
        for name in ("due", "arrival", "times_called"):
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("turn_at", sa.DateTime()))
        batch_op.add_column(sa.Column("counter_id", sa.String(length=40)))
        for name in ("first_called_at", "called_at", "finished_at"):
            batch_op.add_column(sa.Column(name, sa.DateTime()))
    op.execute("UPDATE tickets SET turn_at = issued_at")
    with op.batch_alter_table("tickets") as batch_op:
        batch_op.alter_column("turn_at", existing_type=sa.DateTime(), nullable=False)
    op.execute(
        "UPDATE tickets SET priority = (1 = 1), lane = 'priority' WHERE check_in_id IN"
        " (SELECT id FROM check_ins WHERE priority <> 'none')"
    )
    op.create_index("ix_tickets_line", "tickets", ["day", "clinic_id", "status", "lane", "due", "turn_at", "arrival"])
    op.create_index("ix_tickets_last_called", "tickets", ["day", "clinic_id", "called_at"])
    op.create_index(
        "ix_tickets_one_at_a_counter",
        "tickets",
        ["day", "counter_id"],
        unique=True,
        sqlite_where=sa.text("status = 'called'"),
        postgresql_where=sa.text("status = 'called'"),
    )
    op.create_table(
        "ticket_events",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("ticket_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("counter_id", sa.String(length=40)),
        sa.Column("clinic_id", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_events")),
    )
    op.create_index(op.f("ix_ticket_events_ticket_id"), "ticket_events", ["ticket_id"])
    op.create_table(
        "counter_seats",
        sa.Column("counter_id", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=40)),
        sa.Column("session", sa.String(length=64)),
        sa.Column("taken_at", sa.DateTime()),
        sa.Column("last_key", sa.String(length=64)),
        sa.PrimaryKeyConstraint("counter_id", name=op.f("pk_counter_seats")),
    )
    op.create_table(
        "boards",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=8)),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("clinics", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("approved_at", sa.DateTime()),
        sa.Column("approved_by", sa.String(length=40)),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_boards")),
        sa.UniqueConstraint("code", name=op.f("uq_boards_code")),
    )


def downgrade() -> None:
    for table in ("boards", "counter_seats", "ticket_events"):
        op.drop_table(table)
    for index in ("ix_tickets_one_at_a_counter", "ix_tickets_last_called", "ix_tickets_line"):
        op.drop_index(index, "tickets")
    op.execute("DELETE FROM tickets WHERE check_in_id IS NULL")
    with op.batch_alter_table("tickets") as batch_op:
        for name in ("finished_at", "called_at", "first_called_at", "counter_id", "times_called", "arrival", "due"):
            batch_op.drop_column(name)
        for name in ("turn_at", "lane", "priority", "home_clinic_id"):
            batch_op.drop_column(name)
        batch_op.alter_column("check_in_id", existing_type=sa.String(length=32), nullable=False)
        batch_op.alter_column("number", existing_type=sa.String(length=16), type_=sa.String(length=10))
    with op.batch_alter_table("queue_days") as batch_op:
        for name in ("closed_by", "closed_at", "returned", "overtaken", "calls", "last_arrival", "waiting_returning"):
            batch_op.drop_column(name)
