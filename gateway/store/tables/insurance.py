"""What the insurer was asked and said."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table

from gateway.store.tables.base import Moment, identifier, metadata

look_ups = Table(
    "look_ups",
    metadata,
    identifier(),
    Column("kiosk_id", String(32), nullable=False),
    Column("asked_at", Moment, nullable=False, index=True),
    Column("subject", String(64), nullable=False),
    Column("result", String(20)),
    Column("result_code", String(20), nullable=False),
    Column("failure_code", String(10)),
    Column("sealed_judgement", LargeBinary),
    # Every exchange with the insurer, as it came and with its times (TT 12/2026/TT-BTC article 4).
    Column("sealed_raw", LargeBinary),
    Column("answered_at", Moment),
    # Keyed hash of the member of staff in whose name was asked.
    Column("operator", String(64)),
    Column("mismatch_code", String(9), index=True),
)

later_look_ups = Table(
    "later_look_ups",
    metadata,
    Column("check_in_id", String(32), primary_key=True),
    Column("next_at", Moment, nullable=False, index=True),
    Column("tries", Integer, nullable=False),
)

xml0_records = Table(
    "xml0_records",
    metadata,
    Column("check_in_id", String(32), primary_key=True),
    Column("state", String(12), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("next_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False),
    # Fields and what is wrong with them, never a value.
    Column("faults", String(500), nullable=False),
    Column("last_error", String(200)),
    Column("handed_at", Moment),
    Column("sealed_record", LargeBinary, nullable=False),
    Index("ix_xml0_records_state_next", "state", "next_at"),
)
