"""What the hospital's own system is told of each visit, and what it asks of staff."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table, UniqueConstraint, text

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

# What its system answered that a person must see to (gateway.hospital.tasks): each question once.
hospital_tasks = Table(
    "hospital_tasks",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("check_in_id", String(32), nullable=False),
    # A time, a fault, or names of fields: never what stands in them.
    Column("about", String(40), nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("closed_by", String(40)),
    Column("decision", String(20)),
    UniqueConstraint("check_in_id", "kind", "about"),
    Index(
        "ix_hospital_tasks_open",
        "opened_at",
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
)
