"""Figures of the one-stop centre: dossiers, look-ups, ratings, help, from rows that name nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Column, Select, Table, select

from gateway.clock import PLACE, day_of
from gateway.figures.table import BOM, written
from gateway.house import House
from gateway.one_stop.counting import COUNTER, HELP, LOOK_UP
from gateway.one_stop.keeping import centre_of, judged
from gateway.store.database import Transaction
from gateway.store.tables import one_stop_counts, one_stop_dossiers, one_stop_ratings
from services.contract.one_stop import DossierState
from services.procedures.files import places

SMALLEST = 5
"""Fewer ratings of a group in the time asked for are not shown: one alone might be known by who stood there."""


@dataclass
class Procedures:
    """Of one procedure."""

    code: str
    name: str
    essential: bool
    group: bool
    filed: int = 0
    """Sent from a kiosk: online (channel 2), or prepared for the counter where nothing is taken online."""
    counter: int = 0
    """Numbers taken to hand it in at the counter (channel 1)."""
    accepted: int = 0
    supplements: int = 0
    finished: int = 0
    on_time: int = 0
    lapsed: int = 0
    assisted: int = 0

    @property
    def on_time_percent(self) -> int | None:
        """Of those that are finished (gateway.one_stop.keeping.judged; at most one supplement)."""
        return None if not self.finished else round(100 * self.on_time / self.finished)


@dataclass
class OneStopFigures:
    """From a day to a day."""

    first: date
    last: date
    procedures: dict[str, Procedures] = field(default_factory=dict[str, Procedures])
    look_ups: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    """By way: tried, succeeded."""
    ratings: dict[str, dict[str, int]] = field(default_factory=dict[str, dict[str, int]])
    """By group: level to count; empty where there are too few to show."""
    reasons: dict[str, dict[str, int]] = field(default_factory=dict[str, dict[str, int]])
    """By group: what was good or not, to count; none where its levels are not shown."""
    help: dict[tuple[str, str, str], int] = field(default_factory=dict[tuple[str, str, str], int])
    """By commune, topic, and whether somebody helped."""

    @property
    def filed(self) -> int:
        """All dossiers."""
        return sum(one.filed for one in self.procedures.values())

    @property
    def counter(self) -> int:
        """All numbers taken to hand something in at the counter."""
        return sum(one.counter for one in self.procedures.values())

    @property
    def groups(self) -> int:
        """Dossiers of interlinked groups."""
        return sum(one.filed for one in self.procedures.values() if one.group)

    @property
    def essential_percent(self) -> int | None:
        """How many of both channels are of essential services."""
        every = self.filed + self.counter
        essential = sum(one.filed + one.counter for one in self.procedures.values() if one.essential)
        return round(100 * essential / every) if every else None


def one_stop_figures(house: House, transaction: Transaction, first: date, last: date) -> OneStopFigures:
    """Count."""
    found = OneStopFigures(first, last)
    _dossiers(house, transaction, found)
    for row in transaction.all(_between(one_stop_counts, one_stop_counts.c.day, first, last)):
        what, _, outcome = str(row["what"]).partition(":")
        if row["kind"] == LOOK_UP:
            tried, succeeded = found.look_ups.get(what, (0, 0))
            found.look_ups[what] = tried + row["count"], succeeded + (row["count"] if outcome == "found" else 0)
        elif row["kind"] == HELP:
            key = row["place"], what, outcome
            found.help[key] = found.help.get(key, 0) + row["count"]
        elif row["kind"] == COUNTER:
            _procedure(house, found, what, row["day"]).counter += row["count"]
    monday = first - timedelta(days=first.weekday())
    for row in transaction.all(_between(one_stop_ratings, one_stop_ratings.c.week, monday, last)):
        into = found.ratings if row["kind"] == "level" else found.reasons
        counts = into.setdefault(row["group_id"], {})
        counts[row["value"]] = counts.get(row["value"], 0) + row["count"]
    for group, levels in found.ratings.items():
        if sum(levels.values()) < SMALLEST:
            found.ratings[group] = {}
            found.reasons.pop(group, None)
    return found


def _between(table: Table, column: Column[Any], first: date, last: date) -> Select[Any]:
    return select(table).where(column >= first, column <= last)


def _dossiers(house: House, transaction: Transaction, found: OneStopFigures) -> None:
    begin = datetime.combine(found.first, time(), PLACE)
    end = datetime.combine(found.last + timedelta(days=1), time(), PLACE)
    rows = one_stop_dossiers.c
    wanted = select(
        rows.id, rows.procedure, rows.state, rows.accepted_at, rows.promised_at, rows.due_at, rows.finished_at,
        rows.ended_at, rows.supplements, rows.assisted_by, rows.commune, rows.filed_at,
    ).where(rows.filed_at >= begin, rows.filed_at < end)  # fmt: skip
    for row in transaction.all(wanted):
        if row["state"] in {DossierState.SENDING.value, DossierState.NOT_FILED.value}:
            continue
        one = _procedure(house, found, row["procedure"], day_of(row["filed_at"]))
        one.filed += 1
        one.accepted += row["accepted_at"] is not None
        one.supplements += row["supplements"]
        one.lapsed += row["state"] == DossierState.LAPSED.value
        one.assisted += row["commune"] is not None
        if row["finished_at"] is not None:
            one.finished += 1
            due = judged(house, transaction, row)
            in_time = due is None or row["finished_at"] <= due
            one.on_time += in_time and row["supplements"] <= 1


def _procedure(house: House, found: OneStopFigures, code: str, day: date) -> Procedures:
    known = found.procedures.get(code)
    if known is not None:
        return known
    record = None if house.one_stop is None else house.one_stop.procedure(code, day)
    made = Procedures(code, code, False, False)
    if record is not None:
        made = Procedures(code, record.short, record.essential, bool(record.parts))
    found.procedures[code] = made
    return made


def communes_named(house: House, found: OneStopFigures) -> dict[str, str]:
    """The communes in which somebody was helped, by the names that people know."""
    country = places(sample=centre_of(house).catalogue.sample)
    codes = {commune for commune, _topic, _by in found.help}
    known = {code: country.commune(code) for code in codes}
    return {code: commune.name for code, commune in known.items() if commune is not None}


def as_csv(
    found: OneStopFigures, words: Mapping[str, str], groups: Mapping[str, str], communes: Mapping[str, str]
) -> str:
    """Lines headed by what they count, in the page's words; no cell names anybody."""
    lines = [[words[f"onestop.csv.{name}"] for name in ("kind", "what", "detail", "count")]]
    kind = words["onestop.total"]
    for name in ("filed", "counter", "groups"):
        lines.append([kind, words["onestop.all"], words[f"onestop.{name}"], str(getattr(found, name))])
    share = "" if found.essential_percent is None else str(found.essential_percent)
    lines.append([kind, words["onestop.all"], words["onestop.essentialshare.percent"], share])
    for one in found.procedures.values():
        for name in ("filed", "counter", "accepted", "supplements", "finished", "on_time", "lapsed", "assisted"):
            count = str(getattr(one, name))
            lines.append([words["onestop.procedures"], one.code, words[f"onestop.{name}"], count])
    for way, (tried, succeeded) in sorted(found.look_ups.items()):
        kind, how = words["onestop.lookups"], words[f"onestop.way.{way}"]
        lines.append([kind, how, words["onestop.tried"], str(tried)])
        lines.append([kind, how, words["onestop.succeeded"], str(succeeded)])
    for group, levels in sorted(found.ratings.items()):
        name = words["onestop.ratings.dossiers"] if group == "dossiers" else groups.get(group, group)
        for level, count in sorted(levels.items()):
            lines.append([words["onestop.ratings"], name, words["onestop.level"].format(level=level), str(count)])
        for reason, count in sorted(found.reasons.get(group, {}).items()):
            lines.append([words["onestop.reasons"], name, words[f"onestop.reason.{reason}"], str(count)])
    for (commune, topic, by), count in sorted(found.help.items()):
        what = f"{words[f'onestop.topic.{topic}']} ({words[f'onestop.by.{by}']})"
        lines.append([words["onestop.help"], communes.get(commune, commune), what, str(count)])
    return BOM + written(lines)
