"""Alarms of kiosks. Most end by themselves when their cause does; a sticky one waits until a person has seen it.

A heartbeat says how a kiosk is: what is wrong opens an alarm, what is right again closes it. Silence cannot say
anything, so the gateway looks for it by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import insert, select, update

from gateway.house import House, new_id
from gateway.problems import Refused
from gateway.settings import Fleet
from gateway.store.database import Transaction
from gateway.store.tables import heartbeats, kiosk_alarms, kiosks
from services.contract.models import DeviceState, Heartbeat

TOPIC = "fleet"
"""Announced when an alarm opens or closes."""
AGAIN = timedelta(minutes=10)
"""Started twice within this time: it falls over."""
_WELL = frozenset({DeviceState.ONLINE, DeviceState.NOT_SUPPORTED})


class AlarmKind(Enum):
    """What is wrong."""

    SILENT = "silent"
    """Nothing was heard of it."""
    DEVICE = "device"
    """A device does not work, or asks for something (paper near its end)."""
    WAITING = "waiting"
    """Its outbox is not emptied."""
    REFUSED = "refused"
    """The gateway refused something for good: a person must look."""
    RESTARTED = "restarted"
    """It was started again within minutes."""
    CLOCK = "clock"
    """Its clock is off."""


STICKY = frozenset({AlarmKind.REFUSED, AlarmKind.RESTARTED})


@dataclass(frozen=True)
class Cause:
    """One thing that is wrong with one kiosk now. `subject`: the device, or empty."""

    kind: AlarmKind
    subject: str = ""
    failure_code: str | None = None


def causes(beat: Heartbeat, before: Heartbeat | None, now: datetime, fleet: Fleet) -> frozenset[Cause]:
    """What a heartbeat tells that is wrong; `before` is the one before it."""
    found = {
        Cause(AlarmKind.DEVICE, device.name, device.failure_code)
        for device in beat.devices
        if device.state not in _WELL or device.failure_code is not None
    }
    if beat.outbox_oldest_seconds > fleet.waiting_seconds:
        found.add(Cause(AlarmKind.WAITING))
    if beat.outbox_dead:
        found.add(Cause(AlarmKind.REFUSED))
    if abs((now - beat.at).total_seconds()) > fleet.clock_seconds:
        found.add(Cause(AlarmKind.CLOCK))
    if before is not None and before.started_at is not None and beat.started_at is not None:
        apart = beat.started_at - before.started_at
        if timedelta() < apart < AGAIN:
            found.add(Cause(AlarmKind.RESTARTED))
    return frozenset(found)


def take_note(house: House, transaction: Transaction, kiosk_id: str, beat: Heartbeat) -> None:
    """Open and close this kiosk's alarms by its heartbeat. Must come before the heartbeat is kept."""
    row = transaction.one(select(heartbeats.c.body).where(heartbeats.c.kiosk_id == kiosk_id))
    before = None if row is None else Heartbeat.model_validate_json(row["body"])
    _settle(transaction, kiosk_id, causes(beat, before, house.now(), house.settings.fleet), house.now())


def watch_silence(house: House) -> None:
    """Open an alarm for each enrolled kiosk that was heard once and says nothing any more."""
    now = house.now()
    late = now - timedelta(seconds=house.settings.fleet.silent_seconds)
    with house.store.write() as transaction:
        silent = transaction.all(
            select(kiosks.c.id)
            .join(heartbeats, heartbeats.c.kiosk_id == kiosks.c.id)
            .where(kiosks.c.revoked_at.is_(None), heartbeats.c.received_at < late)
        )
        for row in silent:
            _open(transaction, row["id"], Cause(AlarmKind.SILENT), now)


def clock_off(house: House, kiosk_id: str) -> None:
    """A kiosk that proved its key is refused for its clock: it cannot send the heartbeat that would tell. Its next
    heartbeat ends this alarm."""
    with house.store.write() as transaction:
        _open(transaction, kiosk_id, Cause(AlarmKind.CLOCK), house.now())


def close_all(transaction: Transaction, kiosk_id: str, now: datetime) -> None:
    """A kiosk that is no kiosk any more has no alarms."""
    open_ones = kiosk_alarms.c.kiosk_id == kiosk_id, kiosk_alarms.c.closed_at.is_(None)
    transaction.execute(update(kiosk_alarms).where(*open_ones).values(closed_at=now))
    transaction.topics.append(TOPIC)


def see(house: House, alarm_id: str, who: str) -> None:
    """Somebody saw it: a sticky alarm whose cause is over ends now. Raises Refused for one that is not open."""
    now = house.now()
    with house.store.write() as transaction:
        row = transaction.one(
            select(kiosk_alarms).where(kiosk_alarms.c.id == alarm_id, kiosk_alarms.c.closed_at.is_(None))
        )
        if row is None:
            raise Refused(404, "There is no such alarm")
        over = row["over_at"] is not None
        transaction.execute(
            update(kiosk_alarms)
            .where(kiosk_alarms.c.id == alarm_id)
            .values(seen_at=row["seen_at"] or now, seen_by=row["seen_by"] or who, closed_at=now if over else None)
        )
        transaction.topics.append(TOPIC)


def _settle(transaction: Transaction, kiosk_id: str, wrong: frozenset[Cause], now: datetime) -> None:
    known = transaction.all(
        select(kiosk_alarms).where(kiosk_alarms.c.kiosk_id == kiosk_id, kiosk_alarms.c.closed_at.is_(None))
    )
    still = {(cause.kind.value, cause.subject): cause for cause in wrong}
    for row in known:
        cause = still.pop((row["kind"], row["subject"]), None)
        this = kiosk_alarms.c.id == row["id"]
        if cause is None:
            enough = not row["sticky"] or row["seen_at"] is not None
            _end(transaction, row["id"], enough=enough, was=row["over_at"], now=now)
        elif row["over_at"] is not None or row["failure_code"] != cause.failure_code:
            # It came back before anybody saw it: one alarm, and it must be seen again.
            values: dict[str, object] = {"over_at": None, "failure_code": cause.failure_code, "seen_at": None}
            transaction.execute(update(kiosk_alarms).where(this).values(values))
            transaction.topics.append(TOPIC)
    for cause in still.values():
        _open(transaction, kiosk_id, cause, now)


def _end(transaction: Transaction, alarm_id: str, *, enough: bool, was: datetime | None, now: datetime) -> None:
    if was is not None and not enough:
        return
    values = {"over_at": was or now, "closed_at": now if enough else None}
    transaction.execute(update(kiosk_alarms).where(kiosk_alarms.c.id == alarm_id).values(values))
    transaction.topics.append(TOPIC)


def _open(transaction: Transaction, kiosk_id: str, cause: Cause, now: datetime) -> None:
    there = select(kiosk_alarms.c.id).where(
        kiosk_alarms.c.kiosk_id == kiosk_id,
        kiosk_alarms.c.kind == cause.kind.value,
        kiosk_alarms.c.subject == cause.subject,
        kiosk_alarms.c.closed_at.is_(None),
    )
    if transaction.one(there) is not None:
        return
    transaction.execute(
        insert(kiosk_alarms).values(
            id=new_id(),
            kiosk_id=kiosk_id,
            kind=cause.kind.value,
            subject=cause.subject,
            failure_code=cause.failure_code,
            sticky=cause.kind in STICKY,
            since=now,
        )
    )
    transaction.topics.append(TOPIC)
