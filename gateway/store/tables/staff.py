"""Accounts, sessions and calls."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, text

from gateway.store.tables.base import Moment, identifier, metadata

staff_calls = Table(
    "staff_calls",
    metadata,
    identifier(),
    Column("kiosk_id", String(32), nullable=False),
    Column("status", String(20), nullable=False),
    Column("open", Boolean, nullable=False),
    Column("step", String(40), nullable=False),
    Column("called_at", Moment, nullable=False),
    Column("acknowledged_at", Moment),
    Column("acknowledged_by", String(40)),
    Column("closed_at", Moment),
    Column("version", Integer, nullable=False),
    Index(
        "ix_staff_calls_one_open", "kiosk_id", unique=True, sqlite_where=text("open = 1"), postgresql_where=text("open")
    ),
)

staff_accounts = Table(
    "staff_accounts",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("role", String(20), nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("disabled_at", Moment),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("name", String(40), nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
)

login_failures = Table(
    "login_failures",
    metadata,
    identifier(),
    Column("name", String(40), nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_login_failures_name_at", "name", "at"),
)
