"""The gateway's clock: UTC inside, the day of the place at the edge. Tests put their own in its stead."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

PLACE = ZoneInfo("Asia/Ho_Chi_Minh")


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Aware, UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def bounded(moment: datetime, now: datetime) -> datetime:
    """A time that a kiosk tells, never in the future and never absurdly old: its clock may be wrong."""
    return moment if now - timedelta(days=400) <= moment <= now else now


def day_of(moment: datetime) -> date:
    """The calendar day at the place."""
    return moment.astimezone(PLACE).date()
