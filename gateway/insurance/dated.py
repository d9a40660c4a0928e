"""Rows of the law that hold from a first day to a last one, as the tables in `assets/data` write them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Generic, Protocol, TypeVar


class Dated(Protocol):
    """A row with its days; `last_day` None: open."""

    @property
    def first_day(self) -> date: ...
    @property
    def last_day(self) -> date | None: ...


D = TypeVar("D", bound=Dated)


@dataclass(frozen=True)
class Timeline(Generic[D]):
    """Rows of which at most one holds on a day."""

    rows: tuple[D, ...]

    def on(self, day: date) -> D | None:
        """The row that holds on `day`."""
        return next(
            (row for row in self.rows if row.first_day <= day and (row.last_day is None or day <= row.last_day)), None
        )


@dataclass(frozen=True)
class Number:
    """A percentage, an amount or a count."""

    value: int
    first_day: date
    last_day: date | None


def days(row: dict[str, Any]) -> tuple[date, date | None]:
    """First and last day of a row of a table. KeyError without a first one."""
    return row["from"], row.get("to")


def timeline(rows: list[D]) -> Timeline[D]:
    """Rows in their order. ValueError when two hold on one day."""
    ordered = sorted(rows, key=lambda row: row.first_day)
    for before, after in pairwise(ordered):
        if before.last_day is None or before.last_day >= after.first_day:
            raise ValueError(f"two rows hold on {after.first_day}")
    return Timeline(tuple(ordered))


def grouped(rows: list[dict[str, Any]], key: str, make: Callable[[dict[str, Any]], D]) -> dict[str, Timeline[D]]:
    """One timeline for each value of `key`."""
    groups: dict[str, list[D]] = {}
    for row in rows:
        groups.setdefault(row[key], []).append(make(row))
    return {name: timeline(group) for name, group in groups.items()}
