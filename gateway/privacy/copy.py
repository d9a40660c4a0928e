"""A copy of everything held of a person, as they may ask for it: declared columns, sealed ones opened."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import RowMapping, select

from gateway.clock import PLACE
from gateway.house import House
from gateway.privacy.finding import Found, person_behind
from gateway.privacy.holding import Holding
from gateway.privacy.holdings import in_order
from gateway.privacy.reach import rows_of
from gateway.store.database import Transaction

Rows = dict[str, list[dict[str, object]]]

LARGEST_TEXT = 20_000
"""Of one sealed field; an answer of the insurer is far smaller."""


def copy_of(house: House, transaction: Transaction, found: Found) -> Rows:
    """Rows by table; times as they were at the place. Of a visit in which somebody was the companion: their part."""
    rows: Rows = {}
    for holding in reversed(in_order()):
        if not holding.reach or not (holding.export or holding.sealed):
            continue
        theirs = transaction.all(select(holding.table).where(rows_of(holding, found.subject)))
        if theirs:
            rows[holding.table.name] = [_row(house, holding, row) for row in theirs]
    companion = [part for id in found.companion_of if (part := _as_companion(house, transaction, id)) is not None]
    if companion:
        rows["as_companion"] = companion
    return rows


def as_json(house: House, rows: Rows, asked_by: str) -> str:
    """The file that is handed over."""
    head: dict[str, object] = {
        "place": house.settings.place.name,
        "made_at": _plain(house.now()),
        "notice_version": house.settings.place.notice_version,
        "made_by": asked_by,
        "data": rows,
    }
    return json.dumps(head, ensure_ascii=False, indent=1)


def _row(house: House, holding: Holding, row: RowMapping) -> dict[str, object]:
    given = {name: _plain(row[name]) for name in holding.export}
    for name, read in holding.sealed.items():
        content = row[name]
        given[name.removeprefix("sealed_")] = None if content is None else _shown(read(house.vault.open(content)))
    return given


def _shown(value: object) -> object:
    """Without the bytes of evidence, which say nothing to a person: what was read stands beside them."""
    if isinstance(value, str):
        return value[:LARGEST_TEXT]
    if isinstance(value, Mapping):
        known = cast("Mapping[str, Any]", value)
        return {name: _shown(part) for name, part in known.items() if name != "evidence"}
    return value


def _as_companion(house: House, transaction: Transaction, check_in_id: str) -> dict[str, object] | None:
    registration = person_behind(house, transaction, check_in_id)
    if registration is None or registration.companion is None:
        return None
    return {
        "arrived_at": _plain(registration.arrived_at),
        "companion": _shown(registration.companion.model_dump(mode="json")),
    }


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(PLACE).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value
