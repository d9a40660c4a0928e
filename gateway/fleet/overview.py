"""Every kiosk as the fleet's page shows it: red, yellow or green, the worst first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from sqlalchemy import RowMapping, select

from gateway.fleet.alarms import AlarmKind
from gateway.house import House
from gateway.store.database import Transaction
from gateway.store.tables import heartbeats, kiosk_alarms, kiosks
from services.contract.models import Heartbeat


class Colour(IntEnum):
    """How bad it is; the worst has the highest number."""

    GREEN = 0
    UNKNOWN = 1
    """Enrolled, and never heard of."""
    YELLOW = 2
    """People are served; somebody should look."""
    RED = 3
    """People are not served as they should be."""


@dataclass(frozen=True)
class Alarm:
    """One open alarm."""

    id: str
    kind: AlarmKind
    subject: str
    failure_code: str | None
    sticky: bool
    since: datetime
    over_at: datetime | None
    seen_at: datetime | None
    seen_by: str | None


@dataclass(frozen=True)
class KioskNow:
    """One enrolled kiosk now. `heard_at` and `beat` are None before it ever reported."""

    id: str
    letter: str
    name: str
    name_en: str
    enrolled_at: datetime
    heard_at: datetime | None
    beat: Heartbeat | None
    alarms: tuple[Alarm, ...]
    colour: Colour


def overview(house: House, transaction: Transaction) -> tuple[KioskNow, ...]:
    """All enrolled kiosks: the worst first, then by letter. Three questions to the store, whatever the fleet's size."""
    essential = frozenset(house.settings.fleet.essential)
    open_ones: dict[str, list[Alarm]] = {}
    for row in transaction.all(
        select(kiosk_alarms).where(kiosk_alarms.c.closed_at.is_(None)).order_by(kiosk_alarms.c.since)
    ):
        open_ones.setdefault(row["kiosk_id"], []).append(_alarm(row))
    beats = {row["kiosk_id"]: row for row in transaction.all(select(heartbeats))}
    found = [
        _kiosk(row, beats.get(row["id"]), tuple(open_ones.get(row["id"], ())), essential)
        for row in transaction.all(select(kiosks).where(kiosks.c.revoked_at.is_(None)))
    ]
    return tuple(sorted(found, key=lambda one: (-one.colour, len(one.letter), one.letter)))


def _alarm(row: RowMapping) -> Alarm:
    return Alarm(
        row["id"],
        AlarmKind(row["kind"]),
        row["subject"],
        row["failure_code"],
        row["sticky"],
        row["since"],
        row["over_at"],
        row["seen_at"],
        row["seen_by"],
    )


def _kiosk(row: RowMapping, beat: RowMapping | None, alarms: tuple[Alarm, ...], essential: frozenset[str]) -> KioskNow:
    heard = None if beat is None else Heartbeat.model_validate_json(beat["body"])
    return KioskNow(
        id=row["id"],
        letter=row["letter"],
        name=row["name"],
        name_en=row["name_en"],
        enrolled_at=row["enrolled_at"],
        heard_at=None if beat is None else beat["received_at"],
        beat=heard,
        alarms=alarms,
        colour=_colour(heard, alarms, essential),
    )


def _colour(beat: Heartbeat | None, alarms: tuple[Alarm, ...], essential: frozenset[str]) -> Colour:
    if beat is None:
        return Colour.UNKNOWN
    down = {device.name for device in beat.devices if device.state.value not in {"online", "not-supported"}}
    for alarm in alarms:
        if alarm.kind is AlarmKind.SILENT or (alarm.kind is AlarmKind.DEVICE and alarm.subject in down & essential):
            return Colour.RED
    return Colour.YELLOW if alarms else Colour.GREEN
