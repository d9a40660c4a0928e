"""Counters by day without people: look-ups tried and succeeded, people helped, numbers taken to file at the counter."""

from __future__ import annotations

from gateway.clock import day_of
from gateway.house import House
from gateway.store.database import Transaction
from gateway.store.tables import one_stop_counts

LOOK_UP = "look-up"
HELP = "help"
COUNTER = "counter"


def count(house: House, transaction: Transaction, kind: str, what: str, place: str = "") -> None:
    """One more."""
    row = transaction.insert(one_stop_counts).values(
        day=day_of(house.now()), kind=kind, what=what[:40], place=place[:40], count=1
    )
    keys = ["day", "kind", "what", "place"]
    transaction.execute(row.on_conflict_do_update(index_elements=keys, set_={"count": one_stop_counts.c.count + 1}))
