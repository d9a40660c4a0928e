"""A year's co-payments: strictly above the threshold, with five years without a gap, the fund pays all.

Luật BHYT article 22 clause 1. The insurer adds them up (`TraCuuTienMCCT`); the threshold is in the dated tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from gateway.insurance.exchanges import Exchange
from gateway.insurance.rules import Rules


@dataclass(frozen=True)
class Copayment:
    """The sum in đồng, and the exchange as evidence."""

    total: int
    exchange: Exchange


def exempt(total: int, five_years_from: date | None, rules: Rules, day: date) -> bool:
    """Whether a patient's own share falls away for the rest of the year."""
    threshold = rules.copayment_threshold(day)
    if threshold is None or five_years_from is None or day < five_years_from:
        return False
    return total > threshold


def accumulated(body: Mapping[str, Any]) -> int:
    """The largest `tBNCCTLuyKe` of `DataCCT` in đồng; 0 without a readable one."""
    rows: object = body.get("DataCCT")
    sums = [_amount(row) for row in cast("list[object]", rows)] if isinstance(rows, list) else []
    return max(sums, default=0)


def _amount(row: object) -> int:
    value = cast("dict[str, object]", row).get("tBNCCTLuyKe") if isinstance(row, dict) else None
    try:
        return max(0, int(float(value))) if isinstance(value, str | int | float) else 0
    except (ValueError, OverflowError):
        return 0
