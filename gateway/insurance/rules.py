"""Dated tables of health insurance, read from `assets/data/insurance`: nothing of the law stands in code."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

from gateway.insurance.dated import Number, Timeline, days, grouped, timeline
from gateway.insurance.papers import PaperRule, PaperRules
from gateway.insurance.result_codes import ResultCode, ResultCodes, load_result_codes

DATA = Path(__file__).resolve().parents[2] / "assets" / "data" / "insurance"


class VisitKind(Enum):
    """Which visits a routing code is for."""

    OUTPATIENT = "outpatient"
    INPATIENT = "inpatient"
    ANY = "any"


@dataclass(frozen=True)
class Benefits:
    """Benefit digit to percent."""

    percent: dict[str, int]
    first_day: date
    last_day: date | None


@dataclass(frozen=True)
class Route:
    """A routing code: `percent` multiplies the card's benefit; `full_benefit` sets that to 100."""

    percent: int
    message: str
    full_benefit: bool
    visit: VisitKind
    first_day: date
    last_day: date | None


@dataclass(frozen=True)
class WithoutRate:
    """A routing code that stands in records and never in a benefit."""

    first_day: date
    last_day: date | None


@dataclass(frozen=True)
class PaperCards:
    """Object letters of cards that the insurer's list may not hold."""

    objects: frozenset[str]
    first_day: date
    last_day: date | None


@dataclass(frozen=True)
class Rules:
    """All dated tables."""

    result_codes: ResultCodes
    benefits: Timeline[Benefits]
    overrides: dict[str, Timeline[Number]]
    routes: dict[str, Timeline[Route]]
    without_rate: dict[str, Timeline[WithoutRate]]
    base_salary: Timeline[Number]
    limit_share: Timeline[Number]
    copayment_months: Timeline[Number]
    paper_cards: Timeline[PaperCards]
    papers: PaperRules

    def result_code(self, code: str, day: date) -> ResultCode:
        """The row of a `maKetQua` on a day."""
        return self.result_codes.on(code, day)

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

    def by_paper_card(self, number: str, day: date) -> bool:
        """Whether a card of 15 characters counts by its paper, whatever the insurer's list holds."""
        row = self.paper_cards.on(day)
        return row is not None and len(number) == 15 and number[:2].upper() in row.objects

    def route(self, code: str, day: date) -> Route | None:
        """The route of an outpatient on a day; None when the code is not in the table for that day."""
        known = self.routes.get(code)
        row = None if known is None else known.on(day)
        return None if row is None or row.visit is VisitKind.INPATIENT else row

    def is_route(self, code: str, day: date) -> bool:
        """Whether a record of that day may carry the code (MA_DOITUONG_KCB)."""
        known = self.routes.get(code) or self.without_rate.get(code)
        return known is not None and known.on(day) is not None

    def limit(self, day: date) -> int | None:
        """Below this sum of a whole visit the fund pays all (đồng)."""
        salary, share = self.base_salary.on(day), self.limit_share.on(day)
        return None if salary is None or share is None else salary.value * share.value // 100

    def copayment_threshold(self, day: date) -> int | None:
        """Strictly above this sum of a year's co-payments (đồng), with five years without a gap, the fund pays all."""
        salary, months = self.base_salary.on(day), self.copayment_months.on(day)
        return None if salary is None or months is None else salary.value * months.value


def load_rules(directory: Path = DATA) -> Rules:
    """Read the tables. KeyError or ValueError for a broken one: they ship with the program."""
    rules = _read(directory / "rules.toml")
    routes = _read(directory / "routes.toml")
    return Rules(
        result_codes=load_result_codes(directory / "result-codes.toml"),
        benefits=timeline([Benefits(row["percent"], *days(row)) for row in rules["benefit"]]),
        overrides=grouped(rules["benefit_override"], "object", lambda row: Number(row["percent"], *days(row))),
        routes=grouped(routes["route"], "code", _route),
        without_rate=grouped(routes["without_rate"], "code", lambda row: WithoutRate(*days(row))),
        base_salary=_numbers(rules["base_salary"], "amount"),
        limit_share=_numbers(rules["limit_percent"], "percent"),
        copayment_months=_numbers(rules["copayment_months"], "months"),
        paper_cards=timeline([PaperCards(frozenset(row["objects"]), *days(row)) for row in rules["paper_card"]]),
        papers=grouped(rules["paper"], "kind", _paper),
    )


def _read(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _numbers(rows: list[dict[str, Any]], key: str) -> Timeline[Number]:
    return timeline([Number(row[key], *days(row)) for row in rows])


def _route(row: dict[str, Any]) -> Route:
    return Route(row["percent"], row["message"], row.get("full_benefit", False), VisitKind(row["visit"]), *days(row))


def _paper(row: dict[str, Any]) -> PaperRule:
    return PaperRule(*days(row), row.get("working_days"), row.get("years"), row.get("uses"))
