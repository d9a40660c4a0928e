"""What a card terminal is asked beside purchases: reversals and the closing of its batch."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "card_duties",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("kiosk_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("service_id", sa.String(10), nullable=False, unique=True),
        sa.Column("attempt_id", sa.String(32), nullable=True),
        sa.Column("refund_id", sa.String(32), nullable=True, unique=True),
        sa.Column("begun", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("outcome", sa.String(12), nullable=False),
        sa.Column("reference", sa.String(64), nullable=False, server_default=""),
        sa.Column("net", sa.BigInteger(), nullable=True),
        sa.Column("asked_by", sa.String(40), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
    )
    op.create_index("ix_card_duties_kiosk_id", "card_duties", ["kiosk_id", "outcome"])


def downgrade() -> None:
    op.drop_table("card_duties")
