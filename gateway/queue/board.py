"""What a waiting room's board shows and says: numbers called now, numbers called before, numbers a desk asks for.

No names, no reasons.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import RowMapping, select

from gateway.clock import day_of
from gateway.hospital.questions import TaskKind
from gateway.house import House
from gateway.queue import voice
from gateway.queue.fairness import Lane
from gateway.queue.numbers import printed
from gateway.queue.tickets import LIVE
from gateway.store.database import Transaction
from gateway.store.tables import hospital_tasks, tickets
from services.contract.models import TicketStatus

NOW = 6
BEFORE = 8
ASKED = 8


class BoardModel(BaseModel):
    """Frozen, JSON for the page."""

    model_config = ConfigDict(frozen=True)


class BoardCall(BoardModel):
    """A called number. `call` grows with every call of it: the board says each once."""

    id: str
    call: int
    number: str
    group: str
    """priority, ordinary or returning: the colour, and why it was called now."""
    clinic: str
    clinic_en: str
    from_clinic: str | None
    from_clinic_en: str | None
    counter: str
    counter_en: str
    called_at: datetime
    spoken: tuple[str, ...]
    """Clips of `assets/voice/vi/board`, in order."""


class Board(BoardModel):
    """The whole board."""

    now: datetime
    name: str
    place: str
    place_en: str
    called: tuple[BoardCall, ...]
    before: tuple[BoardCall, ...]
    asked: tuple[str, ...]
    """Numbers whose people are asked to the desk: something about their slip is not so any more."""
    desk: str
    desk_en: str


def board(house: House, transaction: Transaction, name: str, clinics: Collection[str]) -> Board:
    """The board of some clinics now; the newest call first."""
    day = day_of(house.now())
    rows = transaction.all(
        select(tickets)
        .where(tickets.c.day == day, tickets.c.clinic_id.in_(sorted(clinics)), tickets.c.called_at.is_not(None))
        .order_by(tickets.c.called_at.desc(), tickets.c.times_called.desc())
        .limit(NOW + BEFORE + 20)
    )
    shown = [row for row in rows if row["status"] != TicketStatus.VOIDED.value]
    called = [row for row in shown if row["status"] == TicketStatus.CALLED.value][:NOW]
    before = [row for row in shown if row["status"] != TicketStatus.CALLED.value][:BEFORE]
    return Board(
        now=house.now(),
        name=name,
        place=house.settings.place.name,
        place_en=house.settings.place.name_en,
        called=tuple(_call(house, row) for row in called),
        before=tuple(_call(house, row) for row in before),
        asked=_asked(transaction, day, clinics),
        desk=house.settings.place.insurance_desk.name,
        desk_en=house.settings.place.insurance_desk.name_en,
    )


def _asked(transaction: Transaction, day: date, clinics: Collection[str]) -> tuple[str, ...]:
    rows = transaction.all(
        select(tickets.c.number)
        .join(hospital_tasks, hospital_tasks.c.check_in_id == tickets.c.check_in_id)
        .where(
            hospital_tasks.c.closed_at.is_(None),
            hospital_tasks.c.kind == TaskKind.TIME_FULL.value,
            tickets.c.day == day,
            tickets.c.clinic_id.in_(sorted(clinics)),
            tickets.c.status.in_(LIVE),
        )
        .order_by(hospital_tasks.c.opened_at)
        .limit(ASKED)
    )
    return tuple(printed(row["number"]) for row in rows)


def _call(house: House, row: RowMapping) -> BoardCall:
    number = printed(row["number"])
    counter = house.settings.all_counters.get(row["counter_id"] or "")
    name, name_en = ("", "") if counter is None else (counter.name, counter.name_en)
    clinic, clinic_en = _names(house, row["clinic_id"])
    home: str | None = row["home_clinic_id"]
    moved = _names(house, home) if home is not None and home != row["clinic_id"] else (None, None)
    group = row["lane"]
    if group != Lane.RETURNING.value and row["priority"]:
        group = Lane.PRIORITY.value
    return BoardCall(
        id=row["id"],
        call=row["times_called"],
        number=number,
        group=group,
        clinic=clinic,
        clinic_en=clinic_en,
        from_clinic=moved[0],
        from_clinic_en=moved[1],
        counter=name,
        counter_en=name_en,
        called_at=row["called_at"],
        spoken=voice.sentence(number, counter),
    )


def _names(house: House, clinic_id: str) -> tuple[str, str]:
    clinic = house.clinics.get(clinic_id)
    return (clinic_id, clinic_id) if clinic is None else (clinic.name, clinic.name_en)
