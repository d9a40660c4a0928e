"""Diagnostics bundles that kiosks sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kiosk_bundles",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("kiosk_id", sa.String(32), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("sealed_content", sa.LargeBinary(), nullable=False),
    )
    op.create_index(op.f("ix_kiosk_bundles_kiosk_id"), "kiosk_bundles", ["kiosk_id"])
    op.create_index(op.f("ix_kiosk_bundles_received_at"), "kiosk_bundles", ["received_at"])


def downgrade() -> None:
    op.drop_table("kiosk_bundles")
