"""Finding a person's records: by the code of a slip, the number of a bill, or a number they give."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from sqlalchemy import RowMapping, or_, select

from gateway.clock import day_of
from gateway.house import House
from gateway.privacy.kinds import CHECK_IN, CONSENT, DOSSIER, LATE
from gateway.privacy.reach import Subject
from gateway.privacy.subjects import Role, numbers_of, subject_hash
from gateway.queue.tickets import live_ticket
from gateway.store.database import Transaction
from gateway.store.tables import (
    bills,
    check_ins,
    one_stop_dossiers,
    one_stop_parts,
    registrations,
    subject_links,
)
from services.codes.errors import CodeError
from services.codes.slip import looks_like_slip, read_slip
from services.contract.models import Registration
from services.contract.ticket_codes import clean_reprint_code

_REPRINT = re.compile("[0-9A-Z]{4}-?[0-9A-Z]{4}")
_BILL = re.compile("VT-?([0-9]{4,})")
_NUMBER = re.compile("[0-9]{9,12}|[A-Z]{2}[0-9]{13}")


@dataclass(frozen=True)
class FoundVisit:
    """A visit as the list shows it: nothing that tells who."""

    check_in_id: str
    day: date
    clinic: str
    number: str
    role: Role
    stripped: bool


@dataclass(frozen=True)
class FoundDossier:
    """A dossier of the one-stop centre as the list shows it."""

    id: str
    day: date
    procedure: str
    code: str
    stripped: bool


@dataclass(frozen=True)
class Found:
    """What a search came to."""

    subject: Subject
    """The person's rows where they are the patient."""
    companion_of: tuple[str, ...] = ()
    """Check-ins of others in which they stand as companion."""
    visits: tuple[FoundVisit, ...] = ()
    dossiers: tuple[FoundDossier, ...] = ()
    whole_person: bool = False
    """Found by their number: everything of theirs, not one visit alone."""

    @property
    def anything(self) -> bool:
        """Whether there is anything at all."""
        return self.subject.known or bool(self.companion_of)


NOBODY = Found(Subject())


def find(house: House, transaction: Transaction, asked: str) -> Found:
    """Search by whatever stands on the person's paper. An unknown form finds nothing."""
    text = re.sub(r"\s", "", asked).upper()
    if _NUMBER.fullmatch(text):
        return _by_number(house, transaction, text)
    check_in_id = _by_code(transaction, text)
    if check_in_id is None:
        return _dossier(transaction, text)
    return _visit(house, transaction, check_in_id)


def person_behind(house: House, transaction: Transaction, check_in_id: str) -> Registration | None:
    """The registration of a check-in, opened; None when it is stripped or gone."""
    row = transaction.one(select(check_ins).where(check_ins.c.id == check_in_id))
    if row is None or row["stripped"]:
        return None
    return Registration.model_validate_json(house.vault.open(row["sealed_registration"]))


def _by_number(house: House, transaction: Transaction, number: str) -> Found:
    ours = subject_hash(house, number)
    links = transaction.all(select(subject_links).where(subject_links.c.subject == ours))
    as_patient = {kind: _records(links, kind, Role.PATIENT) for kind in (CHECK_IN, LATE, CONSENT, DOSSIER)}
    companion_of = tuple(sorted(set(_records(links, CHECK_IN, Role.COMPANION)) - set(as_patient[CHECK_IN])))
    known_as = {number} | {
        each
        for id in as_patient[CHECK_IN]
        if (registration := person_behind(house, transaction, id)) is not None
        for each in numbers_of(registration.patient)
        if number in numbers_of(registration.patient)
    }
    hashes = {
        "person": tuple(house.vault.hash("person", each) for each in sorted(known_as)),
        "insured": tuple(house.vault.hash("insured", each) for each in sorted(known_as)),
        "subject": tuple(subject_hash(house, each) for each in sorted(known_as)),
    }
    subject = Subject(hashes, as_patient)
    by_hash = [
        row["id"] for row in transaction.all(select(check_ins.c.id).where(check_ins.c.person.in_(hashes["person"])))
    ]
    visits = [
        *(_listed(house, transaction, id, Role.PATIENT) for id in sorted({*as_patient[CHECK_IN], *by_hash})),
        *(_listed(house, transaction, id, Role.COMPANION) for id in companion_of),
    ]
    subject = Subject(hashes, {**as_patient, CHECK_IN: tuple(sorted({*as_patient[CHECK_IN], *by_hash}))})
    listed = sorted((visit for visit in visits if visit is not None), key=lambda visit: visit.day, reverse=True)
    dossiers = _dossiers(transaction, as_patient[DOSSIER])
    return Found(subject, companion_of, tuple(listed), dossiers, whole_person=True)


