"""The room finder's data: clinics and the other places of the settings, in words."""

from __future__ import annotations

from typing import Any

from gateway.settings import Settings
from services.contract.models import Room, Rooms


def all_rooms(settings: Settings) -> Rooms:
    """Clinics first, in their order, then the other places; a place of the same id replaces a clinic's entry."""
    own = {room.id: Room.model_validate(room.model_dump()) for room in settings.rooms}
    fields = Room.model_fields
    clinics = {
        clinic.id: _of_clinic({name: value for name, value in clinic.model_dump().items() if name in fields})
        for clinic in settings.clinics
    }
    return Rooms(rooms=tuple((clinics | own).values()))


def _of_clinic(facts: dict[str, Any]) -> Room:
    """A clinic's room text may name floor and building too ("Phòng 205, tầng 2, nhà B"): where these stand apart,
    the room is what comes before the first comma."""
    for suffix in ("", "_en"):
        if facts[f"building{suffix}"] or facts[f"floor{suffix}"]:
            facts[f"room{suffix}"] = facts[f"room{suffix}"].partition(",")[0]
    return Room.model_validate(facts)
