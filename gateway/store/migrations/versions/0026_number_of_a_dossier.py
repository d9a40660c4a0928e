"""With which number at the counter a dossier comes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("one_stop_dossiers", sa.Column("check_in_id", sa.String(length=32), nullable=True))
    op.create_index("ix_one_stop_dossiers_check_in_id", "one_stop_dossiers", ["check_in_id"])


def downgrade() -> None:
    op.drop_index("ix_one_stop_dossiers_check_in_id", table_name="one_stop_dossiers")
    with op.batch_alter_table("one_stop_dossiers") as batch:
        batch.drop_column("check_in_id")
