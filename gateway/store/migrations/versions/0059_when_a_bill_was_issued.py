"""When the system a bill came from issued it: people know their bills by that day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("bills") as batch_op:
        batch_op.add_column(sa.Column("issued_at", sa.DateTime()))


def downgrade() -> None:
    with op.batch_alter_table("bills") as batch_op:
        batch_op.drop_column("issued_at")
