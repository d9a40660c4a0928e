"""Which records are about the same person: keyed hashes of the numbers they gave, whatever proves them.

A typed number is as much somebody's data as one from a chip: it is found too when its owner asks. Whoever stores a new
kind of record about people calls `link` (or is found through a record that is linked).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum

from sqlalchemy import select

from gateway.house import House
from gateway.privacy.kinds import CHECK_IN
from gateway.store.database import Transaction
from gateway.store.prepared import Prepared
from gateway.store.tables import registrations, subject_links
from services.contract.models import Person, Registration

_LINK = Prepared(lambda insert: insert(subject_links).on_conflict_do_nothing())


class Role(Enum):
    """What somebody is in a record."""

    PATIENT = "patient"
    COMPANION = "companion"


def subject_hash(house: House, number: str) -> str:
    """The keyed hash of a number, the same for every record."""
    return house.vault.hash("subject", number.strip().upper())


def numbers_of(person: Person) -> Iterator[str]:
    """Every number by which somebody may ask: their own, and the insurance number with and without its letters."""
    if person.number:
        yield person.number
    if person.insurance_number:
        yield person.insurance_number
        if len(person.insurance_number) == 15:
            yield person.insurance_number[-10:]


def link(
    house: House, transaction: Transaction, kind: str, record: str, people: Iterable[tuple[Role, Person | None]]
) -> None:
    """Note whom a record is about. Nothing is noted of people without a number: they are found by the slip's code."""
    rows = {
        (subject_hash(house, number), role.value)
        for role, person in people
        if person is not None
        for number in numbers_of(person)
    }
    now = house.now()
    for subject, role in rows:
        values = {"subject": subject, "kind": kind, "record": record, "role": role, "noted_at": now}
        transaction.later(_LINK, values)


def link_registration(
    house: House, transaction: Transaction, kind: str, record: str, registration: Registration
) -> None:
    """Patient and companion of a registration."""
    companion = registration.companion
    people = ((Role.PATIENT, registration.patient), (Role.COMPANION, companion.person if companion else None))
    link(house, transaction, kind, record, people)


def link_like_check_in(house: House, transaction: Transaction, kiosk_id: str, registration_key: str, kind: str) -> None:
    """A record named by a registration's key is about the same people, and may be kept longer than the visit."""
    found = transaction.one(
        select(registrations.c.check_in_id).where(
            registrations.c.kiosk_id == kiosk_id, registrations.c.registration_key == registration_key
        )
    )
    if found is None:
        return
    same = select(subject_links).where(subject_links.c.kind == CHECK_IN, subject_links.c.record == found["check_in_id"])
    for row in transaction.all(same):
        new = transaction.insert(subject_links).values(
            subject=row["subject"], kind=kind, record=registration_key, role=row["role"], noted_at=house.now()
        )
        transaction.execute(new.on_conflict_do_nothing())
