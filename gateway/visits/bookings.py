"""Where appointments come from: the seam a hospital's system fills."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from services.contract.models import Appointment, Person


class Bookings(Protocol):
    """Somebody who knows appointments.

    Picking one up is no call of its own: the registration carries its id, and whoever hands the check-in to the
    hospital tells it there.
    """

    async def of(self, person: Person, day: date) -> tuple[Appointment, ...]:
        """Appointments of a person on a day that were not picked up. Raises nothing: an outage is an empty answer."""
        ...
