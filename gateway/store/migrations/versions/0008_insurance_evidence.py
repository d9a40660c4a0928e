"""Look-ups tell when they were answered, in whose name was asked, and by which code a mismatch slip names them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("look_ups", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answered_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("operator", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("mismatch_code", sa.String(length=9), nullable=True))
        batch_op.create_index(op.f("ix_look_ups_mismatch_code"), ["mismatch_code"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("look_ups", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_look_ups_mismatch_code"))
        batch_op.drop_column("mismatch_code")
        batch_op.drop_column("operator")
        batch_op.drop_column("answered_at")
