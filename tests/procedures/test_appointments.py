"""When a result is due, at every edge: closing, 15:00, half days, days off, holidays, the end of the known calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.procedures.appointments import counted_from, due
from services.procedures.calendar import HERE, WorkingCalendar
from services.procedures.files import SAMPLE_CALENDAR
from services.procedures.records import TimeLimit, TimeUnit

SAME_DAY = TimeLimit(unit=TimeUnit.SAME_DAY, counted_next_day_after="15:00")


def working(number: int, **more: object) -> TimeLimit:
    return TimeLimit.model_validate({"unit": "ngay-lam-viec", "value": number, **more})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HERE)


@pytest.mark.parametrize(
    ("filed", "expected"),
    [
        ("2026-11-23T08:12", "2026-11-23T17:00"),
        ("2026-11-23T15:00", "2026-11-23T17:00"),
        ("2026-11-23T15:00:01", "2026-11-24T17:00"),
        ("2026-11-23T23:59", "2026-11-24T17:00"),
        ("2026-11-23T05:00", "2026-11-23T17:00"),
        ("2026-11-27T15:01", "2026-11-30T17:00"),  # Friday
        ("2026-11-28T09:00", "2026-11-30T17:00"),  # Saturday
        ("2026-12-31T15:01", "2027-01-04T17:00"),  # before a holiday and a week-end
    ],
)
def test_what_is_done_on_the_day(calendar: WorkingCalendar, filed: str, expected: str):
    assert due(SAME_DAY, at(filed), calendar).at == at(expected)


@pytest.mark.parametrize(
    ("number", "filed", "expected"),
    [
        (2, "2026-11-23T08:12", "2026-11-25T17:00"),  # picture 14
        (7, "2026-11-23T08:12", "2026-12-02T17:00"),  # picture 14
        (2, "2026-11-23T17:00", "2026-11-25T17:00"),  # closing sharp is in time
        (2, "2026-11-23T17:01", "2026-11-26T17:00"),
        (1, "2026-11-27T10:00", "2026-11-30T17:00"),  # over a week-end
        (1, "2026-04-24T10:00", "2026-04-28T17:00"),  # over a week-end and a day off instead
        (3, "2026-04-27T10:00", "2026-05-05T17:00"),  # on a day off: counts from 28, then 29, (30, 1 off) 4, 5
        (1, "2026-02-13T10:00", "2026-02-23T17:00"),  # over Tết
        (1, "2026-08-21T10:00", "2026-08-22T17:00"),  # a Saturday that is worked
        (0, "2026-11-23T10:00", "2026-11-23T17:00"),
    ],
)
def test_working_days(calendar: WorkingCalendar, number: int, filed: str, expected: str):
    assert due(working(number), at(filed), calendar).at == at(expected)


def test_after_three_counts_from_the_next_working_day(calendar: WorkingCalendar):
    limit = working(2, counted_next_day_after="15:00")
    assert due(limit, at("2026-11-23T15:00"), calendar).day == date(2026, 11, 25)
    late = due(limit, at("2026-11-23T15:01"), calendar)
    assert (late.counted_from, late.day) == (date(2026, 11, 24), date(2026, 11, 26))


def test_the_longer_time_where_something_is_verified(calendar: WorkingCalendar):
    limit = working(2, when_verified=5)
    assert due(limit, at("2026-11-23T08:00"), calendar, to_verify=True).day == date(2026, 11, 30)
    assert due(working(2), at("2026-11-23T08:00"), calendar, to_verify=True).day == date(2026, 11, 25)


@pytest.mark.parametrize(
    ("filed", "number", "expected"),
    [
        ("2026-11-23T08:00", 30, "2026-12-23T17:00"),
        ("2026-11-20T08:00", 1, "2026-11-23T17:00"),  # ends on a Saturday
        ("2026-12-02T08:00", 30, "2027-01-04T17:00"),  # ends on a holiday before a week-end
    ],
)
def test_days_run_over_days_off_and_end_on_a_working_day(
    calendar: WorkingCalendar, filed: str, number: int, expected: str
):
    limit = TimeLimit(unit=TimeUnit.DAYS, value=number)
    assert due(limit, at(filed), calendar).at == at(expected)


@pytest.fixture(scope="module")
def with_saturdays(calendar: WorkingCalendar) -> WorkingCalendar:
    """Saturday mornings are worked."""
    week = calendar.weeks[0]
    days = (*week.days[:5], (week.days[0][0],), ())
    return calendar.model_copy(update={"weeks": (week.model_copy(update={"days": days}),)})


@pytest.mark.parametrize(
    ("filed", "number", "expected"),
    [
        ("2026-11-27T10:00", 1, "2026-11-30T11:30"),  # half of Saturday, half of Monday
        ("2026-11-27T10:00", 2, "2026-12-01T11:30"),
        ("2026-11-28T10:00", 1, "2026-11-30T17:00"),  # filed on the half day itself
        ("2026-11-28T11:31", 1, "2026-12-01T17:00"),  # after the half day closed
    ],
)
def test_a_half_day_is_half_a_day(with_saturdays: WorkingCalendar, filed: str, number: int, expected: str):
    assert due(working(number), at(filed), with_saturdays).at == at(expected)


def test_the_same_moment_in_another_time_zone(calendar: WorkingCalendar):
    here, there = at("2026-11-23T15:01"), datetime(2026, 11, 23, 8, 1, tzinfo=UTC)
    assert due(SAME_DAY, here, calendar) == due(SAME_DAY, there, calendar)


def test_a_date_past_the_decided_holidays_is_not_certain(calendar: WorkingCalendar):
    assert due(working(1), at("2027-01-28T10:00"), calendar).certain
    assert not due(working(2), at("2027-01-29T10:00"), calendar).certain


def test_a_calendar_that_never_opens_is_refused(calendar: WorkingCalendar):
    shut = calendar.model_copy(update={"weeks": ()})
    with pytest.raises(ValueError, match="no working day"):
        due(SAME_DAY, at("2026-11-23T10:00"), shut)


def test_the_newer_week_holds_from_its_day_on(calendar: WorkingCalendar):
    week = calendar.weeks[0]
    newer = week.model_copy(update={"valid_from": date(2026, 12, 1), "days": (week.days[0][:1],) * 7})
    both = calendar.model_copy(update={"weeks": (week, newer)})
    assert both.closes(date(2026, 11, 30)) == at("2026-11-30T17:00")
    assert both.closes(date(2026, 12, 1)) == at("2026-12-01T11:30")


_CALENDAR = WorkingCalendar.model_validate_json(SAMPLE_CALENDAR.read_bytes())


@given(minutes=st.integers(0, 400 * 24 * 60), number=st.integers(0, 30))
def test_a_result_is_due_on_a_working_day_and_never_earlier_for_who_comes_later(minutes: int, number: int):
    filed = at("2025-12-01T00:00") + timedelta(minutes=minutes)
    limit = working(number, counted_next_day_after="15:00")
    when = due(limit, filed, _CALENDAR)
    assert _CALENDAR.works(when.day)
    assert when.at <= due(limit, filed + timedelta(minutes=7), _CALENDAR).at
    assert counted_from(limit, filed, _CALENDAR) >= filed.date()
