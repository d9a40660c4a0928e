"""What the hospital's own system offers today: its prices, kinds, departments, times, and what cannot be had now.

Asked in the background, never while somebody waits; only the times of a clinic are asked for once more when a number is
wanted for one. What it knows is laid over the gateway's own settings of a clinic; what it does not know stays as the
settings say. Prices are kept through an outage; who can be seen now and at what time is believed for a while only, and
then people come in their order, as where no system is connected.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from gateway.clock import PLACE, Clock, day_of
from gateway.hospital.failures import HospitalRefused, HospitalUnavailable
from gateway.hospital.link import HospitalLink
from gateway.hospital.system import HospitalSystem, Named, Service, SlotTime
from gateway.settings import ClinicSettings, Hospital, SlotHours

log = logging.getLogger(__name__)
BELIEVED = timedelta(minutes=10)
SHORTEST_SLOT = 5
LONGEST_ID = 40
"""Of a kind of examination, in a registration."""


@dataclass(frozen=True)
class Offered:
    """One answer of the hospital. Keys are clinic ids."""

    at: datetime
    day: date
    services: Mapping[str, Service]
    exam_types: tuple[Named, ...]
    departments: tuple[Named, ...]
    times: Mapping[str, tuple[SlotTime, ...]]


class HospitalOffer:
    """The newest answer, and what it makes of a clinic's settings."""

    def __init__(self, system: HospitalSystem, settings: Hospital, clinics: Mapping[str, ClinicSettings], clock: Clock):
        self._system, self._settings, self._clock = system, settings, clock
        self._codes = {
            settings.services.get(clinic.id, clinic.id): clinic.id
            for clinic in clinics.values()
            if not clinic.guide_desk
        }
        self._known: Offered | None = None

    async def refresh(self) -> None:
        """Ask anew; an outage leaves what is known."""
        now = self._clock.now()
        try:
            self._known = await self._asked(now)
        except (HospitalUnavailable, HospitalRefused) as error:
            log.warning("the hospital's system did not tell what it offers: %s", error)

    async def _asked(self, now: datetime) -> Offered:
        day = day_of(now)
        departments = await self._system.departments()
        services: dict[str, Service] = {}
        for department in departments:
            for service in await self._system.services(department.code):
                if service.code in self._codes:
                    services[self._codes[service.code]] = service
        times: dict[str, tuple[SlotTime, ...]] = {}
        if self._settings.times:
            for clinic, service in services.items():
                times[clinic] = await self._system.slots(service.code, day)
        return Offered(now, day, services, await self._system.exam_types(), departments, times)

    async def look_again(self, link: HospitalLink, clinic_id: str) -> None:
        """Ask for one clinic's times before a number is given for one of them: the hospital books by itself too.

        Within the link's bound; an outage leaves what is known.
        """
        known = self._known
        service = None if known is None else known.services.get(clinic_id)
        if known is None or service is None or not self._settings.times:
            return
        found = await link.ask(lambda system: system.slots(service.code, known.day))
        newest = self._known or known
        if found is not None and newest.day == known.day:
            self._known = replace(newest, times={**newest.times, clinic_id: found})

    # --- what it makes of the settings

    def on(self, clinic: ClinicSettings) -> ClinicSettings:
        """The clinic with the hospital's prices, kinds, department and times."""
        known = self._known
        service = None if known is None else known.services.get(clinic.id)
        if known is None or service is None:
            return clinic
        found: dict[str, object] = {}
        if service.price:
            found["price"] = service.price
        if service.insured_price:
            found |= {
                "insured_price": service.insured_price,
                "insured_charge": service.insured_price + service.surcharge,
            }
        if not clinic.exam_types:
            found["exam_types"] = service.exam_types
        if clinic.department is None:
            found["department"] = service.department
        if not clinic.slots and self._believed(known):
            found["slots"] = tuple(hours for time in known.times.get(clinic.id, ()) for hours in _hours(time))
        return clinic.model_copy(update=found)

    def available(self, clinic_id: str) -> bool:
        """Whether the hospital takes patients there now. An old answer closes nothing."""
        known = self._known
        service = None if known is None else known.services.get(clinic_id)
        return known is None or service is None or not self._believed(known) or service.available

    @property
    def exam_types(self) -> tuple[Named, ...]:
        """Kinds of examination, in the hospital's words."""
        known = () if self._known is None else self._known.exam_types
        return tuple(one for one in known if len(one.code) <= LONGEST_ID)

    @property
    def departments(self) -> tuple[Named, ...]:
        """Departments that have one of the clinics."""
        if self._known is None:
            return ()
        used = {service.department for service in self._known.services.values()}
        return tuple(one for one in self._known.departments if one.code in used)

    def _believed(self, known: Offered) -> bool:
        now = self._clock.now()
        return now - known.at < BELIEVED and known.day == day_of(now)


def _hours(time: SlotTime) -> tuple[SlotHours, ...]:
    """One stretch of time; one that is full, or that a setting could not say, is left out."""
    start, end = time.start.astimezone(PLACE), time.end.astimezone(PLACE)
    minutes = round((end - start).total_seconds() / 60)
    people = time.free + time.ours
    if people < 1 or minutes < SHORTEST_SLOT or start.date() != end.date():
        return ()
    # Their free places shrink as they book; ours are counted here and taken off (gateway.visits.slots).
    fields = {"from": start.time(), "to": end.time(), "minutes": min(minutes, 240), "people": people}
    return (SlotHours.model_validate(fields),)
