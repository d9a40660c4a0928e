"""2 working days, 15 days, 72 hours: every boundary at midnight at the place."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from gateway.privacy.clocks import act_due, answer_due, notify_due, working_days_after

PLACE = ZoneInfo("Asia/Ho_Chi_Minh")


def at(text: str) -> datetime:
    """A time at the place."""
    return datetime.fromisoformat(text).replace(tzinfo=PLACE)


@pytest.mark.parametrize(
    ("received", "until"),
    [
        ("2026-11-23T08:00", "2026-11-26T00:00"),  # Monday: Tuesday, Wednesday
        ("2026-11-26T23:59", "2026-12-01T00:00"),  # Thursday: Friday, Monday
        ("2026-11-27T00:00", "2026-12-02T00:00"),  # Friday: Monday, Tuesday
        ("2026-11-28T10:00", "2026-12-02T00:00"),  # Saturday: Monday, Tuesday
    ],
)
def test_an_answer_is_due_when_the_second_working_day_ends(received: str, until: str) -> None:
    assert answer_due(at(received), ()) == at(until)


def test_holidays_are_no_working_days() -> None:
    """Tết 2027: Friday 5 to Thursday 11 February."""
    tet = {date(2027, 2, day) for day in range(5, 12)}
    assert working_days_after(date(2027, 2, 4), 2, tet) == date(2027, 2, 15)


def test_the_day_is_the_day_at_the_place() -> None:
    """17:30 UTC on Monday is Tuesday in Hà Nội."""
    assert answer_due(datetime(2026, 11, 23, 17, 30, tzinfo=UTC), ()) == at("2026-11-27T00:00")


def test_a_request_is_carried_out_within_15_days_20_with_processors_and_15_more_once() -> None:
    came = at("2026-11-23T08:00")
    assert act_due(came, processors=False) == at("2026-12-09T00:00")
    assert act_due(came, processors=True) == at("2026-12-14T00:00")
    assert act_due(came, processors=False, extended=True) == at("2026-12-24T00:00")
    assert act_due(came, processors=True, extended=True) == at("2026-12-29T00:00")


def test_72_hours_are_hours() -> None:
    assert notify_due(at("2026-11-27T22:15")) == at("2026-11-30T22:15")
