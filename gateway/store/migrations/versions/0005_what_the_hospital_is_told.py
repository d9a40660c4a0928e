"""What the hospital's system is told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hospital_visits",
        sa.Column("check_in_id", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("told_version", sa.Integer(), nullable=False),
        sa.Column("begun", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("failure", sa.String(length=20), nullable=True),
        sa.Column("failing_since", sa.DateTime(), nullable=True),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("told_at", sa.DateTime(), nullable=True),
        sa.Column("sealed_told", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("check_in_id", name=op.f("pk_hospital_visits")),
    )
    with op.batch_alter_table("hospital_visits", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_hospital_visits_next_at"), ["next_at"], unique=False)
        batch_op.create_index(
            "ix_hospital_visits_claimed",
            ["subject"],
            unique=False,
            sqlite_where=sa.text("claimed_until IS NOT NULL"),
            postgresql_where=sa.text("claimed_until IS NOT NULL"),
        )


def downgrade() -> None:
    op.drop_table("hospital_visits")
