"""Dated tables of health insurance, read from `assets/data/insurance`: nothing of the law stands in code."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from itertools import pairwise
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

DATA = Path(__file__).resolve().parents[2] / "assets" / "data" / "insurance"


class Action(Enum):
    """What a result code leads to."""

    VALID = "valid"
    OTHER_CARD = "other-card"
    EXPIRED = "expired"
    NOT_FOUND = "not-found"
    MISMATCH = "mismatch"
    ASK_AGAIN = "ask-again"
    DOWN = "down"
    ACCOUNT = "account"
    TOKEN = "token"  # noqa: S105 - not a secret


@dataclass(frozen=True)
class ResultCode:
    """One row of the table of result codes."""

    action: Action
    meaning: str
    staff_check: bool = False
    alarm: bool = False


class _Dated(Protocol):
    @property
    def first_day(self) -> date: ...
    @property
    def last_day(self) -> date | None: ...


D = TypeVar("D", bound=_Dated)


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
class Benefits:
    """Benefit digit to percent."""

    percent: dict[str, int]
    first_day: date
    last_day: date | None


@dataclass(frozen=True)
class Number:
    """A percentage or an amount."""

    value: int
    first_day: date
    last_day: date | None


@dataclass(frozen=True)
class Route:
    """A routing code: `percent` multiplies the card's benefit; `full_benefit` sets that to 100."""

    percent: int
    message: str
    full_benefit: bool
    first_day: date
    last_day: date | None


@dataclass(frozen=True)
class Rules:
    """All dated tables."""

    result_codes: dict[str, ResultCode]
    default_action: Action
    benefits: Timeline[Benefits]
    overrides: dict[str, Timeline[Number]]
    routes: dict[str, Timeline[Route]]
    base_salary: Timeline[Number]
    limit_share: Timeline[Number]

    def result_code(self, code: str) -> ResultCode:
        """The row of a code; an unknown one is treated as the table's default says."""
        return self.result_codes.get(code) or ResultCode(self.default_action, "unknown code", staff_check=True)

    def benefit_percent(self, card_number: str, day: date) -> int | None:
        """What the card pays, in percent; None for a number without a benefit digit (10 digits)."""
        if len(card_number) != 15:
            return None
        override = self.overrides.get(card_number[:2])
        changed = override.on(day) if override else None
        if changed is not None:
            return changed.value
        table = self.benefits.on(day)
        return None if table is None else table.percent.get(card_number[2])

    def route(self, code: str, day: date) -> Route | None:
        """The route on a day; None when the code is not in the table for that day."""
        timeline = self.routes.get(code)
        return None if timeline is None else timeline.on(day)

    def limit(self, day: date) -> int | None:
        """Below this sum of a whole visit the fund pays all (đồng)."""
        salary, share = self.base_salary.on(day), self.limit_share.on(day)
        return None if salary is None or share is None else salary.value * share.value // 100


def load_rules(directory: Path = DATA) -> Rules:
    """Read the tables. KeyError or ValueError for a broken one: they ship with the program."""
    codes = tomllib.loads((directory / "result-codes.toml").read_text(encoding="utf-8"))
    rules = tomllib.loads((directory / "rules.toml").read_text(encoding="utf-8"))
    return Rules(
        result_codes={
            code: ResultCode(
                Action(row["action"]), row["meaning"], row.get("staff_check", False), row.get("alarm", False)
            )
            for code, row in codes["codes"].items()
        },
        default_action=Action(codes["default"]),
        benefits=_timeline([Benefits(row["percent"], *_days(row)) for row in rules["benefit"]]),
        overrides=_grouped(rules["benefit_override"], "object", _percent),
        routes=_grouped(
            rules["route"],
            "code",
            _route,
        ),
        base_salary=_timeline([Number(row["amount"], *_days(row)) for row in rules["base_salary"]]),
        limit_share=_timeline([Number(row["percent"], *_days(row)) for row in rules["limit_percent"]]),
    )


def _percent(row: dict[str, Any]) -> Number:
    return Number(row["percent"], *_days(row))


def _route(row: dict[str, Any]) -> Route:
    return Route(row["percent"], row["message"], row.get("full_benefit", False), *_days(row))


def _days(row: dict[str, Any]) -> tuple[date, date | None]:
    return row["from"], row.get("to")


def _grouped(rows: list[dict[str, Any]], key: str, make: Callable[[dict[str, Any]], D]) -> dict[str, Timeline[D]]:
    groups: dict[str, list[D]] = {}
    for row in rows:
        groups.setdefault(row[key], []).append(make(row))
    return {name: _timeline(group) for name, group in groups.items()}


def _timeline(rows: list[D]) -> Timeline[D]:
    ordered = sorted(rows, key=lambda row: row.first_day)
    for before, after in pairwise(ordered):
        if before.last_day is None or before.last_day >= after.first_day:
            raise ValueError(f"two rows hold on {after.first_day}")
    return Timeline(tuple(ordered))
