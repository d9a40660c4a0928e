"""What the page of counters shows: who sits where, which clinics are closed, which boards are connected."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import RowMapping, select

from gateway.clock import day_of
from gateway.house import House
from gateway.queue import boards, counters, voice
from gateway.queue.numbers import Waiting, printed, waiting_on
from gateway.store.database import Transaction
from gateway.store.tables import tickets
from services.contract.models import TicketStatus


class RoomsModel(BaseModel):
    """Frozen, JSON for the page."""

    model_config = ConfigDict(frozen=True)


class RoomsCounter(RoomsModel):
    """A counter, and who sits there."""

    id: str
    name: str
    clinics: tuple[str, ...]
    holder: str | None
    current: str | None


class RoomsClinic(RoomsModel):
    """A clinic with its people."""

    id: str
    name: str
    waiting: int
    closed: bool


class RoomsBoard(RoomsModel):
    """A connected screen."""

    id: str
    name: str
    clinics: tuple[str, ...]


class Rooms(RoomsModel):
    """The whole page."""

    now: datetime
    counters: tuple[RoomsCounter, ...]
    clinics: tuple[RoomsClinic, ...]
    boards: tuple[RoomsBoard, ...]
    missing_clips: tuple[str, ...]
    """Words of the boards' voice that nobody has recorded."""


def rooms(house: House, transaction: Transaction) -> Rooms:
    """Every counter, clinic and board now."""
    day = day_of(house.now())
    at = {
        row["counter_id"]: printed(row["number"])
        for row in transaction.all(
            select(tickets.c.counter_id, tickets.c.number).where(
                tickets.c.day == day,
                tickets.c.status == TicketStatus.CALLED.value,
                tickets.c.counter_id.in_(list(house.settings.all_counters)),
            )
        )
    }
    seats = {id: counters.holder(house, transaction, id) for id in house.settings.all_counters}
    waiting = waiting_on(transaction, day)
    names = {clinic.id: clinic.name for clinic in house.settings.clinics}
    return Rooms(
        now=house.now(),
        counters=tuple(
            RoomsCounter(
                id=counter.id,
                name=counter.name,
                clinics=tuple(names[clinic] for clinic in counter.clinics),
                holder=_holder(seats[counter.id]),
                current=at.get(counter.id),
            )
            for counter in house.settings.all_counters.values()
        ),
        clinics=tuple(
            RoomsClinic(
                id=clinic.id,
                name=clinic.name,
                waiting=waiting.get(clinic.id, Waiting()).total,
                closed=waiting.get(clinic.id, Waiting()).closed,
            )
            for clinic in house.settings.clinics
        ),
        boards=tuple(
            RoomsBoard(id=screen.id, name=screen.name, clinics=tuple(names.get(one, one) for one in screen.clinics))
            for screen in boards.connected(transaction)
        ),
        missing_clips=voice.missing(tuple(house.settings.all_counters.values())),
    )


def _holder(seat: RowMapping | None) -> str | None:
    return None if seat is None else str(seat["holder"])
