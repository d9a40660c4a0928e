"""Numbers, counters, boards, slots and what kiosks hold in advance."""

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
    Text,
    UniqueConstraint,
    false,
    text,
)

from gateway.store.tables.base import Moment, identifier, metadata

queue_days = Table(
    "queue_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("clinic_id", String(40), primary_key=True),
    Column("last_priority", Integer, nullable=False),
    Column("last_ordinary", Integer, nullable=False),
    Column("waiting_priority", Integer, nullable=False),
    Column("waiting_ordinary", Integer, nullable=False),
    Column("waiting_returning", Integer, nullable=False, server_default="0"),
    Column("last_arrival", Integer, nullable=False, server_default="0"),
    # What the fairness rule remembers (gateway.queue.fairness), and how many calls there were.
    Column("calls", Integer, nullable=False, server_default="0"),
    Column("overtaken", Integer, nullable=False, server_default="0"),
    Column("returned", Boolean, nullable=False, server_default=false()),
    Column("closed_at", Moment),
    Column("closed_by", String(40)),
)

check_ins = Table(
    "check_ins",
    metadata,
    identifier(),
    Column("kiosk_id", String(32), nullable=False),
    Column("clinic_id", String(40), nullable=False),
    Column("day", Date, nullable=False),
    Column("arrived_at", Moment, nullable=False),
    Column("received_at", Moment, nullable=False),
    # How far the kiosk's clock was ahead when this came; `arrived_at` is put right by it.
    Column("clock_skew_seconds", Integer),
    Column("person", String(64)),
    Column("claimed_level", String(20), nullable=False),
    Column("verified_level", String(20), nullable=False),
    Column("evidence_reason", String(200), nullable=False),
    Column("priority", String(20), nullable=False),
    Column("priority_proven", Boolean, nullable=False),
    # What the kiosk says of the holder check (services.contract.models.HolderProof).
    Column("holder", String(20)),
    Column("use_insurance", Boolean, nullable=False),
    Column("insurance_pending", Boolean, nullable=False),
    Column("insurance_failure", String(10)),
    Column("insurance_failure_at", Moment),
    Column("eligibility_id", String(32)),
    # When the card was presented: the first look-up, or the arrival of somebody who only typed it.
    Column("insurance_presented_at", Moment),
    Column("sealed_registration", LargeBinary, nullable=False),
    Column("slip_printed", Boolean),
    Column("slip_code", String(10)),
    Column("slip_at", Moment),
    # Nothing tells any more who it was: their time was over, or they asked for it.
    Column("stripped", Boolean, nullable=False, server_default=false()),
    Index("ix_check_ins_person", "person", "clinic_id", "day"),
)

registrations = Table(
    "registrations",
    metadata,
    Column("kiosk_id", String(32), primary_key=True),
    Column("registration_key", String(64), primary_key=True),
    Column("check_in_id", String(32), ForeignKey("check_ins.id"), nullable=False, index=True),
    # False: the same person came again and got the ticket of an earlier registration.
    Column("first", Boolean, nullable=False),
    Column("slip_token", String(26), nullable=False, unique=True),
    Column("reprint_code", String(9), nullable=False, index=True),
)

