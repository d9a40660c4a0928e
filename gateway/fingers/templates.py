"""Templates in the store: sealed, found by keyed hashes, replaced finger by finger, erased with their consent."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import RowMapping, delete, insert, select, update

from gateway.house import House, new_id
from gateway.store.database import Transaction
from gateway.store.tables import finger_templates as table
from services.contract.models import Person
from services.fingers.matcher import EXTRACTOR, Template
from services.fingers.rules import MOST_CANDIDATES, Position


@dataclass(frozen=True)
class Kept:
    """One person's finger."""

    id: str
    person: str
    templates: tuple[Template, ...] = field(repr=False)


@dataclass(frozen=True)
class Owner:
    """Whose finger is kept, and for which registration."""

    person: str
    """Keyed hash of the number."""
    known: Person = field(repr=False)
    kiosk_id: str
    registration_key: str
    returning: str | None
    """Keyed hash of what the person types when they come without the card; None: they never may."""


def person_hash(house: House, number: str) -> str:
    """As check-ins name a proven person."""
    return house.vault.hash("person", number)


def returning_hash(house: House, birth: str, phone_last4: str) -> str:
    """What a returning person types."""
    return house.vault.hash("finger-return", f"{birth}|{phone_last4}")


def keep(house: House, transaction: Transaction, owner: Owner, templates: Sequence[Template]) -> None:
    """Keep one finger, in the place of an older enrolment of the same one."""
    position = int(templates[0].position)
    transaction.execute(delete(table).where(table.c.person == owner.person, table.c.position == position))
    records = [base64.b64encode(one.record).decode() for one in templates]
    known = owner.known.model_dump(mode="json", include={"number", "name", "birth", "sex"})
    transaction.execute(
        insert(table).values(
            id=new_id(),
            person=owner.person,
            position=position,
            extractor=EXTRACTOR,
            sealed_templates=house.vault.seal(json.dumps(records).encode()),
            sealed_person=house.vault.seal(json.dumps(known, ensure_ascii=False).encode()),
            comes_back=owner.returning,
            kiosk_id=owner.kiosk_id,
            registration_key=owner.registration_key,
            created_at=house.now(),
            used_at=house.now(),
        )
    )


def of_person(house: House, transaction: Transaction, person: str) -> list[Kept]:
    """Every finger of a person that this extractor made."""
    rows = transaction.all(select(table).where(table.c.person == person, table.c.extractor == EXTRACTOR))
    return [_kept(house, row) for row in rows]


def candidates(house: House, transaction: Transaction, returning: str) -> list[Kept]:
    """Fingers of at most ten people who would type the same, the latest used first."""
    rows = transaction.all(
        select(table)
        .where(table.c.comes_back == returning, table.c.extractor == EXTRACTOR)
        .order_by(table.c.used_at.desc())
    )
    people = list(dict.fromkeys(str(row["person"]) for row in rows))[:MOST_CANDIDATES]
    return [_kept(house, row) for row in rows if row["person"] in people]


def used(house: House, transaction: Transaction, id: str) -> None:
    """It matched: its time begins anew."""
    transaction.execute(update(table).where(table.c.id == id).values(used_at=house.now()))


def owner_of(house: House, transaction: Transaction, id: str) -> dict[str, str | None] | None:
    """Number, name, birth and sex behind a template; None when it was erased meanwhile."""
    row = transaction.one(select(table.c.sealed_person).where(table.c.id == id))
    return None if row is None else json.loads(house.vault.open(row["sealed_person"]))


def _kept(house: House, row: RowMapping) -> Kept:
    records: list[str] = json.loads(house.vault.open(row["sealed_templates"]))
    position = Position(row["position"])
    return Kept(row["id"], row["person"], tuple(Template(position, base64.b64decode(one)) for one in records))
