"""Every table declares whose data it holds: a new one cannot be forgotten."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, LargeBinary, MetaData, String, Table

from gateway.privacy import holdings
from gateway.privacy.holding import DataClass, Stripping
from gateway.privacy.holdings import HOLDINGS, in_order, undeclared
from gateway.settings import Retention
from gateway.store.tables import metadata


def test_every_table_declares_whose_data_it_holds() -> None:
    missing = undeclared()
    assert missing == [], (
        f"These tables are not declared: {', '.join(missing)}. Say in gateway/privacy/holdings/ what each holds: a "
        "class with its retention, how a person's rows are found, exported and erased; or no_personal_data(table, …) "
        "when nobody can be recognised in it. The module's head says how."
    )


def test_a_table_that_is_not_declared_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    more = MetaData()
    for table in metadata.tables.values():
        table.to_metadata(more)
    Table("new_kind", more, Column("id", String(32), primary_key=True))
    monkeypatch.setattr(holdings, "metadata", more)
    assert undeclared() == ["new_kind"]


def test_nothing_is_declared_that_does_not_exist_and_nothing_twice() -> None:
    assert set(HOLDINGS) <= set(metadata.tables)
    named = [holding.table.name for room in holdings.ROOMS for holding in room.HOLDINGS]
    assert sorted(named) == sorted(set(named))


def test_every_table_ends_by_a_rule_or_says_why_not() -> None:
    for name, holding in HOLDINGS.items():
        assert holding.rules or holding.forever, name
        assert holding.personal is False or holding.rules, f"{name}: personal data without an end"


def test_every_class_has_a_setting_and_every_setting_a_class() -> None:
    assert {each.value.replace("-", "_") for each in DataClass} == set(Retention.model_fields)


def test_what_can_be_found_says_what_becomes_of_it() -> None:
    for name, holding in HOLDINGS.items():
        assert bool(holding.reach) == (holding.erasure is not None), f"{name}: reach and erasure belong together"


def test_every_sealed_column_about_a_findable_person_is_given_to_them() -> None:
    """A copy is complete: what is sealed about somebody is opened for them, answers that repeat it apart."""
    repeated = {("operations", "sealed_answer"), ("data_requests", "sealed_details"), ("access_log", "sealed_reason")}
    for name, holding in HOLDINGS.items():
        if not holding.reach:
            continue
        sealed = {column.name for column in holding.table.columns if isinstance(column.type, LargeBinary)}
        assert sealed - set(holding.sealed) <= {column for table, column in repeated if table == name}, name


def test_declared_columns_exist() -> None:
    for holding in HOLDINGS.values():
        columns = set(holding.table.columns.keys())
        assert set(holding.export) | set(holding.sealed) <= columns, holding.table.name
        strippings = [action for action in (holding.erasure, *(rule.action for rule in holding.rules))
                      if isinstance(action, Stripping)]  # fmt: skip
        for action in strippings:
            assert set(action.values) <= columns, holding.table.name


def test_a_purge_that_strips_knows_what_is_stripped() -> None:
    """Else it would strip the same rows for ever."""
    for holding in HOLDINGS.values():
        for rule in holding.rules:
            if isinstance(rule.action, Stripping):
                assert rule.where is not None, holding.table.name


def test_rows_that_point_at_others_are_deleted_before_them() -> None:
    order = [holding.table for holding in in_order()]
    for holding in HOLDINGS.values():
        for key in holding.table.foreign_keys:
            assert order.index(holding.table) < order.index(key.column.table)