tickets = Table(
    "tickets",
    metadata,
    identifier(),
    # None: a number from a slip that was called before its registration arrived.
    Column("check_in_id", String(32), ForeignKey("check_ins.id"), index=True),
    Column("clinic_id", String(40), nullable=False),
    Column("day", Date, nullable=False),
    # As it is called; behind a transfer with the code of the clinic that gave it: "NTM-T005" for the slip T005.
    Column("number", String(16), nullable=False),
    Column("series", String(2), nullable=False),
    Column("status", String(20), nullable=False),
    Column("issued_at", Moment, nullable=False),
    Column("waiting_ahead", Integer),
    Column("expected_at", Moment),
    # The beginning of the time slot it is for, "0830".
    Column("slot", String(4)),
    Column("changed_at", Moment, nullable=False),
    Column("home_clinic_id", String(40)),
    Column("priority", Boolean, nullable=False, server_default=false()),
    Column("lane", String(10), nullable=False, server_default="ordinary"),
    Column("due", Integer, nullable=False, server_default="0"),
    Column("arrival", Integer, nullable=False, server_default="0"),
    # From when the ticket counts in its lane: the time of issue, or the start of a booked slot.
    Column("turn_at", Moment, nullable=False),
    Column("counter_id", String(40)),
    Column("first_called_at", Moment),
    Column("called_at", Moment),
    Column("times_called", Integer, nullable=False, server_default="0"),
    Column("finished_at", Moment),
    UniqueConstraint("day", "clinic_id", "number"),
    Index("ix_tickets_day_issued", "day", "issued_at"),
    Index("ix_tickets_line", "day", "clinic_id", "status", "lane", "due", "turn_at", "arrival"),
    Index("ix_tickets_last_called", "day", "clinic_id", "called_at"),
    Index(
        "ix_tickets_one_at_a_counter",
        "day",
        "counter_id",
        unique=True,
        sqlite_where=text("status = 'called'"),
        postgresql_where=text("status = 'called'"),
    ),
)

ticket_events = Table(
    "ticket_events",
    metadata,
    identifier(),
    Column("ticket_id", String(32), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("actor", String(40), nullable=False),
    Column("counter_id", String(40)),
    Column("clinic_id", String(40), nullable=False),
)

counter_seats = Table(
    "counter_seats",
    metadata,
    Column("counter_id", String(40), primary_key=True),
    Column("holder", String(40)),
    Column("session", String(64)),
    Column("taken_at", Moment),
    # The last action's key: sent again because no answer came, it is not done again.
    Column("last_key", String(64)),
)

boards = Table(
    "boards",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("code", String(8), unique=True),
    Column("name", String(80), nullable=False),
    Column("clinics", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("approved_at", Moment),
    Column("approved_by", String(40)),
)

slot_days = Table(
    "slot_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("clinic_id", String(40), primary_key=True),
    Column("slot", String(4), primary_key=True),
    Column("taken", Integer, nullable=False),
)

appointments = Table(
    "appointments",
    metadata,
    identifier(),
    Column("person", String(64), nullable=False),
    Column("clinic_id", String(40), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("day", Date, nullable=False),
    Column("start", Moment, nullable=False),
    Column("end", Moment),
    # The check-in that picked it up.
    Column("check_in_id", String(32), index=True),
    Index("ix_appointments_person_day", "person", "day"),
)

# Papers that count a limited number of times (a re-visit slip: once), by a keyed hash of what stands on them.
paper_uses = Table(
    "paper_uses",
    metadata,
    Column("kind", String(20), primary_key=True),
    Column("paper", String(64), primary_key=True),
    Column("check_in_id", String(32), primary_key=True, index=True),
    Column("used_at", Moment, nullable=False),
    Column("noted_by", String(40), nullable=False),
)

early_writes = Table(
    "early_writes",
    metadata,
    Column("kiosk_id", String(32), primary_key=True),
    Column("registration_key", String(64), primary_key=True),
    Column("operation", String(40), primary_key=True),
    Column("body", Text, nullable=False),
    Column("received_at", Moment, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    identifier(),
    Column("kiosk_id", String(32), nullable=False),
    Column("clinic_id", String(40), nullable=False),
    Column("day", Date, nullable=False),
    Column("letter", String(2), nullable=False),
    Column("first", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    UniqueConstraint("kiosk_id", "day", "clinic_id"),
    UniqueConstraint("day", "clinic_id", "letter", "first"),
)

lease_uses = Table(
    "lease_uses",
    metadata,
    Column("lease_id", String(32), primary_key=True),
    Column("number", String(10), primary_key=True),
)
