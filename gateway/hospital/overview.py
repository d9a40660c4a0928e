"""How the deliveries to the hospital's system stand: counts and ages, never a person."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from gateway.house import House
from gateway.store.database import Transaction
from gateway.store.tables import hospital_visits


def lines(house: House, transaction: Transaction) -> Iterator[str]:
    """One line for each state and fault, and how long the oldest that is due has waited."""
    rows = hospital_visits.c
    yield f"kind: {house.settings.hospital.kind}"
    counted = select(rows.state, rows.failure, func.count().label("count")).group_by(rows.state, rows.failure)
    for row in transaction.all(counted.order_by(rows.state, rows.failure)):
        fault = f" ({row['failure']})" if row["failure"] else ""
        yield f"{row['state']}{fault}: {row['count']}"
    due = rows.next_at.is_not(None), rows.told_version < rows.version
    oldest = transaction.one(select(rows.opened_at).where(*due).order_by(rows.opened_at).limit(1))
    waited = 0 if oldest is None else round((house.now() - oldest["opened_at"]).total_seconds())
    yield f"oldest not told: {waited} s"
