"""Dossiers of the one-stop centre, drafts, documents, ratings, help."""

from __future__ import annotations

from sqlalchemy import Table

from gateway.privacy.holding import (
    ByHash,
    ByRecord,
    DataClass,
    Deletion,
    Holding,
    Rule,
    Stripping,
    Through,
    no_personal_data,
)
from gateway.privacy.holdings.parts import as_base64, as_json
from gateway.privacy.kinds import DOSSIER
from gateway.store import tables as t
from gateway.store.vault import Vault

_DOSSIERS = t.one_stop_dossiers.c


def _empty(vault: Vault) -> bytes:
    return vault.seal(b"{}")


_NOBODY: dict[str, object] = {
    "person": None,
    "content": "",
    "assisted_by": None,
    "sealed_filing": _empty,
    "sealed_told": _empty,
    "stripped": True,
}


def _of_dossier(table: Table) -> Through:
    return Through(((table.c.dossier_id, _DOSSIERS.id),))


def _ends_with_its_dossier(table: Table) -> Rule:
    return Rule(DataClass.DOSSIER, _DOSSIERS.ended_at, Deletion(), through=(table.c.dossier_id, _DOSSIERS.id))


HOLDINGS = (
    Holding(
        t.one_stop_dossiers,
        "dossiers that were filed from kiosks: form, papers by name, what the authority's system told",
        rules=(
            Rule(DataClass.DOSSIER, _DOSSIERS.ended_at, Stripping(_NOBODY), where=_DOSSIERS.stripped.is_(False)),
            Rule(DataClass.FIGURES, _DOSSIERS.filed_at, Deletion(), where=_DOSSIERS.ended_at.is_not(None)),
        ),
        reach=(ByRecord(_DOSSIERS.id, DOSSIER),),
        export=("sending_code", "procedure", "state", "status", "level", "filed_at", "accepted_at",
                "promised_at", "due_at", "finished_at", "ended_at", "documents"),
        sealed={"sealed_filing": as_json, "sealed_told": as_json},
        erasure=Stripping(_NOBODY),
    ),
    Holding(
        t.one_stop_parts,
        "the procedures of a dossier with their own numbers and outcomes",
        rules=(_ends_with_its_dossier(t.one_stop_parts),),
        reach=(_of_dossier(t.one_stop_parts),),
        export=("part", "procedure", "number", "status", "due_at", "outcome"),
        erasure=Deletion(),
    ),
    Holding(
        t.one_stop_events,
        "when a dossier became what, and the remarks of the authority",
        rules=(_ends_with_its_dossier(t.one_stop_events),),
        reach=(_of_dossier(t.one_stop_events),),
        export=("part", "status", "at"),
        sealed={"sealed_text": as_json},
        erasure=Deletion(),
    ),
    Holding(
        t.one_stop_acts,
        "what an officer decided about a dossier, with the form that was printed",
        rules=(_ends_with_its_dossier(t.one_stop_acts),),
        reach=(_of_dossier(t.one_stop_acts),),
        export=("kind", "number", "at", "printed"),
        sealed={"sealed_form": as_json},
        erasure=Deletion(),
    ),
    Holding(
        t.one_stop_drafts,
        "forms that somebody goes on with later, by a printed code and their number",
        rules=(Rule(DataClass.DRAFT, t.one_stop_drafts.c.saved_at, Deletion()),),
        reach=(ByHash(t.one_stop_drafts.c.person, "subject"),),
        export=("code", "saved_at", "expires_at", "locked_at"),
        sealed={"sealed_draft": as_json},
        erasure=Deletion(),
    ),
    Holding(
        t.one_stop_documents,
        "scans and photographs before they are filed",
        rules=(Rule(DataClass.DRAFT, t.one_stop_documents.c.kept_at, Deletion()),),
        reach=(Through(((t.one_stop_documents.c.draft_id, t.one_stop_drafts.c.id),)),),
        export=("kind", "bytes", "pages", "kept_at", "expires_at"),
        sealed={"sealed_content": as_base64},
        erasure=Deletion(),
    ),
    no_personal_data(
        t.one_stop_tries, "wrong tries of codes", Rule(DataClass.SESSION, t.one_stop_tries.c.since, Deletion())
    ),
    no_personal_data(
        t.one_stop_uploads,
        "links that were opened for phones",
        Rule(DataClass.SESSION, t.one_stop_uploads.c.expires_at, Deletion()),
    ),
    no_personal_data(
        t.one_stop_rated,
        "what was rated, once: a keyed hash",
        Rule(DataClass.FIGURES, t.one_stop_rated.c.week, Deletion()),
    ),
    no_personal_data(
        t.one_stop_ratings,
        "how many ratings of each level a service group got in a week",
        Rule(DataClass.FIGURES, t.one_stop_ratings.c.week, Deletion()),
    ),
    no_personal_data(
        t.one_stop_counts,
        "how often was looked up, and how many people were helped, by day",
        Rule(DataClass.FIGURES, t.one_stop_counts.c.day, Deletion()),
    ),
    Holding(
        t.one_stop_helpers,
        "people of the community digital team who may sign in at kiosks",
        rules=(Rule(DataClass.STAFF, t.one_stop_helpers.c.disabled_at, Deletion()),),
    ),
    Holding(
        t.one_stop_assists,
        "when somebody of the community digital team helped at which kiosk",
        rules=(Rule(DataClass.STAFF, t.one_stop_assists.c.began_at, Deletion()),),
    ),
)  # fmt: skip
