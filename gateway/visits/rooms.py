"""The room finder's data: clinics and the other places of the settings, in words."""

from __future__ import annotations

from gateway.settings import Settings
from services.contract.models import Room, Rooms


def all_rooms(settings: Settings) -> Rooms:
    """Clinics first, in their order, then the other places; a place of the same id replaces a clinic's entry."""
    own = {room.id: Room.model_validate(room.model_dump()) for room in settings.rooms}
    fields = Room.model_fields
    clinics = {
        clinic.id: Room.model_validate({name: value for name, value in clinic.model_dump().items() if name in fields})
        for clinic in settings.clinics
    }
    return Rooms(rooms=tuple((clinics | own).values()))
