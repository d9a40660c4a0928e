"""Time slots of a clinic: how many people each still takes, taken and given back in the number's transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, select, update

from gateway.clock import PLACE
from gateway.settings import ClinicSettings, SlotHours
from gateway.store.database import Transaction
from gateway.store.prepared import Prepared
from gateway.store.tables import slot_days
from services.contract.models import Slot

_ON_DAY = Prepared(select(slot_days).where(slot_days.c.day == bindparam("today")))


def taken_on(transaction: Transaction, day: date) -> dict[tuple[str, str], int]:
    """How many numbers each clinic's slot gave on a day."""
    rows = transaction.all(_ON_DAY, {"today": day})
    return {(row["clinic_id"], row["slot"]): row["taken"] for row in rows}


def open_slots(
    clinic: ClinicSettings, day: date, now: datetime, taken: Mapping[tuple[str, str], int]
) -> tuple[Slot, ...] | None:
    """The clinic's slots that have not ended; None where it has none at all."""
    if not clinic.slots:
        return None
    return tuple(
        slot.model_copy(update={"left": max(0, slot.left - taken.get((clinic.id, slot.id), 0))})
        for slot in slots_of(clinic, day)
        if slot.end > now
    )


def slots_of(clinic: ClinicSettings, day: date) -> Iterator[Slot]:
    """All slots of a day, untouched, in their order."""
    for hours in clinic.slots:
        yield from _of_hours(hours, day)


def _of_hours(hours: SlotHours, day: date) -> Iterator[Slot]:
    start = datetime.combine(day, hours.start, PLACE)
    last = datetime.combine(day, hours.end, PLACE)
    while start < last:
        end = min(start + timedelta(minutes=hours.minutes), last)
        yield Slot(id=f"{start:%H%M}", start=start, end=end, left=hours.people)
        start = end


def take(transaction: Transaction, clinic: ClinicSettings, day: date, wanted: str | None, now: datetime) -> Slot | None:
    """A place in the wanted slot, or in the next one that has room: who was promised a time is never sent away.

    None where the clinic has no slots, none is left, or none was wanted.
    """
    if wanted is None:
        return None
    for slot in slots_of(clinic, day):
        if slot.id >= wanted and (slot.id == wanted or slot.end > now) and _taken(transaction, clinic.id, day, slot):
            return slot
    return None


def take_this(transaction: Transaction, clinic: ClinicSettings, day: date, wanted: str, now: datetime) -> Slot | None:
    """A place in exactly this slot; None where it has ended, is full, or is none."""
    slot = slot_of(clinic, day, wanted)
    return slot if slot is not None and slot.end > now and _taken(transaction, clinic.id, day, slot) else None


def _taken(transaction: Transaction, clinic_id: str, day: date, slot: Slot) -> bool:
    statement = transaction.insert(slot_days).values(day=day, clinic_id=clinic_id, slot=slot.id, taken=1)
    counted = statement.on_conflict_do_update(
        index_elements=["day", "clinic_id", "slot"],
        set_={"taken": slot_days.c.taken + 1},
        where=slot_days.c.taken < slot.left,
    ).returning(slot_days.c.taken)
    return transaction.execute(counted).first() is not None


def give_back(transaction: Transaction, clinic_id: str, day: date, slot: str | None) -> None:
    """Whoever had it does not come."""
    if slot is None:
        return
    mine = slot_days.c.day == day, slot_days.c.clinic_id == clinic_id, slot_days.c.slot == slot
    transaction.execute(update(slot_days).where(*mine, slot_days.c.taken > 0).values(taken=slot_days.c.taken - 1))


def slot_of(clinic: ClinicSettings, day: date, id: str | None) -> Slot | None:
    """The slot a number is for; None without one, or when the settings have changed since."""
    return next((slot for slot in slots_of(clinic, day) if slot.id == id), None) if id else None
