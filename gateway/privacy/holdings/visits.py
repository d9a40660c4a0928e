"""Visits: who came, their numbers, what the insurer answered."""

from __future__ import annotations

from gateway.privacy.holding import (
    ByHash,
    ByRecord,
    DataClass,
    Deletion,
    Holding,
    Kept,
    Rule,
    Stripping,
    Through,
    no_personal_data,
)
from gateway.privacy.holdings.parts import (
    VISITS_AGE,
    as_exchanges,
    as_json,
    empty_registration,
    of_check_in,
    of_registration,
)
from gateway.privacy.kinds import CHECK_IN
from gateway.store import tables as t

_NOBODY: dict[str, object] = {
    "person": None,
    "evidence_reason": "",
    "priority": "none",
    "priority_proven": False,
    "holder": None,
    "eligibility_id": None,
    "insurance_pending": False,
    "sealed_registration": empty_registration,
    "stripped": True,
}

HOLDINGS = (
    Holding(
        t.check_ins,
        "who came, with the evidence of their identity",
        rules=(
            Rule(DataClass.VISIT, VISITS_AGE, Stripping(_NOBODY), where=t.check_ins.c.stripped.is_(False)),
            Rule(DataClass.FIGURES, VISITS_AGE, Deletion()),
        ),
        reach=(ByRecord(t.check_ins.c.id, CHECK_IN), ByHash(t.check_ins.c.person, "person")),
        export=(
            "clinic_id", "day", "arrived_at", "claimed_level", "verified_level", "evidence_reason", "priority",
            "priority_proven", "holder", "use_insurance", "slip_printed",
        ),
        sealed={"sealed_registration": as_json},
        erasure=Stripping(_NOBODY),
    ),
    Holding(
        t.registrations,
        "codes of slips",
        rules=(
            Rule(DataClass.VISIT, VISITS_AGE, Deletion(), through=(t.registrations.c.check_in_id, t.check_ins.c.id)),
        ),
        reach=(of_check_in(t.registrations),),
        export=("slip_token", "reprint_code"),
        erasure=Deletion(),
    ),
    Holding(
        t.tickets,
        "numbers and what became of them",
        rules=(
            Rule(DataClass.FIGURES, VISITS_AGE, Deletion(), through=(t.tickets.c.check_in_id, t.check_ins.c.id)),
            # Called from its paper, and no registration ever came.
            Rule(DataClass.FIGURES, t.tickets.c.issued_at, Deletion(), where=t.tickets.c.check_in_id.is_(None)),
        ),
        reach=(of_check_in(t.tickets),),
        export=("clinic_id", "day", "number", "status", "issued_at", "expected_at", "changed_at"),
        erasure=Kept("a number without a person, for the figures"),
    ),
    Holding(
        t.ticket_events,
        "what counters did with a number, and which member of staff",
        rules=(
            Rule(DataClass.STAFF, t.ticket_events.c.at, Stripping({"actor": ""}), where=t.ticket_events.c.actor != ""),
            Rule(DataClass.FIGURES, t.ticket_events.c.at, Deletion()),
        ),
        reach=(Through(((t.ticket_events.c.ticket_id, t.tickets.c.id),)),),
        export=("at", "kind", "clinic_id"),
        erasure=Kept("a number without a person, for the figures"),
    ),
    Holding(
        t.appointments,
        "booked visits, for hospitals whose system tells none",
        rules=(Rule(DataClass.VISIT, t.appointments.c.start, Deletion()),),
        reach=(ByHash(t.appointments.c.person, "person"), of_check_in(t.appointments)),
        export=("clinic_id", "kind", "day", "start", "end"),
        erasure=Deletion(),
    ),
    Holding(
        t.paper_uses,
        "re-visit slips that were used, by a keyed hash of their number",
        rules=(
            Rule(
                DataClass.STAFF,
                t.paper_uses.c.used_at,
                Stripping({"noted_by": ""}),
                where=t.paper_uses.c.noted_by != "",
            ),
            Rule(DataClass.INSURANCE, t.paper_uses.c.used_at, Deletion()),
        ),
        reach=(of_check_in(t.paper_uses),),
        export=("kind", "used_at"),
        erasure=Kept("that a slip was used, so that it is not used twice: its number cannot be read from it"),
    ),
    no_personal_data(
        t.slot_days, "how many numbers of a time slot are taken", Rule(DataClass.FIGURES, t.slot_days.c.day, Deletion())
    ),
    no_personal_data(t.queue_days, "how many numbers a clinic gave", forever="one row for each clinic and day"),
    no_personal_data(t.leases, "numbers kiosks may print", Rule(DataClass.ANSWER, t.leases.c.day, Deletion())),
    no_personal_data(
        t.lease_uses,
        "leased numbers that were used",
        Rule(DataClass.ANSWER, t.leases.c.day, Deletion(), through=(t.lease_uses.c.lease_id, t.leases.c.id)),
    ),
    Holding(
        t.look_ups,
        "what the insurer answered about a card",
        rules=(
            Rule(
                DataClass.INSURANCE,
                t.look_ups.c.asked_at,
                Stripping(
                    {
                        "subject": "",
                        "sealed_judgement": None,
                        "sealed_raw": None,
                        "operator": None,
                        "mismatch_code": None,
                    }
                ),
                where=t.look_ups.c.subject != "",
            ),
            Rule(DataClass.FIGURES, t.look_ups.c.asked_at, Deletion()),
        ),
        reach=(
            ByHash(t.look_ups.c.subject, "insured"),
            Through(((t.look_ups.c.id, t.check_ins.c.eligibility_id),)),
        ),
        export=("asked_at", "answered_at", "result", "result_code", "failure_code", "mismatch_code"),
        sealed={"sealed_judgement": as_json, "sealed_raw": as_exchanges},
        erasure=Kept("evidence of the look-up: the insurer's answer is kept with its time"),
    ),
    Holding(
        t.later_look_ups,
        "look-ups that are repeated",
        rules=(
            Rule(DataClass.VISIT, VISITS_AGE, Deletion(), through=(t.later_look_ups.c.check_in_id, t.check_ins.c.id)),
        ),
        reach=(of_check_in(t.later_look_ups),),
        erasure=Deletion(),
    ),
    Holding(
        t.hospital_visits,
        "what the hospital's own system was told of a visit, and by which number it knows it",
        rules=(
            Rule(DataClass.VISIT, VISITS_AGE, Deletion(), through=(t.hospital_visits.c.check_in_id, t.check_ins.c.id)),
        ),
        reach=(of_check_in(t.hospital_visits),),
        export=("state", "opened_at", "told_at"),
        sealed={"sealed_told": as_json},
        erasure=Deletion(),
    ),
    Holding(
        t.hospital_tasks,
        "what the hospital's own system answered that staff must see to, and who saw to it",
        rules=(
            Rule(
                DataClass.STAFF,
                t.hospital_tasks.c.opened_at,
                Stripping({"closed_by": ""}),
                where=t.hospital_tasks.c.closed_by != "",
            ),
            Rule(DataClass.VISIT, VISITS_AGE, Deletion(), through=(t.hospital_tasks.c.check_in_id, t.check_ins.c.id)),
        ),
        reach=(of_check_in(t.hospital_tasks),),
        export=("kind", "about", "opened_at", "closed_at", "decision"),
        erasure=Deletion(),
    ),
    Holding(
        t.xml0_records,
        "check-in records (XML0) and whether the hospital's system has them",
        rules=(
            Rule(DataClass.VISIT, VISITS_AGE, Deletion(), through=(t.xml0_records.c.check_in_id, t.check_ins.c.id)),
        ),
        reach=(of_check_in(t.xml0_records),),
        export=("made_at", "state", "handed_at"),
        sealed={"sealed_record": as_json},
        erasure=Kept("the check-in record is owed to the health insurance fund (QĐ 4750/QĐ-BYT)"),
    ),
    Holding(
        t.cash_reasons,
        "why somebody did not pay by code: one of a few words, without a person",
        rules=(Rule(DataClass.FIGURES, t.cash_reasons.c.received_at, Deletion()),),
        reach=(of_registration(t.cash_reasons),),
        export=("day", "reason"),
        erasure=Deletion(),
    ),
)  # fmt: skip
