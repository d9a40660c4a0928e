"""Papers that count a limited number of times: which were used, by which check-in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper_uses",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("paper", sa.String(length=64), nullable=False),
        sa.Column("check_in_id", sa.String(length=32), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=False),
        sa.Column("noted_by", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("kind", "paper", "check_in_id", name=op.f("pk_paper_uses")),
    )
    with op.batch_alter_table("paper_uses") as batch_op:
        batch_op.create_index("ix_paper_uses_check_in_id", ["check_in_id"])


def downgrade() -> None:
    op.drop_table("paper_uses")
