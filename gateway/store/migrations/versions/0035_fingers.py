"""Templates of fingers, and when one was compared."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "finger_templates",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("extractor", sa.String(length=30), nullable=False),
        sa.Column("sealed_templates", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_person", sa.LargeBinary(), nullable=False),
        sa.Column("comes_back", sa.String(length=64), nullable=True),
        sa.Column("kiosk_id", sa.String(length=32), nullable=False),
        sa.Column("registration_key", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finger_templates")),
        sa.UniqueConstraint("person", "position", name=op.f("uq_finger_templates_person_position")),
    )
    op.create_index(op.f("ix_finger_templates_comes_back"), "finger_templates", ["comes_back"])
    op.create_table(
        "finger_attempts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kiosk_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.Column("template_id", sa.String(length=32), nullable=True),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finger_attempts")),
    )
    op.create_index(op.f("ix_finger_attempts_subject"), "finger_attempts", ["subject"])


def downgrade() -> None:
    op.drop_index(op.f("ix_finger_attempts_subject"), table_name="finger_attempts")
    op.drop_table("finger_attempts")
    op.drop_index(op.f("ix_finger_templates_comes_back"), table_name="finger_templates")
    op.drop_table("finger_templates")
