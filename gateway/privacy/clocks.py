"""The clocks of the law: 2 working days, 15 days, 72 hours; days begin and end at midnight at the place.

Law 91/2025/QH15 and Decree 356/2025 (as law firms report them): a request is answered within 2 working days and
carried out within 15 days, 20 where processors must act too, extended once by 15; an incident is notified within 72
hours of its detection. Days are counted from the day after (Civil Code 2015 articles 147 and 148); the extension by a
holiday at the end, which article 148 allows, is not used.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from gateway.clock import PLACE, day_of

ANSWER_WORKING_DAYS = 2
ACT_DAYS = 15
ACT_DAYS_WITH_PROCESSORS = 20
EXTENSION_DAYS = 15
NOTIFY = timedelta(hours=72)


def end_of(day: date) -> datetime:
    """The midnight that ends a day at the place."""
    return datetime.combine(day + timedelta(days=1), time(), PLACE)


def working_days_after(day: date, count: int, holidays: Collection[date]) -> date:
    """The last of `count` working days after `day`; Saturdays and Sundays are none."""
    while count:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in holidays:
            count -= 1
    return day


def answer_due(received: datetime, holidays: Collection[date]) -> datetime:
    """Until when a request must be answered."""
    return end_of(working_days_after(day_of(received), ANSWER_WORKING_DAYS, holidays))


def act_due(received: datetime, *, processors: bool, extended: bool = False) -> datetime:
    """Until when a request must be carried out."""
    days = (ACT_DAYS_WITH_PROCESSORS if processors else ACT_DAYS) + (EXTENSION_DAYS if extended else 0)
    return end_of(day_of(received) + timedelta(days=days))


def notify_due(detected: datetime) -> datetime:
    """Until when the authority must have been told."""
    return detected + NOTIFY
