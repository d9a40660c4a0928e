"""What the hospital's own system is told of each visit."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table, text

from gateway.store.tables.base import Moment, metadata

hospital_visits = Table(
    "hospital_visits",
    metadata,
    Column("check_in_id", String(32), primary_key=True),
    # Keyed hash of the person: one person is told by one worker at a time.
    Column("subject", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("told_version", Integer, nullable=False),
    # A try was begun: nobody knows whether it got through unless told_version says so.
    Column("begun", Boolean, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_at", Moment, index=True),
    Column("claimed_until", Moment),
    Column("state", String(12), nullable=False),
    Column("failure", String(20)),
    Column("failing_since", Moment),
    Column("opened_at", Moment, nullable=False),
    Column("told_at", Moment),
    Column("sealed_told", LargeBinary),
    Index(
        "ix_hospital_visits_claimed",
        "subject",
        sqlite_where=text("claimed_until IS NOT NULL"),
        postgresql_where=text("claimed_until IS NOT NULL"),
    ),
)
