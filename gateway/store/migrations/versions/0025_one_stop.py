"""Dossiers of a one-stop centre, drafts, documents, ratings, help."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "one_stop_assists",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("helper", sa.String(length=40), nullable=False),
        sa.Column("commune", sa.String(length=5), nullable=False),
        sa.Column("kiosk_id", sa.String(length=32), nullable=False),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_stop_assists")),
    )
    op.create_table(
        "one_stop_counts",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "kind", "what", "place", name=op.f("pk_one_stop_counts")),
    )
    op.create_table(
        "one_stop_dossiers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kiosk_id", sa.String(length=32), nullable=False),
        sa.Column("filing_key", sa.String(length=64), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("sending_code", sa.String(length=9), nullable=False),
        sa.Column("token", sa.String(length=26), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("procedure", sa.String(length=40), nullable=False),
        sa.Column("essential", sa.Boolean(), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.Column("assisted_by", sa.String(length=40), nullable=True),
        sa.Column("commune", sa.String(length=5), nullable=True),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("filed_at", sa.DateTime(), nullable=False),
        sa.Column("kept_until", sa.DateTime(), nullable=True),
        sa.Column("busy_until", sa.DateTime(), nullable=True),
        sa.Column("next_look_at", sa.DateTime(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(), nullable=True),
        sa.Column("accepted_by", sa.String(length=40), nullable=True),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("supplements", sa.Integer(), server_default="0", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("sealed_filing", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_told", sa.LargeBinary(), nullable=False),
        sa.Column("stripped", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_stop_dossiers")),
        sa.UniqueConstraint("kiosk_id", "filing_key", name=op.f("uq_one_stop_dossiers_kiosk_id_filing_key")),
        sa.UniqueConstraint("sending_code", name=op.f("uq_one_stop_dossiers_sending_code")),
        sa.UniqueConstraint("token", name=op.f("uq_one_stop_dossiers_token")),
    )
    op.create_index("ix_one_stop_dossiers_content", "one_stop_dossiers", ["content"], unique=False)
    op.create_index(op.f("ix_one_stop_dossiers_ended_at"), "one_stop_dossiers", ["ended_at"], unique=False)
    op.create_index(op.f("ix_one_stop_dossiers_filed_at"), "one_stop_dossiers", ["filed_at"], unique=False)
    op.create_index(op.f("ix_one_stop_dossiers_next_look_at"), "one_stop_dossiers", ["next_look_at"], unique=False)
    op.create_index("ix_one_stop_dossiers_person", "one_stop_dossiers", ["person"], unique=False)
    op.create_index("ix_one_stop_dossiers_state", "one_stop_dossiers", ["state", "status"], unique=False)
    op.create_table(
        "one_stop_drafts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=9), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("wrong_tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_at", sa.DateTime(), nullable=True),
        sa.Column("sealed_draft", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_stop_drafts")),
        sa.UniqueConstraint("code", name=op.f("uq_one_stop_drafts_code")),
    )
    op.create_index(op.f("ix_one_stop_drafts_expires_at"), "one_stop_drafts", ["expires_at"], unique=False)
    op.create_index(op.f("ix_one_stop_drafts_person"), "one_stop_drafts", ["person"], unique=False)
    op.create_table(
        "one_stop_helpers",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("commune", sa.String(length=5), nullable=False),
        sa.Column("pin_hash", sa.String(length=200), nullable=False),
        sa.Column("card", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_one_stop_helpers")),
        sa.UniqueConstraint("card", name=op.f("uq_one_stop_helpers_card")),
    )
    op.create_table(
        "one_stop_rated",
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_one_stop_rated")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_one_stop_rated_week"), "one_stop_rated", ["week"], unique=False)
    op.create_table(
        "one_stop_ratings",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("group_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("value", sa.String(length=20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("week", "group_id", "kind", "value", name=op.f("pk_one_stop_ratings")),
    )
    op.create_table(
        "one_stop_tries",
        sa.Column("asked", sa.String(length=64), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("asked", name=op.f("pk_one_stop_tries")),
    )
    op.create_index(op.f("ix_one_stop_tries_since"), "one_stop_tries", ["since"], unique=False)
    op.create_table(
        "one_stop_uploads",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kiosk_id", sa.String(length=32), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_stop_uploads")),
    )
    op.create_index(op.f("ix_one_stop_uploads_expires_at"), "one_stop_uploads", ["expires_at"], unique=False)
    op.create_table(
        "one_stop_acts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("dossier_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("officer", sa.String(length=40), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("printed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sealed_form", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["one_stop_dossiers.id"], name=op.f("fk_one_stop_acts_dossier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_stop_acts")),
    )
    op.create_index(op.f("ix_one_stop_acts_dossier_id"), "one_stop_acts", ["dossier_id"], unique=False)
    op.create_table(
        "one_stop_documents",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kiosk_id", sa.String(length=32), nullable=False),
        sa.Column("draft_id", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("kept_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("sealed_content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["one_stop_drafts.id"], name=op.f("fk_one_stop_documents_draft_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_stop_documents")),
    )
    op.create_index(op.f("ix_one_stop_documents_draft_id"), "one_stop_documents", ["draft_id"], unique=False)
    op.create_index(op.f("ix_one_stop_documents_expires_at"), "one_stop_documents", ["expires_at"], unique=False)
    op.create_table(
        "one_stop_events",
        sa.Column("dossier_id", sa.String(length=32), nullable=False),
        sa.Column("part", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("sealed_text", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["one_stop_dossiers.id"], name=op.f("fk_one_stop_events_dossier_id")),
        sa.PrimaryKeyConstraint("dossier_id", "part", "position", name=op.f("pk_one_stop_events")),
    )
    op.create_table(
        "one_stop_parts",
        sa.Column("dossier_id", sa.String(length=32), nullable=False),
        sa.Column("part", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("procedure", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("begun", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.Column("outcome", sa.String(length=200), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["one_stop_dossiers.id"], name=op.f("fk_one_stop_parts_dossier_id")),
        sa.PrimaryKeyConstraint("dossier_id", "part", name=op.f("pk_one_stop_parts")),
        sa.UniqueConstraint("number", name=op.f("uq_one_stop_parts_number")),
    )


def downgrade() -> None:

    op.drop_table("one_stop_parts")
    op.drop_table("one_stop_events")
    op.drop_index(op.f("ix_one_stop_documents_expires_at"), table_name="one_stop_documents")
    op.drop_index(op.f("ix_one_stop_documents_draft_id"), table_name="one_stop_documents")
    op.drop_table("one_stop_documents")
    op.drop_index(op.f("ix_one_stop_acts_dossier_id"), table_name="one_stop_acts")
    op.drop_table("one_stop_acts")
    op.drop_index(op.f("ix_one_stop_uploads_expires_at"), table_name="one_stop_uploads")
    op.drop_table("one_stop_uploads")
    op.drop_index(op.f("ix_one_stop_tries_since"), table_name="one_stop_tries")
    op.drop_table("one_stop_tries")
    op.drop_table("one_stop_ratings")
    op.drop_index(op.f("ix_one_stop_rated_week"), table_name="one_stop_rated")
    op.drop_table("one_stop_rated")
    op.drop_table("one_stop_helpers")
    op.drop_index(op.f("ix_one_stop_drafts_person"), table_name="one_stop_drafts")
    op.drop_index(op.f("ix_one_stop_drafts_expires_at"), table_name="one_stop_drafts")
    op.drop_table("one_stop_drafts")
    op.drop_index("ix_one_stop_dossiers_state", table_name="one_stop_dossiers")
    op.drop_index("ix_one_stop_dossiers_person", table_name="one_stop_dossiers")
    op.drop_index(op.f("ix_one_stop_dossiers_next_look_at"), table_name="one_stop_dossiers")
    op.drop_index(op.f("ix_one_stop_dossiers_filed_at"), table_name="one_stop_dossiers")
    op.drop_index(op.f("ix_one_stop_dossiers_ended_at"), table_name="one_stop_dossiers")
    op.drop_index("ix_one_stop_dossiers_content", table_name="one_stop_dossiers")
    op.drop_table("one_stop_dossiers")
    op.drop_table("one_stop_counts")
    op.drop_table("one_stop_assists")
