"""When a card terminal was told of a duty: what a batch holds is what began before its closing did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0086"
down_revision = "0090"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("card_duties") as batch_op:
        batch_op.add_column(sa.Column("begun_at", sa.DateTime()))


def downgrade() -> None:
    with op.batch_alter_table("card_duties") as batch_op:
        batch_op.drop_column("begun_at")
