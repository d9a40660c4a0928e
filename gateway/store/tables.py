"""The tables. Personal data stands only in `sealed` columns (the vault); look-ups by person use keyed hashes.

Times are stored as UTC without zone and come back aware. Ids are random hexadecimal unless they are names.
Every table is declared in `gateway/privacy/holdings.py`: whose data, how long, how it is found, exported and erased.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)


class Moment(TypeDecorator[datetime]):
    """An aware time, kept as UTC."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id(name: str = "id") -> Column[str]:
    return Column(name, String(32), primary_key=True)


# --- fleet --------------------------------------------------------------------------------------------------------

kiosks = Table(
    "kiosks",
    metadata,
    _id(),
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
    _id(),
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
    _id(),
    Column("kiosk_id", String(32), nullable=False, index=True),
    Column("received_at", Moment, nullable=False, index=True),
    Column("bytes", Integer, nullable=False),
    Column("sealed_content", LargeBinary, nullable=False),
)

kiosk_alarms = Table(
    "kiosk_alarms",
    metadata,
    _id(),
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

# --- insurance ----------------------------------------------------------------------------------------------------

look_ups = Table(
    "look_ups",
    metadata,
    _id(),
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

# --- check-in records (XML0) ---------------------------------------------------------------------------------------

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

# --- queue --------------------------------------------------------------------------------------------------------

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
    _id(),
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
    _id(),
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
    _id(),
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
    _id(),
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
    _id(),
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

# --- money --------------------------------------------------------------------------------------------------------

counters = Table(
    "counters",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("value", Integer, nullable=False),
)

bills = Table(
    "bills",
    metadata,
    _id(),
    Column("number", String(40), nullable=False),
    # None: the bill is not the gateway's own; `source` and `source_id` say whose.
    Column("check_in_id", String(32), unique=True),
    Column("source", String(20), nullable=False, server_default="check-in"),
    Column("source_id", String(80)),
    # As the source last told it: a bill of another version has changed.
    Column("source_version", String(64)),
    Column("read_at", Moment),
    Column("kind", String(12), nullable=False, server_default="charge"),
    # Keyed hash of the proven person it was found for.
    Column("person", String(64), index=True),
    Column("amount", BigInteger, nullable=False),
    Column("status", String(12), nullable=False),
    # here, desk or elsewhere.
    Column("paid_where", String(12)),
    Column("created_at", Moment, nullable=False),
    # By the system it came from.
    Column("issued_at", Moment),
    Column("paid_at", Moment),
    # Which account gets how much, JSON; none: all goes into the main account.
    Column("parts", Text),
    # Title, lines, sums (gateway.payments.lines).
    Column("sealed_details", LargeBinary),
    # Number and look-up code of the e-invoice, JSON.
    Column("invoice", Text),
    UniqueConstraint("source", "number", name="uq_bills_source_number"),
    UniqueConstraint("source", "source_id", name="uq_bills_source_id"),
)

bill_views = Table(
    "bill_views",
    metadata,
    Column("bill_id", String(32), ForeignKey("bills.id"), primary_key=True),
    Column("kiosk_id", String(32), primary_key=True),
    Column("until", Moment, nullable=False, index=True),
    # Whether this kiosk may show the lines, or only what stands on the paper.
    Column("details", Boolean, nullable=False),
)

payment_intents = Table(
    "payment_intents",
    metadata,
    _id(),
    Column("bill_id", String(32), ForeignKey("bills.id"), nullable=False, index=True),
    Column("kiosk_id", String(32), nullable=False),
    Column("method", String(8), nullable=False, server_default="qr"),
    # The beneficiary's account in the settings.
    Column("account_id", String(40), nullable=False, server_default="main"),
    Column("part", Integer, nullable=False, server_default="1"),
    Column("parts", Integer, nullable=False, server_default="1"),
    Column("status", String(20), nullable=False),
    Column("live", Boolean, nullable=False),
    # Why it ended (services.contract.models.EndReason).
    Column("ended", String(20)),
    Column("amount", BigInteger, nullable=False),
    Column("amount_paid", BigInteger, nullable=False),
    Column("purpose", String(19), nullable=False, unique=True),
    Column("payload", Text, nullable=False),
    # As the provider returned them with its code.
    Column("account_name", String(100), nullable=False, server_default=""),
    Column("account_last4", String(4), nullable=False, server_default=""),
    Column("bank_bin", String(6), nullable=False, server_default=""),
    # The order at a provider that keeps orders: its number, and none, wanted, made or closed.
    Column("order_code", BigInteger, unique=True),
    Column("order_state", String(8), nullable=False, server_default="none"),
    # The bill is held for this intent where it came from.
    Column("reserved", Boolean, nullable=False, server_default=false()),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("paid_at", Moment),
    Column("claimed_at", Moment),
    Column("next_query_at", Moment, index=True),
    Column("queries", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Index(
        "ix_payment_intents_one_live",
        "bill_id",
        unique=True,
        sqlite_where=text("live = 1"),
        postgresql_where=text("live"),
    ),
)

card_attempts = Table(
    "card_attempts",
    metadata,
    _id(),
    Column("intent_id", String(32), ForeignKey("payment_intents.id"), nullable=False, index=True),
    # nexo ServiceID: the key of status, abort and reversal at the terminal.
    Column("service_id", String(10), nullable=False, unique=True),
    Column("amount", BigInteger, nullable=False),
    Column("outcome", String(12), nullable=False),
    # No outcome that says whether money moved.
    Column("open", Boolean, nullable=False),
    Column("reference", String(64), nullable=False, server_default=""),
    Column("approval_code", String(12), nullable=False, server_default=""),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Index(
        "ix_card_attempts_one_open",
        "intent_id",
        unique=True,
        sqlite_where=text("open = 1"),
        postgresql_where=text("open"),
    ),
)

bank_transactions = Table(
    "bank_transactions",
    metadata,
    Column("provider", String(20), primary_key=True),
    Column("provider_id", String(64), primary_key=True),
    Column("account_id", String(40), nullable=False, server_default="main"),
    Column("amount", BigInteger, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Column("received_at", Moment, nullable=False),
    Column("seen_by", String(10), nullable=False),
    Column("reference", String(64), nullable=False),
    Column("intent_id", String(32), index=True),
    Column("sealed_content", LargeBinary, nullable=False),
    Column("stripped", Boolean, nullable=False, server_default=false()),
)

cashier_tasks = Table(
    "cashier_tasks",
    metadata,
    _id(),
    Column("kind", String(20), nullable=False),
    Column("intent_id", String(32)),
    Column("transaction_id", String(64)),
    Column("provider", String(20)),
    Column("amount", BigInteger, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("closed_by", String(40)),
    # What was decided: refund, attached, settled, not-charged…
    Column("decision", String(20)),
    Index(
        "ix_cashier_tasks_open",
        "opened_at",
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
)

refunds = Table(
    "refunds",
    metadata,
    _id(),
    Column("number", String(12), nullable=False, unique=True),
    Column("task_id", String(32), ForeignKey("cashier_tasks.id"), nullable=False),
    Column("intent_id", String(32), index=True),
    Column("amount", BigInteger, nullable=False),
    # requested, approved, refused or done.
    Column("status", String(12), nullable=False),
    # Who writes a reason may name the payer.
    Column("sealed_reason", LargeBinary, nullable=False),
    Column("requested_by", String(40), nullable=False),
    Column("requested_at", Moment, nullable=False),
    Column("decided_by", String(40)),
    Column("decided_at", Moment),
    Column("done_by", String(40)),
    Column("done_at", Moment),
    # The bank's reference of the transfer back, or the number of the cash voucher.
    Column("sealed_evidence", LargeBinary),
    CheckConstraint("decided_by IS NULL OR decided_by <> requested_by", name="ck_refunds_another_person"),
    Index(
        "ix_refunds_one_of_a_task",
        "task_id",
        unique=True,
        sqlite_where=text("status <> 'refused'"),
        postgresql_where=text("status <> 'refused'"),
    ),
)

card_duties = Table(
    "card_duties",
    metadata,
    _id(),
    # Beside whose terminal.
    Column("kiosk_id", String(32), nullable=False),
    # reverse or close-batch.
    Column("kind", String(12), nullable=False),
    Column("service_id", String(10), nullable=False, unique=True),
    # The purchase that is taken back, and the refund that it is.
    Column("attempt_id", String(32)),
    Column("refund_id", String(32), unique=True),
    # The terminal may have been told.
    Column("begun", Boolean, nullable=False, server_default=false()),
    # waiting, done, refused or unknown.
    Column("outcome", String(12), nullable=False),
    Column("reference", String(64), nullable=False, server_default=""),
    # Of a closed batch: purchases less what was taken back, as the terminal says.
    Column("net", BigInteger),
    Column("asked_by", String(40), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Index("ix_card_duties_kiosk_id", "kiosk_id", "outcome"),
)

payment_errands = Table(
    "payment_errands",
    metadata,
    # The key under which it is sent, always the same.
    _id(),
    # hand-over, invoice, close-order or release.
    Column("kind", String(12), nullable=False),
    # The bill or the intent it is about.
    Column("target", String(32), nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("next_at", Moment, index=True),
    Column("claimed_until", Moment),
    Column("begun", Boolean, nullable=False, server_default=false()),
    Column("tries", Integer, nullable=False, server_default="0"),
    # due, done or refused.
    Column("state", String(8), nullable=False, server_default="due"),
    Column("failure", String(60)),
    Column("failing_since", Moment),
    Column("done_at", Moment),
    # Under which number the other side keeps it.
    Column("their_number", String(64)),
    UniqueConstraint("kind", "target"),
)

# --- hospital -----------------------------------------------------------------------------------------------------

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

# --- one-stop ------------------------------------------------------------------------------------------------------

one_stop_dossiers = Table(
    "one_stop_dossiers",
    metadata,
    _id(),
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
    _id(),
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
    _id(),
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
    _id(),
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
    _id(),
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
    _id(),
    Column("helper", String(40), nullable=False),
    Column("commune", String(5), nullable=False),
    Column("kiosk_id", String(32), nullable=False),
    Column("began_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("ended_at", Moment),
)

# --- staff --------------------------------------------------------------------------------------------------------

staff_calls = Table(
    "staff_calls",
    metadata,
    _id(),
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
    _id(),
    Column("name", String(40), nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_login_failures_name_at", "name", "at"),
)

# --- keeper of data (each table is declared in gateway/privacy/holdings.py) ----------------------------------------

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
    _id(),
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
    _id(),
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
    _id(),
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
    _id(),
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
    _id(),
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
    _id(),
    Column("kiosk_id", String(32), nullable=False),
    Column("kind", String(10), nullable=False),
    # Whose tries are counted: keyed hash of the person, or of what was typed.
    Column("subject", String(64), nullable=False, index=True),
    Column("person", String(64)),
    Column("template_id", String(32)),
    Column("answer", String(10), nullable=False),
    Column("at", Moment, nullable=False),
)
