"""Tries: three that scored within ten minutes, counted here and not on a hospital's floor."""

from __future__ import annotations

from datetime import timedelta
from enum import Enum

from sqlalchemy import func, insert, select

from gateway.fingers.deciding import Decision
from gateway.fleet.kiosks import Kiosk
from gateway.house import House, new_id
from gateway.problems import Refused
from gateway.store.database import Transaction
from gateway.store.tables import finger_attempts as table
from services.contract.models import FingerAnswer
from services.fingers.rules import TRIES

WINDOW = timedelta(minutes=10)
_TRIES = {FingerAnswer.NO_MATCH.value, FingerAnswer.FAILED.value, FingerAnswer.UNKNOWN.value}


class Kind(Enum):
    """What a finger was compared for."""

    CHECK = "check"
    RETURN = "return"


def must_have_tries(house: House, transaction: Transaction, kind: Kind, subject: str) -> None:
    """Raises Refused 429 when all tries were used."""
    if tries_left(house, transaction, kind, subject) <= 0:
        raise Refused(429, "No tries are left; another way is needed")


def tries_left(house: House, transaction: Transaction, kind: Kind, subject: str) -> int:
    """How many comparisons may still fail."""
    row = transaction.one(
        select(func.count().label("used")).where(
            table.c.subject == subject,
            table.c.kind == kind.value,
            table.c.answer.in_(_TRIES),
            table.c.at > house.now() - WINDOW,
        )
    )
    return TRIES - (0 if row is None else int(row["used"]))


def note(
    house: House,
    transaction: Transaction,
    kiosk: Kiosk,
    kind: Kind,
    subject: str,
    decision: Decision,
    person: str | None = None,
) -> str:
    """Write one down; its id. Whose finger matched is noted with it."""
    id, found = new_id(), decision.kept
    transaction.execute(
        insert(table).values(
            id=id,
            kiosk_id=kiosk.id,
            kind=kind.value,
            subject=subject,
            person=person if found is None else found.person,
            template_id=None if found is None else found.id,
            answer=decision.answer.value,
            at=house.now(),
        )
    )
    return id


def matched(house: House, transaction: Transaction, kiosk: Kiosk, id: str) -> str | None:
    """The template that a return of this kiosk matched within the last ten minutes."""
    row = transaction.one(
        select(table.c.template_id).where(
            table.c.id == id,
            table.c.kiosk_id == kiosk.id,
            table.c.kind == Kind.RETURN.value,
            table.c.answer == FingerAnswer.MATCH.value,
            table.c.at > house.now() - WINDOW,
        )
    )
    return None if row is None else row["template_id"]
