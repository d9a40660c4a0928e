"""Dossiers, drafts, ratings and digital help."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    false,
)

from gateway.store.tables.base import Moment, identifier, metadata

one_stop_dossiers = Table(
    "one_stop_dossiers",
    metadata,
    identifier(),
    Column("kiosk_id", String(32), nullable=False),
    Column("filing_key", String(64), nullable=False),
    # Keyed hash of session and content: sent again under another key it is the same dossier.
    Column("content", String(64), nullable=False),
    Column("sending_code", String(9), nullable=False, unique=True),
    Column("token", String(26), nullable=False, unique=True),
    Column("state", String(12), nullable=False),
    Column("status", Integer, nullable=False),
    Column("procedure", String(40), nullable=False),
    Column("essential", Boolean, nullable=False),
    Column("level", String(20), nullable=False),
    Column("person", String(64)),
    Column("assisted_by", String(40)),
    Column("commune", String(5)),
    Column("documents", Integer, nullable=False),
    # Whose number at the counter it came with.
    Column("check_in_id", String(32), index=True),
    Column("filed_at", Moment, nullable=False, index=True),
    Column("kept_until", Moment),
    # Somebody tells the authority's system about it now.
    Column("busy_until", Moment),
    Column("next_look_at", Moment, index=True),
    Column("accepted_at", Moment),
    Column("accepted_by", String(40)),
    # Promised at the acceptance: what is in time is judged by it. `due_at` is what people are told now.
    Column("promised_at", Moment),
    Column("due_at", Moment),
    Column("finished_at", Moment),
    Column("ended_at", Moment, index=True),
    Column("supplements", Integer, nullable=False, server_default="0"),
    Column("version", Integer, nullable=False, server_default="1"),
    # The filing as it came, and what the authority's system was given and told (gateway.one_stop.keeping).
    Column("sealed_filing", LargeBinary, nullable=False),
    Column("sealed_told", LargeBinary, nullable=False),
    Column("stripped", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("kiosk_id", "filing_key"),
    Index("ix_one_stop_dossiers_state", "state", "status"),
    Index("ix_one_stop_dossiers_content", "content"),
    Index("ix_one_stop_dossiers_person", "person"),
)

one_stop_parts = Table(
    "one_stop_parts",
    metadata,
    Column("dossier_id", String(32), ForeignKey("one_stop_dossiers.id"), primary_key=True),
    Column("part", String(60), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("procedure", String(40), nullable=False),
    # Given by the authority's system, and stored before it is used.
    Column("number", String(40), unique=True),
    # It was sent: from then on only asking for its number tells whether it is there.
    Column("begun", Boolean, nullable=False, server_default=false()),
    Column("created", Boolean, nullable=False, server_default=false()),
    Column("status", Integer, nullable=False),
    Column("due_at", Moment),
    Column("outcome", String(200), nullable=False, server_default=""),
)

one_stop_events = Table(
    "one_stop_events",
    metadata,
    Column("dossier_id", String(32), ForeignKey("one_stop_dossiers.id"), primary_key=True),
    Column("part", String(60), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("status", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("sealed_text", LargeBinary, nullable=False),
)

one_stop_acts = Table(
    "one_stop_acts",
    metadata,
    identifier(),
    Column("dossier_id", String(32), ForeignKey("one_stop_dossiers.id"), nullable=False, index=True),
    # accept, supplement, refuse, brought, extend, hand-over, withdraw or stop.
    Column("kind", String(12), nullable=False),
    # The form's running number in its book, where it has one.
    Column("number", Integer),
    Column("at", Moment, nullable=False),
    Column("officer", String(40), nullable=False),
    # The authority's system has it.
    Column("told", Boolean, nullable=False),
    Column("printed", Integer, nullable=False, server_default="0"),
    Column("sealed_form", LargeBinary, nullable=False),
)

one_stop_documents = Table(
    "one_stop_documents",
    metadata,
    identifier(),
    Column("kiosk_id", String(32), nullable=False),
    # A draft's; None: a scan of a session.
    Column("draft_id", String(32), ForeignKey("one_stop_drafts.id"), index=True),
    Column("kind", String(20), nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("kept_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Column("sealed_content", LargeBinary, nullable=False),
)

one_stop_drafts = Table(
    "one_stop_drafts",
    metadata,
    identifier(),
    Column("code", String(9), nullable=False, unique=True),
    Column("person", String(64), nullable=False, index=True),
    Column("saved_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Column("wrong_tries", Integer, nullable=False, server_default="0"),
    Column("locked_at", Moment),
    Column("sealed_draft", LargeBinary, nullable=False),
)

one_stop_tries = Table(
    "one_stop_tries",
    metadata,
    # Keyed hash of the code that was asked for, or of the kiosk that asked (for numbers of bills too).
    Column("asked", String(64), primary_key=True),
    Column("wrong", Integer, nullable=False),
    Column("since", Moment, nullable=False, index=True),
)

one_stop_uploads = Table(
    "one_stop_uploads",
    metadata,
    identifier(),
    Column("kiosk_id", String(32), nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Column("closed_at", Moment),
)

# No rowid and no time finer than a week: neither order nor moment tells who rated what.
one_stop_rated = Table(
    "one_stop_rated",
    metadata,
    Column("subject", String(64), primary_key=True),
    Column("week", Date, nullable=False, index=True),
    sqlite_with_rowid=False,
)

one_stop_ratings = Table(
    "one_stop_ratings",
    metadata,
    Column("week", Date, primary_key=True),
    Column("group_id", String(40), primary_key=True),
    # level or reason, and which.
    Column("kind", String(10), primary_key=True),
    Column("value", String(20), primary_key=True),
    Column("count", Integer, nullable=False),
)

one_stop_counts = Table(
    "one_stop_counts",
    metadata,
    Column("day", Date, primary_key=True),
    # look-up, help or counter.
    Column("kind", String(10), primary_key=True),
    Column("what", String(40), primary_key=True),
    Column("place", String(40), primary_key=True),
    Column("count", Integer, nullable=False),
)

one_stop_helpers = Table(
    "one_stop_helpers",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("commune", String(5), nullable=False),
    Column("pin_hash", String(200), nullable=False),
    # Keyed hash of their own card's number.
    Column("card", String(64), unique=True),
    Column("created_at", Moment, nullable=False),
    Column("disabled_at", Moment),
)

one_stop_assists = Table(
    "one_stop_assists",
    metadata,
    identifier(),
    Column("helper", String(40), nullable=False),
    Column("commune", String(5), nullable=False),
    Column("kiosk_id", String(32), nullable=False),
    Column("began_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("ended_at", Moment),
)
