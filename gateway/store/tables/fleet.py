"""Kiosks, their keys, heartbeats and alarms; what was done once and is not done twice."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table, Text, text

from gateway.store.tables.base import Moment, identifier, metadata

kiosks = Table(
    "kiosks",
    metadata,
    identifier(),
    Column("letter", String(2), nullable=False),
    Column("name", String(80), nullable=False),
    Column("name_en", String(80), nullable=False),
    Column("own_name", String(80), nullable=False),
    Column("public_key", String(64), nullable=False),
    Column("enrolled_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    Index(
        "ix_kiosks_live_letter",
        "letter",
        unique=True,
        sqlite_where=text("revoked_at IS NULL"),
        postgresql_where=text("revoked_at IS NULL"),
    ),
)

enrolment_codes = Table(
    "enrolment_codes",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("letter", String(2), nullable=False),
    Column("name", String(80), nullable=False),
    Column("name_en", String(80), nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_by", String(32)),
)

assertions = Table(
    "assertions",
    metadata,
    Column("kiosk_id", String(32), primary_key=True),
    Column("jti", String(64), primary_key=True),
    Column("expires_at", Moment, nullable=False, index=True),
)

nonces = Table(
    "nonces",
    metadata,
    identifier(),
    Column("kiosk_id", String(32), nullable=False),
    Column("value", String(16), nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Column("used_at", Moment),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("kiosk_id", String(32), primary_key=True),
    Column("received_at", Moment, nullable=False),
    Column("body", Text, nullable=False),
)

kiosk_bundles = Table(
    "kiosk_bundles",
    metadata,
    identifier(),
    Column("kiosk_id", String(32), nullable=False, index=True),
    Column("received_at", Moment, nullable=False, index=True),
    Column("bytes", Integer, nullable=False),
    Column("sealed_content", LargeBinary, nullable=False),
)

kiosk_alarms = Table(
    "kiosk_alarms",
    metadata,
    identifier(),
    Column("kiosk_id", String(32), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("subject", String(40), nullable=False),
    Column("failure_code", String(12)),
    Column("sticky", Boolean, nullable=False),
    Column("since", Moment, nullable=False),
    Column("over_at", Moment),
    Column("seen_at", Moment),
    Column("seen_by", String(80)),
    Column("closed_at", Moment, index=True),
    Index(
        "ix_kiosk_alarms_open",
        "kiosk_id",
        "kind",
        "subject",
        unique=True,
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
)

operations = Table(
    "operations",
    metadata,
    Column("kiosk_id", String(32), primary_key=True),
    Column("operation", String(40), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("body_hash", String(64), nullable=False),
    Column("began_at", Moment, nullable=False, index=True),
    Column("status", Integer),
    Column("sealed_answer", LargeBinary),
)

reconciliation = Table(
    "reconciliation",
    metadata,
    Column("kiosk_id", String(32), primary_key=True),
    Column("operation", String(40), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("received_at", Moment, nullable=False),
    Column("sealed_body", LargeBinary, nullable=False),
)
