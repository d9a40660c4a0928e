"""The day that was promised when a dossier was accepted: an extension tells another one, and is no excuse.

Of a dossier that was extended before, the first day stands in no column: it is left open, not given the extended one.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("one_stop_dossiers") as batch_op:
        batch_op.add_column(sa.Column("promised_at", sa.DateTime()))
    op.execute(
        "UPDATE one_stop_dossiers SET promised_at = due_at WHERE accepted_at IS NOT NULL AND id NOT IN"
        " (SELECT dossier_id FROM one_stop_acts WHERE kind = 'extend')"
    )


def downgrade() -> None:
    with op.batch_alter_table("one_stop_dossiers") as batch_op:
        batch_op.drop_column("promised_at")
