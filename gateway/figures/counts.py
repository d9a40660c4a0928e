"""What is counted, and how: by day at the place and by kiosk.

| figure | counted |
|---|---|
| check-ins | registrations that got a number; given up ones apart |
| by chip | those whose chip was proven genuine by the gateway |
| look-ups | questions to the insurer, answered or not; mismatches among the answered |
| bills, cashless | bills that were not cancelled; those paid by a code; why people did not pay so |
| waiting | minutes from the number to its first call: median and 90th percentile |

All of it stays countable when a visit's person is purged (`gateway.privacy`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import case, func, select

from gateway.clock import PLACE
from gateway.payments.bills import CANCELLED_BILL, HERE
from gateway.store.database import Transaction
from gateway.store.tables import bills, cash_reasons, check_ins, kiosks, look_ups, tickets
from services.contract.models import CashReason, EligibilityResult, EvidenceLevel, TicketStatus

LONGEST = timedelta(days=366)
"""One question covers a year at most."""


@dataclass
class Counts:
    """The figures of one kiosk on one day, or a sum of such."""

    check_ins: int = 0
    given_up: int = 0
    by_chip: int = 0
    look_ups: int = 0
    answered: int = 0
    mismatches: int = 0
    bills: int = 0
    cashless: int = 0
    reasons: dict[CashReason, int] = field(default_factory=lambda: dict.fromkeys(CashReason, 0))
    waits: list[float] = field(default_factory=list[float])
    """Minutes."""

    @property
    def cashless_share(self) -> float | None:
        """Bills paid by code among all bills, 0 to 1; None without bills."""
        return self.cashless / self.bills if self.bills else None

    def wait(self, percent: int) -> float | None:
        """Minutes that this many percent of the people waited at most (nearest rank); None when nobody was called."""
        if not self.waits:
            return None
        ordered = sorted(self.waits)
        rank = max(1, -(-percent * len(ordered) // 100))
        return ordered[rank - 1]

    def add(self, other: Counts) -> None:
        """Another kiosk's or day's figures beside these."""
        for name in ("check_ins", "given_up", "by_chip", "look_ups", "answered", "mismatches", "bills", "cashless"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for reason, count in other.reasons.items():
            self.reasons[reason] += count
        self.waits += other.waits


@dataclass(frozen=True)
class Figures:
    """Figures of a span of days; `rows` by (day, kiosk), only those where anything happened."""

    first: date
    last: date
    kiosks: dict[str, str]
    rows: dict[tuple[date, str], Counts]

    def total(self) -> Counts:
        """The whole span."""
        return summed(self.rows.values())

    def by_day(self) -> dict[date, Counts]:
        """Every day of the span, also those without visits."""
        days = {self.first + timedelta(days=n): Counts() for n in range((self.last - self.first).days + 1)}
        for (day, _kiosk), counts in self.rows.items():
            days[day].add(counts)
        return days

    def by_kiosk(self) -> dict[str, Counts]:
        """Every kiosk where anything happened, by name."""
        names = sorted({kiosk for _day, kiosk in self.rows}, key=self.name)
        return {id: summed(counts for (_day, each), counts in self.rows.items() if each == id) for id in names}

    def name(self, kiosk_id: str) -> str:
        """What people call a kiosk; the head of its id where it is not known any more."""
        return self.kiosks.get(kiosk_id, kiosk_id[:8])


def summed(parts: Iterable[Counts]) -> Counts:
    """A sum."""
    total = Counts()
    for part in parts:
        total.add(part)
    return total


def figures(transaction: Transaction, first: date, last: date) -> Figures:
    """Count the days from `first` to `last`, both included. Raises ValueError for a span that is empty or too long."""
    if last < first or last - first > LONGEST:
        raise ValueError("from one day to a year")
    names = {row["id"]: row["name"] for row in transaction.all(select(kiosks.c.id, kiosks.c.name))}
    found = Figures(first, last, names, {})
    _count_visits(transaction, found)
    _count_bills(transaction, found)
    _count_reasons(transaction, found)
    _count_waits(transaction, found)
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        _count_look_ups(transaction, found, day)
    return found


def _at(found: Figures, day: date, kiosk: str) -> Counts:
    return found.rows.setdefault((day, kiosk), Counts())


_SEEN = tickets.join(check_ins, tickets.c.check_in_id == check_ins.c.id)


def _count_visits(transaction: Transaction, found: Figures) -> None:
    abandoned = case((tickets.c.status == TicketStatus.ABANDONED.value, check_ins.c.id))
    genuine = case((check_ins.c.verified_level == EvidenceLevel.CHIP_GENUINE.value, check_ins.c.id))
    rows = transaction.all(
        select(
            check_ins.c.day,
            check_ins.c.kiosk_id,
            func.count(check_ins.c.id.distinct()).label("all"),
            func.count(abandoned.distinct()).label("given_up"),
            func.count(genuine.distinct()).label("by_chip"),
        )
        .select_from(_SEEN)
        .where(check_ins.c.day.between(found.first, found.last))
        .where(tickets.c.day.between(found.first, found.last), tickets.c.status != TicketStatus.VOIDED.value)
        .group_by(check_ins.c.day, check_ins.c.kiosk_id)
    )
    for row in rows:
        counts = _at(found, row["day"], row["kiosk_id"])
        counts.check_ins += row["all"] - row["given_up"]
        counts.given_up += row["given_up"]
        counts.by_chip += row["by_chip"]


def _count_bills(transaction: Transaction, found: Figures) -> None:
    joined = _SEEN.join(bills, bills.c.check_in_id == check_ins.c.id)
    rows = transaction.all(
        select(
            check_ins.c.day,
            check_ins.c.kiosk_id,
            func.count(bills.c.id.distinct()).label("bills"),
            func.count(case((bills.c.paid_where == HERE, bills.c.id)).distinct()).label("cashless"),
        )
        .select_from(joined)
        .where(check_ins.c.day.between(found.first, found.last))
        .where(tickets.c.day.between(found.first, found.last), bills.c.status != CANCELLED_BILL)
        .group_by(check_ins.c.day, check_ins.c.kiosk_id)
    )
    for row in rows:
        counts = _at(found, row["day"], row["kiosk_id"])
        counts.bills += row["bills"]
        counts.cashless += row["cashless"]


def _count_reasons(transaction: Transaction, found: Figures) -> None:
    rows = transaction.all(
        select(cash_reasons.c.day, cash_reasons.c.kiosk_id, cash_reasons.c.reason, func.count().label("n"))
        .where(cash_reasons.c.day.between(found.first, found.last))
        .group_by(cash_reasons.c.day, cash_reasons.c.kiosk_id, cash_reasons.c.reason)
    )
    for row in rows:
        _at(found, row["day"], row["kiosk_id"]).reasons[CashReason(row["reason"])] += row["n"]


def _count_waits(transaction: Transaction, found: Figures) -> None:
    called_at = tickets.c.first_called_at
    rows = transaction.all(
        select(tickets.c.day, check_ins.c.kiosk_id, tickets.c.issued_at, called_at.label("called"))
        .select_from(_SEEN)
        .where(tickets.c.day.between(found.first, found.last), called_at.isnot(None))
        .where(tickets.c.status != TicketStatus.VOIDED.value)
    )
    for row in rows:
        minutes = (row["called"] - row["issued_at"]).total_seconds() / 60
        _at(found, row["day"], row["kiosk_id"]).waits.append(max(0.0, minutes))


def _count_look_ups(transaction: Transaction, found: Figures, day: date) -> None:
    """The day at the place, whose midnight is no midnight of UTC."""
    begins = datetime.combine(day, time(), PLACE)
    answered = case((look_ups.c.result.isnot(None), 1), else_=0)
    mismatch = case((look_ups.c.result == EligibilityResult.MISMATCH.value, 1), else_=0)
    rows = transaction.all(
        select(
            look_ups.c.kiosk_id,
            func.count().label("n"),
            func.sum(answered).label("answered"),
            func.sum(mismatch).label("mismatches"),
        )
        .where(look_ups.c.asked_at >= begins, look_ups.c.asked_at < begins + timedelta(days=1))
        .group_by(look_ups.c.kiosk_id)
    )
    for row in rows:
        counts = _at(found, day, row["kiosk_id"])
        counts.look_ups += row["n"]
        counts.answered += row["answered"]
        counts.mismatches += row["mismatches"]
