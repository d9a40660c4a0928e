"""The register of holdings: every table of `gateway/store/tables/` declares itself in one of these modules, once.

A new table: add an entry to the module of its room, or a module of its own that `ROOMS` lists.
- A table without people: `no_personal_data(table, "what it holds")`, with a rule or `forever`.
- A table about people: its class and from when its time is counted (`Rule`), how a person's rows are found (`reach`),
  which columns they get a copy of (`export`, `sealed`), and what becomes of the rows at their request (`erasure`).

`tests/gateway/test_declared_tables.py` fails while a table is missing.
"""

from __future__ import annotations

from graphlib import TopologicalSorter

from sqlalchemy import FromClause

from gateway.privacy.holding import Holding, Through
from gateway.privacy.holdings import fingers, fleet, keeper, money, one_stop, people, visits
from gateway.store.tables import metadata

ROOMS = (fleet, visits, money, one_stop, people, keeper, fingers)
HOLDINGS: dict[str, Holding] = {holding.table.name: holding for room in ROOMS for holding in room.HOLDINGS}


class NotDeclared(LookupError):
    """A table that nobody declared: a programming error, held by a test."""


def holding_of(table: FromClause) -> Holding:
    """The declaration of a table. Raises NotDeclared."""
    name = str(getattr(table, "name", ""))
    if name not in HOLDINGS:
        raise NotDeclared(name)
    return HOLDINGS[name]


def undeclared() -> list[str]:
    """Tables of the store that are missing in the register."""
    return sorted(set(metadata.tables) - set(HOLDINGS))


def in_order() -> list[Holding]:
    """Every holding, whatever points at others or is found through them first: the order in which rows may go."""
    order = TopologicalSorter[str]()
    for name, holding in HOLDINGS.items():
        order.add(name)
        parents = {key.column.table.name for key in holding.table.foreign_keys}
        parents |= {way.parent.name for way in holding.reach if isinstance(way, Through)}
        for parent in parents - {name}:
            order.add(parent, name)
    return [HOLDINGS[name] for name in order.static_order()]
