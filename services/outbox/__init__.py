"""The outbox: what was accepted reaches the gateway once, and nobody can read it on the way (DESIGN sections 6, 8)."""

from services.outbox.database import FILE, Database, NewerDatabase, open_or_set_aside
from services.outbox.entries import MAX_AGE, Counts, Draft, Entry, EntryState, Outbox
from services.outbox.numbers import Numbers
from services.outbox.open_operations import OpenOperation, OpenOperations

__all__ = [
    "FILE",
    "MAX_AGE",
    "Counts",
    "Database",
    "Draft",
    "Entry",
    "EntryState",
    "NewerDatabase",
    "Numbers",
    "OpenOperation",
    "OpenOperations",
    "Outbox",
    "open_or_set_aside",
]
