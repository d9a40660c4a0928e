"""Transfer forms and re-visit slips: how long they hold, with the boundaries (TT 01/2025/TT-BYT)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.insurance.papers import Paper, earliest_signed, holds_until, usable_again
from gateway.insurance.rules import load_rules

RULES = load_rules().papers
HOLIDAYS = (date(2026, 4, 30), date(2026, 5, 1), date(2026, 9, 2))


@pytest.mark.parametrize(
    ("signed", "until"),
    [
        # Monday: the second Monday after it. Friday and the days without work after it end on one day.
        (date(2026, 11, 9), date(2026, 11, 23)),
        (date(2026, 11, 6), date(2026, 11, 20)),
        (date(2026, 11, 7), date(2026, 11, 20)),
        (date(2026, 11, 8), date(2026, 11, 20)),
        # Two holidays in between: two days longer.
        (date(2026, 4, 27), date(2026, 5, 13)),
        # The first day of the rule.
        (date(2025, 1, 1), date(2025, 1, 15)),
    ],
)
def test_a_transfer_form_holds_ten_working_days(signed: date, until: date) -> None:
    assert holds_until(RULES, Paper.TRANSFER, signed, HOLIDAYS) == until


def test_before_the_rule_nothing_is_said() -> None:
    assert holds_until(RULES, Paper.TRANSFER, date(2024, 12, 31), HOLIDAYS) is None
    assert earliest_signed(RULES, Paper.TRANSFER, date(2024, 12, 31), HOLIDAYS) is None
    assert earliest_signed(RULES, Paper.TRANSFER, date(2025, 1, 3), HOLIDAYS) == date(2025, 1, 1)


@pytest.mark.parametrize(
    ("signed", "until"), [(date(2025, 11, 23), date(2026, 11, 23)), (date(2028, 2, 29), date(2029, 2, 28))]
)
def test_for_a_listed_disease_it_holds_a_year(signed: date, until: date) -> None:
    assert holds_until(RULES, Paper.TRANSFER_LISTED, signed, HOLIDAYS) == until


def test_a_revisit_slip_has_no_last_day_and_counts_once() -> None:
    day = date(2026, 11, 23)
    assert holds_until(RULES, Paper.REVISIT, day, HOLIDAYS) is None
    assert [usable_again(RULES, used, day) for used in (0, 1, 2)] == [True, False, False]


@given(
    day=st.dates(date(2026, 2, 1), date(2027, 12, 31)), paper=st.sampled_from([Paper.TRANSFER, Paper.TRANSFER_LISTED])
)
def test_what_was_signed_on_the_earliest_day_holds_and_the_day_before_does_not(day: date, paper: Paper) -> None:
    first = earliest_signed(RULES, paper, day, HOLIDAYS)
    assert first is not None
    held, gone = (holds_until(RULES, paper, one, HOLIDAYS) for one in (first, first - timedelta(days=1)))
    assert held is not None and gone is not None and held >= day > gone
