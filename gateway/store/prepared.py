"""Statements that are compiled once and then run past SQLAlchemy's execution, which costs several times the driver's.

A rule that runs with every check-in keeps its statements prepared at the module's level, with `bindparam` for whatever
differs. The others are built where they are used and run by SQLAlchemy as ever (decision 0058).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Executable, LargeBinary, RowMapping, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.sql.compiler import SQLCompiler

Insert = sqlite.Insert | postgresql.Insert
Inserter = Callable[[Table], Insert]
Values = Mapping[str, Any]

_Change = Callable[[Any], Any]
_DIALECTS: dict[str, Dialect] = {
    "sqlite": sqlite.dialect(paramstyle="qmark"),
    "postgresql": postgresql.psycopg.dialect(paramstyle="numeric_dollar"),
}
_INSERTERS: dict[str, Inserter] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Prepared:
    """One statement. `make`: the statement, or how it is made with an insert that knows ON CONFLICT."""

    def __init__(self, make: Executable | Callable[[Inserter], Executable]) -> None:
        self._make = make
        self._plans: dict[tuple[str, ...], Plan] = {}

    def plan(self, dialect: str, values: Values | None) -> Plan:
        """How it runs on a dialect with values of these names."""
        key = (dialect, *values) if values else (dialect,)
        plan = self._plans.get(key)
        if plan is None:
            make = self._make
            statement = make if isinstance(make, Executable) else make(_INSERTERS[dialect])
            plan = self._plans[key] = _plan(statement, _DIALECTS[dialect], list(values or ()))
        return plan


@dataclass(frozen=True)
class Slot:
    """One place of a statement: a name to be given, or a constant; how its type is told to the driver."""

    name: str | None
    constant: Any
    change: _Change | None
    binary: bool


@dataclass(frozen=True)
class Plan:
    """A statement as a driver takes it, and how its rows are read."""

    sql: str
    encoded: bytes
    slots: tuple[Slot, ...]
    metadata: SimpleResultMetaData
    places: dict[Any, int]
    changes: Any
    """What each column's type does with the driver's value; None where no one does anything."""

    def arguments(self, values: Values | None) -> list[Any]:
        """The values in their places. KeyError for one that is missing."""
        given = values or {}
        return [
            (slot.constant if slot.name is None else given[slot.name])
            if slot.change is None
            else slot.change(slot.constant if slot.name is None else given[slot.name])
            for slot in self.slots
        ]

    def rows(self, found: Sequence[tuple[Any, ...]]) -> list[RowMapping]:
        """What the driver found, by the names of the columns."""
        return [RowMapping(self.metadata, self.changes, self.places, row) for row in found]


def _plan(statement: Any, dialect: Dialect, names: list[str]) -> Plan:
    compiled: SQLCompiler = statement.compile(dialect=dialect, column_keys=names or None)
    binds = compiled.binds
    required = {name for name, bind in binds.items() if bind.required}
    # What stands in a list (IN) is written out, one place for each.
    state = compiled.construct_expanded_state(dict.fromkeys(required))
    slots = tuple(
        Slot(
            name=name if name in required else None,
            constant=None if name in required else state.parameters[name],
            change=None if name not in binds else binds[name].type.dialect_impl(dialect).bind_processor(dialect),
            binary=name in binds and isinstance(binds[name].type, LargeBinary),
        )
        for name in state.positiontup or ()
    )
    columns = list(getattr(statement, "exported_columns", ()))
    keys = [str(column.name) for column in columns]
    changes = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
    return Plan(
        sql=state.statement,
        encoded=state.statement.encode(),
        slots=slots,
        metadata=SimpleResultMetaData(keys),
        places={key: place for place, key in enumerate(keys)},
        changes=changes if any(changes) else None,
    )
