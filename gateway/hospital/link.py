"""The gateway's one way to the hospital's system, and how long people wait for what it knows: never beyond a bound."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar

import httpx

from gateway.clock import Clock
from gateway.hospital.failures import HospitalFault, HospitalRefused, HospitalUnavailable
from gateway.hospital.fhir.hospital import FhirHospital
from gateway.hospital.rest.client import RestClient
from gateway.hospital.rest.hospital import RestHospital
from gateway.hospital.system import HospitalSystem
from gateway.settings import Hospital

log = logging.getLogger(__name__)

_Answer = TypeVar("_Answer")


class HospitalLink:
    """A hospital's system as the settings name it."""

    def __init__(self, system: HospitalSystem, settings: Hospital, clock: Clock) -> None:
        self.system = system
        self._clock = clock
        self._patience = settings.patience_seconds
        self._rest = timedelta(seconds=settings.rest_after_failure_seconds)
        self._quiet_until: datetime | None = None

    async def ask(self, question: Callable[[HospitalSystem], Awaitable[_Answer]]) -> _Answer | None:
        """The answer to a question at a kiosk; None when it does not come in time: the check-in goes on without.

        After one that did not come nobody asks for a while, so that a slow system does not slow every check-in.
        """
        if self._quiet_until is not None and self._clock.now() < self._quiet_until:
            return None
        try:
            async with asyncio.timeout(self._patience):
                answer = await question(self.system)
        except (HospitalUnavailable, TimeoutError) as error:
            self._quiet_until = self._clock.now() + self._rest
            fault = error.fault if isinstance(error, HospitalUnavailable) else HospitalFault.TOO_SLOW
            log.warning("the hospital's system did not answer a kiosk: %s", fault.value)
            return None
        except HospitalRefused as error:
            log.error("the hospital's system refused a question: %s", error)
            return None
        self._quiet_until = None
        return answer

    async def close(self) -> None:
        """Close the connections."""
        await self.system.close()


def connect(settings: Hospital, clock: Clock, transport: httpx.AsyncBaseTransport | None = None) -> HospitalLink | None:
    """The hospital's system of the settings; None where there is none. Raises SettingsError for a missing secret."""
    if settings.kind == "fhir" and settings.fhir is not None:
        server = settings.fhir
        secret = None if server.token is None else server.token.read()
        system: HospitalSystem = FhirHospital(
            server.url, secret, settings.timeout_seconds, server.systems, clock, transport
        )
    elif settings.kind == "rest" and settings.rest is not None:
        place = settings.rest
        system = RestHospital(
            RestClient(place.url, place.merchant, place.secret.read(), settings.timeout_seconds, clock, transport)
        )
    else:
        return None
    return HospitalLink(system, settings, clock)
