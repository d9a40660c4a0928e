"""Check-in records (XML0), made at a visit's first cost."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "xml0_records",
        sa.Column("check_in_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("next_at", sa.DateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("faults", sa.String(length=500), nullable=False),
        sa.Column("last_error", sa.String(length=200), nullable=True),
        sa.Column("handed_at", sa.DateTime(), nullable=True),
        sa.Column("sealed_record", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("check_in_id", name=op.f("pk_xml0_records")),
    )
    op.create_index("ix_xml0_records_state_next", "xml0_records", ["state", "next_at"])


def downgrade() -> None:
    op.drop_index("ix_xml0_records_state_next", table_name="xml0_records")
    op.drop_table("xml0_records")