def _records(links: list[RowMapping], kind: str, role: Role) -> tuple[str, ...]:
    return tuple(sorted(row["record"] for row in links if row["kind"] == kind and row["role"] == role.value))


def _by_code(transaction: Transaction, text: str) -> str | None:
    if (bill := _BILL.fullmatch(text)) is not None:
        row = transaction.one(
            select(bills.c.check_in_id).where(bills.c.source == "check-in", bills.c.number == f"VT-{bill[1]}")
        )
    elif _REPRINT.fullmatch(text):
        wanted = clean_reprint_code(text)
        row = transaction.one(select(registrations.c.check_in_id).where(registrations.c.reprint_code == wanted))
    elif looks_like_slip(text):
        row = transaction.one(select(registrations.c.check_in_id).where(registrations.c.slip_token == _token(text)))
    else:
        row = None
    return None if row is None else str(row["check_in_id"])


def _token(text: str) -> str:
    try:
        return read_slip(text).token
    except CodeError:
        return ""


def _dossier(transaction: Transaction, text: str) -> Found:
    """A dossier by its sending code, its dossier code, or its slip."""
    dossiers = one_stop_dossiers.c
    row = transaction.one(
        select(dossiers.id)
        .outerjoin(one_stop_parts, one_stop_parts.c.dossier_id == dossiers.id)
        .where(
            or_(
                dossiers.sending_code == clean_reprint_code(text),
                one_stop_parts.c.number == text[:40],
                dossiers.token == (_token(text) if looks_like_slip(text) else ""),
            )
        )
        .limit(1)
    )
    if row is None:
        return NOBODY
    id = str(row["id"])
    return Found(Subject(records={DOSSIER: (id,)}), dossiers=_dossiers(transaction, (id,)))


def _dossiers(transaction: Transaction, ids: tuple[str, ...]) -> tuple[FoundDossier, ...]:
    rows = transaction.all(
        select(one_stop_dossiers).where(one_stop_dossiers.c.id.in_(ids)).order_by(one_stop_dossiers.c.filed_at.desc())
    )
    return tuple(
        FoundDossier(row["id"], day_of(row["filed_at"]), row["procedure"], row["sending_code"], row["stripped"])
        for row in rows
    )


def _visit(house: House, transaction: Transaction, check_in_id: str) -> Found:
    visit = _listed(house, transaction, check_in_id, Role.PATIENT)
    if visit is None:
        return NOBODY
    keys = transaction.all(select(registrations.c.registration_key).where(registrations.c.check_in_id == check_in_id))
    records = {CHECK_IN: (check_in_id,), CONSENT: tuple(row["registration_key"] for row in keys)}
    return Found(Subject(records=records), visits=(visit,))


def _listed(house: House, transaction: Transaction, check_in_id: str, role: Role) -> FoundVisit | None:
    row = transaction.one(select(check_ins).where(check_ins.c.id == check_in_id))
    if row is None:
        return None
    ticket = live_ticket(transaction, check_in_id)
    clinic = house.clinics.get(row["clinic_id"])
    return FoundVisit(
        check_in_id,
        row["day"],
        row["clinic_id"] if clinic is None else clinic.name,
        "" if ticket is None else ticket["number"],
        role,
        row["stripped"],
    )
