"""Running numbers of the registers: YC-0001 for requests, SC-0001 for incidents."""

from __future__ import annotations

from gateway.store.database import Transaction
from gateway.store.tables import counters


def next_number(transaction: Transaction, name: str, prefix: str) -> str:
    """The next number of a series."""
    counter = transaction.insert(counters).values(name=name, value=1)
    counted = counter.on_conflict_do_update(index_elements=["name"], set_={"value": counters.c.value + 1})
    number = transaction.execute(counted.returning(counters.c.value)).scalar_one()
    return f"{prefix}-{number:04}"
