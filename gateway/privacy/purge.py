"""The purge: each rule of the register carried out when its class's time is over, and a report of what it did.

Times end with the day at the place: what came on the 1st and is kept for 90 days is there until the 91st day begins.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Column, ColumnElement, Date, delete, select, tuple_, update
from sqlalchemy.exc import SQLAlchemyError

from gateway.clock import PLACE, day_of
from gateway.house import House, new_id
from gateway.privacy.holding import DataClass, Deletion, Holding, Rule, Stripping
from gateway.privacy.holdings import in_order
from gateway.settings import Retention
from gateway.store.database import Transaction
from gateway.store.tables import purge_reports
from gateway.store.vault import Vault

log = logging.getLogger(__name__)

BATCH = 1000
"""Rows of one transaction: nobody who checks in waits long for the purge."""

HOURLY = frozenset({DataClass.SESSION, DataClass.ASKED, DataClass.ANSWER, DataClass.DRAFT})
"""Classes that are many and short: forgotten every hour, without a report."""


class Line(BaseModel):
    """What one rule did."""

    model_config = ConfigDict(frozen=True)

    table: str
    data_class: str
    action: str
    """"deleted" or "stripped"."""
    before: date
    """Rows from before this day."""
    rows: int
    failed: bool = False


class Report(BaseModel):
    """One day's purge."""

    model_config = ConfigDict(frozen=True)

    day: date
    began_at: datetime
    ended_at: datetime
    lines: tuple[Line, ...]


def days_kept(retention: Retention, data_class: DataClass) -> int:
    """How many days a class is kept here."""
    return int(getattr(retention, data_class.value.replace("-", "_")))


def first_kept_day(retention: Retention, data_class: DataClass, now: datetime) -> date:
    """The first day at the place whose rows stay."""
    return day_of(now) - timedelta(days=days_kept(retention, data_class))


def purge(house: House, classes: frozenset[DataClass] = frozenset(DataClass)) -> tuple[Line, ...]:
    """Carry out every rule of these classes. A rule that fails is reported and the others go on."""
    lines: list[Line] = []
    for holding, rule in _rules(classes):
        before = first_kept_day(house.settings.privacy.retention, rule.data_class, house.now())
        failed = False
        rows = 0
        try:
            for count in _carry_out(house, holding, rule, before):
                rows += count
        except SQLAlchemyError as error:
            log.error("purge of %s: %s", holding.table.name, type(error).__name__)
            failed = True
        action = "deleted" if isinstance(rule.action, Deletion) else "stripped"
        lines.append(
            Line(
                table=holding.table.name,
                data_class=rule.data_class.value,
                action=action,
                before=before,
                rows=rows,
                failed=failed,
            )
        )
    return tuple(lines)


def purge_daily(house: House) -> Report | None:
    """Today's purge with its report; None when it is done or its hour has not come."""
    began = house.now()
    today = day_of(began)
    if began.astimezone(PLACE).hour < house.settings.privacy.purge_hour:
        return None
    with house.store.read() as transaction:
        if transaction.one(select(purge_reports.c.id).where(purge_reports.c.day == today)) is not None:
            return None
    lines = purge(house)
    report = Report(day=today, began_at=began, ended_at=house.now(), lines=lines)
    with house.store.write() as transaction:
        row = transaction.insert(purge_reports).values(
            id=new_id(), day=today, began_at=began, ended_at=report.ended_at, body=report.model_dump_json()
        )
        transaction.execute(row.on_conflict_do_nothing())
    gone = sum(line.rows for line in lines)
    if gone or any(line.failed for line in lines):
        log.info("purge of %s: %d rows, %d rules failed", today, gone, sum(line.failed for line in lines))
    return report


def reports(transaction: Transaction, limit: int = 31) -> list[Report]:
    """The newest reports."""
    rows = transaction.all(select(purge_reports.c.body).order_by(purge_reports.c.day.desc()).limit(limit))
    return [Report.model_validate_json(row["body"]) for row in rows]


def _rules(classes: frozenset[DataClass]) -> Iterator[tuple[Holding, Rule]]:
    for holding in in_order():
        for rule in holding.rules:
            if rule.data_class in classes:
                yield holding, rule


def _carry_out(house: House, holding: Holding, rule: Rule, before: date) -> Iterator[int]:
    """Rows done in each batch, until none is due."""
    table = holding.table
    keys = list(table.primary_key.columns)
    due = select(*keys).where(_due(rule, before)).limit(BATCH)
    while True:
        with house.store.write() as transaction:
            found = [tuple(row) for row in transaction.execute(due)]
            if not found:
                return
            ours = keys[0].in_([row[0] for row in found]) if len(keys) == 1 else tuple_(*keys).in_(found)
            if isinstance(rule.action, Deletion):
                transaction.execute(delete(table).where(ours))
            else:
                transaction.execute(update(table).where(ours).values(stripped_values(house.vault, rule.action)))
        yield len(found)
        if len(found) < BATCH:
            return


def stripped_values(vault: Vault, action: Stripping) -> dict[str, object]:
    """What stripped columns hold from now on."""
    return {name: value(vault) if callable(value) else value for name, value in action.values.items()}


def _due(rule: Rule, before: date) -> ColumnElement[bool]:
    old = _older(rule.since, before)
    if rule.through is not None:
        own, parent = rule.through
        old = own.in_(select(parent).where(old))
    return old if rule.where is None else old & rule.where


def _older(column: Column[object], before: date) -> ColumnElement[bool]:
    if isinstance(column.type, Date):
        return column < before
    return column < datetime.combine(before, time(), PLACE)
