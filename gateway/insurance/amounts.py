"""What an examination costs, what the fund pays, what the patient pays: provisional, in whole đồng.

B       = the part of the price the fund counts
M, R    = benefit of the card and percent of the route
R = 100 % and the visit's sum below the limit: M = 100 %
fund    = round(B x M x R), patient = price - fund
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from gateway.insurance.rules import Rules
from services.contract.models import Amounts


@dataclass(frozen=True)
class Cover:
    """Benefit and route of an eligible patient, in percent."""

    benefit_percent: int
    route_percent: int


class Payer(Enum):
    """Who pays, where no cover is known."""

    SELF = "self"
    """The patient, without insurance."""
    OPEN = "open"
    """The patient uses insurance, but nobody knows yet what it pays: no amount is told."""


def without_insurance(price: int) -> Amounts:
    """The patient pays the price."""
    return Amounts(price=price, fund=0, patient=price)


def with_insurance(charge: int, counted: int, cover: Cover, rules: Rules, day: date) -> Amounts:
    """Amounts of a first examination that costs `charge`, of which the fund counts `counted`."""
    counted = min(counted, charge)
    limit = rules.limit(day) if cover.route_percent == 100 else None
    below = limit is not None and counted < limit
    benefit = 100 if below else cover.benefit_percent
    fund = _round(counted * benefit * cover.route_percent, 10_000)
    speaks = below and cover.benefit_percent < 100
    return Amounts(
        price=charge,
        fund=fund,
        patient=charge - fund,
        limit=limit if speaks else None,
        limit_percent=100 - cover.benefit_percent if speaks else None,
    )


def _round(value: int, divisor: int) -> int:
    """Half up, without floats."""
    return (2 * value + divisor) // (2 * divisor)
