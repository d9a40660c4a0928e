"""The gateway's clock: UTC inside, the day of the place at the edge. Tests put their own in its stead."""

from __future__ import annotations

from datetime import UTC, date, datetime
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


def day_of(moment: datetime) -> date:
    """The calendar day at the place."""
    return moment.astimezone(PLACE).date()
