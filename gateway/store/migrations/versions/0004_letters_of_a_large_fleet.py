"""Kiosks of a large fleet have two letters."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_COLUMNS = (("kiosks", "letter"), ("enrolment_codes", "letter"), ("leases", "letter"), ("tickets", "series"))


def upgrade() -> None:
    _resize(2)


def downgrade() -> None:
    _resize(1)


def _resize(length: int) -> None:
    for table, column in _COLUMNS:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(column, type_=sa.String(length=length), existing_nullable=False)
