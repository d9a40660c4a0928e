"""Kiosks, and the writes they send."""

from __future__ import annotations

from gateway.privacy.holding import (
    ByRecord,
    DataClass,
    Deletion,
    Holding,
    Rule,
    Stripping,
    Through,
    no_personal_data,
)
from gateway.privacy.holdings.parts import as_json, nothing, of_registration
from gateway.privacy.kinds import LATE
from gateway.store import tables as t

HOLDINGS = (
    no_personal_data(t.kiosks, "kiosks and their public keys", forever="old tickets still name a revoked kiosk"),
    no_personal_data(
        t.enrolment_codes, "one-time codes", Rule(DataClass.SESSION, t.enrolment_codes.c.expires_at, Deletion())
    ),
    no_personal_data(t.assertions, "spent tokens", Rule(DataClass.SESSION, t.assertions.c.expires_at, Deletion())),
    no_personal_data(t.nonces, "numbers that chips sign", Rule(DataClass.SESSION, t.nonces.c.expires_at, Deletion())),
    no_personal_data(t.heartbeats, "how kiosks are", forever="one row for each kiosk, the newest"),
    no_personal_data(
        t.kiosk_bundles,
        "diagnostics of kiosks, redacted by the kiosk and by the gateway",
        Rule(DataClass.ANSWER, t.kiosk_bundles.c.received_at, Deletion()),
    ),
    Holding(
        t.kiosk_alarms,
        "alarms of kiosks, and which technician saw them",
        rules=(Rule(DataClass.FIGURES, t.kiosk_alarms.c.closed_at, Deletion()),),
        personal=False,
    ),
    no_personal_data(t.counters, "running numbers", forever="one row for each series"),
    Holding(
        t.operations,
        "answers of writes, kept for kiosks that send again",
        rules=(
            Rule(DataClass.ASKED, t.operations.c.began_at, Deletion(), where=t.operations.c.operation == "eligibility"),
            Rule(DataClass.ANSWER, t.operations.c.began_at, Deletion()),
        ),
        reach=(
            Through(
                (
                    (t.operations.c.kiosk_id, t.registrations.c.kiosk_id),
                    (t.operations.c.key, t.registrations.c.registration_key),
                )
            ),
            Through(
                (
                    (t.operations.c.kiosk_id, t.one_stop_dossiers.c.kiosk_id),
                    (t.operations.c.key, t.one_stop_dossiers.c.filing_key),
                )
            ),
        ),
        # The key stays spent: sent once more, the registration must not come back to life.
        erasure=Stripping({"status": 410, "sealed_answer": nothing}),
    ),
    Holding(
        t.reconciliation,
        "registrations that came more than 30 days late",
        rules=(Rule(DataClass.VISIT, t.reconciliation.c.received_at, Deletion()),),
        reach=(ByRecord(t.reconciliation.c.key, LATE),),
        export=("kiosk_id", "received_at"),
        sealed={"sealed_body": as_json},
        erasure=Deletion(),
    ),
    Holding(
        t.early_writes,
        "what came before its registration: number, slip, leaving",
        rules=(Rule(DataClass.ANSWER, t.early_writes.c.received_at, Deletion()),),
        reach=(of_registration(t.early_writes),),
        erasure=Deletion(),
    ),
)
