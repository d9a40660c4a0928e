"""Whose data is kept, who looked, who asked; consents and fingers."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from gateway.store.tables.base import Moment, identifier, metadata

subject_links = Table(
    "subject_links",
    metadata,
    Column("subject", String(64), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("record", String(64), primary_key=True),
    Column("role", String(12), primary_key=True),
    Column("noted_at", Moment, nullable=False, index=True),
    Index("ix_subject_links_kind_record", "kind", "record"),
)

access_log = Table(
    "access_log",
    metadata,
    identifier(),
    Column("at", Moment, nullable=False, index=True),
    Column("who", String(40), nullable=False),
    Column("action", String(20), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("record", String(64), nullable=False, index=True),
    Column("sealed_reason", LargeBinary, nullable=False),
)

data_requests = Table(
    "data_requests",
    metadata,
    identifier(),
    Column("number", String(12), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    Column("status", String(20), nullable=False),
    Column("received_at", Moment, nullable=False, index=True),
    Column("processors", Boolean, nullable=False),
    Column("answer_due", Moment, nullable=False),
    Column("act_due", Moment, nullable=False),
    Column("answered_at", Moment),
    Column("extended_at", Moment),
    Column("closed_at", Moment),
    Column("taken_by", String(40), nullable=False),
    Column("subject", String(64), index=True),
    Column("sealed_details", LargeBinary, nullable=False),
)

incidents = Table(
    "incidents",
    metadata,
    identifier(),
    Column("number", String(12), nullable=False, unique=True),
    Column("detected_at", Moment, nullable=False, index=True),
    Column("notify_due", Moment, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("recorded_by", String(40), nullable=False),
    Column("classes", String(300), nullable=False),
    Column("people", Integer),
    Column("decision", String(20), nullable=False),
    Column("notified_at", Moment),
    Column("closed_at", Moment),
    Column("sealed_details", LargeBinary, nullable=False),
)

purge_reports = Table(
    "purge_reports",
    metadata,
    identifier(),
    Column("day", Date, nullable=False, unique=True),
    Column("began_at", Moment, nullable=False),
    Column("ended_at", Moment, nullable=False),
    Column("body", Text, nullable=False),
)

notices = Table(
    "notices",
    metadata,
    Column("version", String(20), primary_key=True),
    Column("language", String(5), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Column("first_at", Moment, nullable=False),
)

consents = Table(
    "consents",
    metadata,
    Column("kiosk_id", String(32), primary_key=True),
    Column("registration_key", String(64), primary_key=True),
    Column("purpose", String(40), primary_key=True),
    Column("session_id", String(64), nullable=False),
    Column("given", Boolean, nullable=False),
    Column("notice_version", String(20), nullable=False),
    Column("notice_digest", String(64), nullable=False),
    Column("language", String(5), nullable=False),
    Column("at", Moment, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("withdrawn_at", Moment),
    Column("withdrawn_by", String(40)),
)

cash_reasons = Table(
    "cash_reasons",
    metadata,
    Column("kiosk_id", String(32), primary_key=True),
    Column("registration_key", String(64), primary_key=True),
    Column("day", Date, nullable=False, index=True),
    Column("reason", String(20), nullable=False),
    Column("received_at", Moment, nullable=False),
)

finger_templates = Table(
    "finger_templates",
    metadata,
    identifier(),
    Column("person", String(64), nullable=False),
    Column("position", Integer, nullable=False),
    Column("extractor", String(30), nullable=False),
    # Three records of ISO/IEC 19794-2; never a picture.
    Column("sealed_templates", LargeBinary, nullable=False),
    # Number, name and birth for the desk that confirms a return.
    Column("sealed_person", LargeBinary, nullable=False),
    # Keyed hash of birth date and phone digits: only who chose to come back without the card has one.
    Column("comes_back", String(64), index=True),
    Column("kiosk_id", String(32), nullable=False),
    Column("registration_key", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("used_at", Moment, nullable=False),
    UniqueConstraint("person", "position"),
)

finger_attempts = Table(
    "finger_attempts",
    metadata,
    identifier(),
    Column("kiosk_id", String(32), nullable=False),
    Column("kind", String(10), nullable=False),
    # Whose tries are counted: keyed hash of the person, or of what was typed.
    Column("subject", String(64), nullable=False, index=True),
    Column("person", String(64)),
    Column("template_id", String(32)),
    Column("answer", String(10), nullable=False),
    Column("at", Moment, nullable=False),
)
