"""When a patient presented the insurance card: the fund pays from that moment on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("check_ins") as batch_op:
        batch_op.add_column(sa.Column("insurance_presented_at", sa.DateTime()))
    op.execute("UPDATE check_ins SET insurance_presented_at = arrived_at WHERE use_insurance")


def downgrade() -> None:
    with op.batch_alter_table("check_ins") as batch_op:
        batch_op.drop_column("insurance_presented_at")
