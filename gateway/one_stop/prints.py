"""What is printed of a dossier beside its acts: the declaration to be signed, control sheet (06) and register (07).

Circular 03/2025/TT-VPCP, Annex I, names 06 and 07; their columns are those of the sheet and register they replaced
(Circular 01/2018/TT-VPCP, forms 05 and 06): the official layout of 2025 has not been seen. Nothing here is kept: it is
made of what is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import Enum

from sqlalchemy import RowMapping, select

from gateway.clock import PLACE, day_of
from gateway.house import House
from gateway.one_stop.answers import ShownSection, form_named, shown_answers
from gateway.one_stop.forms import FormData
from gateway.one_stop.keeping import as_answer, by_id, centre_of, filing_of, judged, opened, parts_of
from gateway.one_stop.reception import TARGET, Act, acts_of
from gateway.problems import Refused
from gateway.store.database import Transaction
from gateway.store.tables import one_stop_acts, one_stop_dossiers
from services.contract.one_stop import Filing, Signature, StatusEvent
from services.procedures.cases import case_names

LONGEST = timedelta(days=92)
"""So much of the register at once."""
HANDING = {Act.ACCEPT, Act.HAND_OVER}
"""With these the reception has the dossier in hand; whatever else it decides, the dossier stays where it is."""


@dataclass(frozen=True)
class Declaration:
    """The form as it was filled in, with the words that were declared and who signs how."""

    title: str
    agency: str
    seat: str
    case: str
    sections: tuple[ShownSection, ...]
    words: str
    form_version: str
    notice_version: str
    at: datetime
    sending_code: str
    declarant: str
    signed_with: str
    """The electronic signature that was used; empty: it waits for a hand."""


class Kept(Enum):
    """How a dossier stands against the day that was promised."""

    EARLY = "early"
    ON_TIME = "ontime"
    LATE = "late"
    OPEN = "open"


@dataclass(frozen=True)
class ControlLine:
    """One step: what, when, by whom. `giver` is the unit that had it before, where it went on to another."""

    at: datetime
    what: str
    unit: str
    who: str
    note: str
    giver: str = ""
    gave: str = ""


@dataclass(frozen=True)
class Control:
    """Sheet 06."""

    agency: str
    unit: str
    code: str
    procedure: str
    received_from: str
    accepted_at: datetime
    due_at: datetime | None
    lines: tuple[ControlLine, ...]
    kept: Kept


@dataclass(frozen=True)
class RegisterLine:
    """A line of book 07: a receipt that was given out, and what became of it."""

    receipt: FormData
    returned_at: datetime | None
    kept: Kept
    note: str


def declaration(house: House, transaction: Transaction, dossier_id: str) -> Declaration:
    """The declaration of a dossier. Raises Refused 404 when its words are gone."""
    row, filing = _found(house, transaction, dossier_id)
    centre = centre_of(house)
    procedure = centre.procedure(row["procedure"], day_of(row["filed_at"]))
    told = filing.declared
    form = None if told is None else form_named(told.form)
    return Declaration(
        title=(row["procedure"] if procedure is None else procedure.name) if form is None else form.name,
        agency=centre.settings.agency,
        seat=centre.settings.seat,
        case="" if procedure is None else ", ".join(case_names(procedure, filing.case, english=False)),
        sections=shown_answers(procedure, filing, english=False),
        # Words of another version than the one agreed to are never put into anybody's mouth.
        words=form.declaration if form is not None and told is not None and form.version == told.form_version else "",
        form_version="" if told is None else told.form_version,
        notice_version="" if told is None else told.notice_version,
        at=filing.at if told is None else told.at,
        sending_code=row["sending_code"],
        declarant=filing.applicant.name or "",
        signed_with=filing.signed_with if filing.signature is Signature.ELECTRONIC else "",
    )


def control(house: House, transaction: Transaction, dossier_id: str) -> Control:
    """Sheet 06 of an accepted dossier. Raises Refused 404."""
    row, filing = _found(house, transaction, dossier_id)
    if row["accepted_at"] is None:
        raise Refused(404, "It was not accepted yet")
    centre = centre_of(house)
    told = as_answer(house, transaction, row)
    done = acts_of(transaction, dossier_id)
    reception = centre.settings.receiving_unit
    acts = [
        ControlLine(
            act["at"],
            f"did.{act['kind']}",
            reception if Act(act["kind"]) in HANDING else "",
            _officer(house, act["officer"]),
            "",
        )
        for act in done
    ]
    steps = [
        ControlLine(event.at, f"status.{int(event.status)}", event.unit, "", event.note)
        for event in _of_the_authority(told.events, done)
    ]
    return Control(
        agency=centre.settings.agency,
        unit=reception,
        code=parts_of(transaction, dossier_id)[0]["number"] or "",
        procedure=told.name,
        received_from=filing.applicant.name or "",
        accepted_at=row["accepted_at"],
        due_at=row["due_at"],
        lines=_handed_on(sorted([*acts, *steps], key=lambda line: line.at), reception),
        kept=kept_word(judged(house, transaction, row), row["finished_at"], row["ended_at"] or house.now()),
    )


def register(house: House, transaction: Transaction, first: date, last: date) -> tuple[RegisterLine, ...]:
    """Book 07: every receipt of those days in its order. Raises Refused 422 for days that are not in order."""
    if not first <= last <= first + LONGEST:
        raise Refused(422, "These days are not in order")
    start = datetime.combine(first, time(), PLACE)
    end = datetime.combine(last + timedelta(days=1), time(), PLACE)
    acts, its = one_stop_acts.c, one_stop_dossiers.c
    judged_by = its.accepted_at, its.promised_at, its.due_at, its.finished_at, its.ended_at, its.supplements
    rows = transaction.all(
        select(acts.sealed_form, its.id, *judged_by)
        .join(one_stop_dossiers, one_stop_dossiers.c.id == acts.dossier_id)
        .where(acts.kind == Act.ACCEPT.value, acts.at >= start, acts.at < end)
        .order_by(acts.at, acts.number)
    )
    return tuple(_line(house, transaction, row) for row in rows)


def _of_the_authority(events: Sequence[StatusEvent], done: Sequence[RowMapping]) -> Iterator[StatusEvent]:
    """What this house did itself comes back from the authority's system too: another day that was promised as the
    status it had before."""
    known = {(TARGET.get(Act(act["kind"])), act["at"].replace(microsecond=0)) for act in done}
    for before, event in zip((None, *events), events, strict=False):
        at = event.at.replace(microsecond=0)
        again = before is not None and before.status is event.status and (None, at) in known
        if not again and (event.status, at) not in known:
            yield event


def _handed_on(lines: list[ControlLine], first: str) -> tuple[ControlLine, ...]:
    """Each line with who gave it; nobody where it stayed, and where nothing is said of the unit it stayed too.
    `first`: the unit that has it before anybody says so."""
    made = list[ControlLine]()
    unit, who = (lines[0].unit if lines else "") or first, ""
    for line in lines:
        if line.unit in {"", unit}:
            made.append(replace(line, unit=unit))
            who = line.who if line.unit else who
        else:
            made.append(replace(line, giver=unit, gave=who))
            unit, who = line.unit, line.who
    return tuple(made)


def kept_word(due_at: datetime | None, finished_at: datetime | None, now: datetime) -> Kept:
    """Finished before the day that was promised, on it, after it; not finished: late once the promise has passed."""
    if due_at is None:
        return Kept.OPEN
    if finished_at is None:
        return Kept.LATE if now > due_at else Kept.OPEN
    if finished_at > due_at:
        return Kept.LATE
    return Kept.EARLY if day_of(finished_at) < day_of(due_at) else Kept.ON_TIME


def _line(house: House, transaction: Transaction, row: RowMapping) -> RegisterLine:
    done = {act["kind"]: act["at"] for act in acts_of(transaction, row["id"])}
    ended = next((kind for kind in (Act.WITHDRAW, Act.STOP) if kind.value in done), None)
    return RegisterLine(
        receipt=opened(house, row, "sealed_form", FormData),
        returned_at=done.get(Act.HAND_OVER.value),
        kept=kept_word(judged(house, transaction, row), row["finished_at"], row["ended_at"] or house.now()),
        note="" if ended is None else ended.value,
    )


def _found(house: House, transaction: Transaction, dossier_id: str) -> tuple[RowMapping, Filing]:
    row = by_id(transaction, dossier_id)
    filing = None if row is None else filing_of(house, row)
    if row is None or filing is None:
        raise Refused(404, "There is no such dossier")
    return row, filing


def _officer(house: House, account: str) -> str:
    return centre_of(house).settings.officers.get(account, account)
