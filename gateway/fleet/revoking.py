"""Taking a kiosk out of service for good: its key is refused within seconds, its letter is free again."""

from __future__ import annotations

from sqlalchemy import select, update

from gateway.fleet.alarms import close_all
from gateway.fleet.enrolment import EnrolmentError
from gateway.house import House
from gateway.store.tables import kiosks


def revoke(house: House, letter: str) -> str:
    """Revoke the enrolled kiosk of a letter; its name. Raises EnrolmentError when there is none."""
    with house.store.write() as transaction:
        row = transaction.one(
            select(kiosks).where(kiosks.c.letter == letter, kiosks.c.revoked_at.is_(None)).with_for_update()
        )
        if row is None:
            raise EnrolmentError(f"no enrolled kiosk has the letter {letter}")
        transaction.execute(update(kiosks).where(kiosks.c.id == row["id"]).values(revoked_at=house.now()))
        close_all(transaction, row["id"], house.now())
    return str(row["name"])
