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


TRUSTED_SKEW = timedelta(minutes=5)
"""A clock that is off by more than this was set meanwhile, perhaps: what it said before is not corrected by it."""

FRESH = timedelta(minutes=10)
"""Unless both times were told so shortly one after the other that one clock told both, however wrong it is."""


def corrected(moment: datetime, skew: timedelta | None, now: datetime) -> datetime:
    """A time that a kiosk told, put right by how far its clock is off now; never in the future."""
    known = skew if skew is not None and (abs(skew) <= TRUSTED_SKEW or _fresh(moment, skew, now)) else timedelta()
    return min(moment - known, now)


def _fresh(moment: datetime, skew: timedelta, now: datetime) -> bool:
    return timedelta() <= now + skew - moment <= FRESH


def bounded_seconds(skew: timedelta) -> int:
    """For the record: whole seconds, no more than a year."""
    return max(-31_536_000, min(31_536_000, round(skew.total_seconds())))


def day_of(moment: datetime) -> date:
    """The calendar day at the place."""
    return moment.astimezone(PLACE).date()
