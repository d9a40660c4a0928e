"""What the keeper of data itself keeps: links to people, consents, and the proof that the law was followed."""

from __future__ import annotations

from gateway.privacy.holding import (
    ByHash,
    ByRecord,
    DataClass,
    Deletion,
    Holding,
    Kept,
    Rule,
    Through,
    no_personal_data,
)
from gateway.privacy.holdings.parts import OVERSIGHT, of_registration
from gateway.privacy.kinds import CHECK_IN, CONSENT, DOSSIER, LATE
from gateway.store import tables as t

_LINKS = t.subject_links.c

HOLDINGS = (
    Holding(
        t.subject_links,
        "keyed hashes of numbers: which records are about the same person",
        rules=(
            Rule(DataClass.VISIT, _LINKS.noted_at, Deletion(), where=_LINKS.kind.not_in((CONSENT, DOSSIER))),
            Rule(
                DataClass.DOSSIER,
                t.one_stop_dossiers.c.ended_at,
                Deletion(),
                through=(_LINKS.record, t.one_stop_dossiers.c.id),
                where=_LINKS.kind == DOSSIER,
            ),
            Rule(DataClass.CONSENT, _LINKS.noted_at, Deletion(), where=_LINKS.kind != DOSSIER),
        ),
        reach=(ByRecord(_LINKS.record, CHECK_IN), ByRecord(_LINKS.record, LATE), ByRecord(_LINKS.record, DOSSIER)),
        erasure=Deletion(),
    ),
    Holding(
        t.consents,
        "consents given and refused, with the version of the text",
        rules=(Rule(DataClass.CONSENT, t.consents.c.at, Deletion()),),
        reach=(ByRecord(t.consents.c.registration_key, CONSENT), of_registration(t.consents)),
        export=("purpose", "given", "notice_version", "notice_digest", "language", "at", "withdrawn_at"),
        erasure=Kept("proof of what was agreed to and refused"),
    ),
    no_personal_data(t.notices, "texts of notices as they were shown", forever="proof of what each version said"),
    Holding(
        t.access_log,
        "who of the staff opened which record, and why",
        rules=(Rule(DataClass.OVERSIGHT, t.access_log.c.at, Deletion()),),
        reach=(
            Through(((t.access_log.c.record, t.check_ins.c.id),)),
            Through(((t.access_log.c.record, t.one_stop_dossiers.c.id),)),
        ),
        export=("at", "who", "action"),
        erasure=OVERSIGHT,
    ),
    Holding(
        t.data_requests,
        "requests of people about their data",
        rules=(Rule(DataClass.OVERSIGHT, t.data_requests.c.received_at, Deletion()),),
        reach=(ByHash(t.data_requests.c.subject, "subject"),),
        export=("number", "kind", "status", "received_at", "answered_at", "closed_at"),
        erasure=OVERSIGHT,
    ),
    Holding(
        t.incidents,
        "incidents with personal data",
        rules=(Rule(DataClass.OVERSIGHT, t.incidents.c.detected_at, Deletion()),),
    ),
    no_personal_data(
        t.purge_reports, "what was deleted when", Rule(DataClass.OVERSIGHT, t.purge_reports.c.began_at, Deletion())
    ),
)
