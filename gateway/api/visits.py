"""Rooms, appointments of a proven person, and numbers found again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from gateway.api.deps import TheHouse, TheKiosk
from gateway.clock import day_of
from gateway.fleet.kiosks import Kiosk
from gateway.house import House
from gateway.problems import Refused
from gateway.store.tables import nonces as nonce_table
from gateway.visits import appointments, finding
from gateway.visits.rooms import all_rooms
from services.contract import routes
from services.contract.models import (
    Appointment,
    Appointments,
    AppointmentsRequest,
    EvidenceLevel,
    Person,
    Rooms,
    Tickets,
    TicketsRequest,
)

router = APIRouter(tags=["visits"])

_VERIFIED = {EvidenceLevel.CHIP_GENUINE, EvidenceLevel.CHIP_READ}


@router.get(routes.ROOMS)
async def rooms(house: TheHouse, kiosk: TheKiosk) -> Rooms:
    """Places people look for, with the way in words."""
    return all_rooms(house.settings)


@router.post(routes.APPOINTMENTS)
async def appointments_of(
    house: TheHouse, kiosk: TheKiosk, request: Annotated[AppointmentsRequest, Body()]
) -> Appointments:
    """Today's appointments of a person whom the chip proved; nobody else is told of any."""
    day = day_of(house.now())
    found = await run_in_threadpool(_kept, house, kiosk, request.person)
    for bookings in house.bookings:
        found = (*found, *await bookings.of(request.person, day))
    return Appointments(appointments=tuple(sorted(found, key=lambda appointment: appointment.start)))


@router.post(routes.FIND_TICKETS)
def find_tickets(house: TheHouse, kiosk: TheKiosk, request: Annotated[TicketsRequest, Body()]) -> Tickets:
    """Today's numbers of a slip, or of a person whom the chip proved."""
    if request.slip is not None:
        with house.store.read() as transaction:
            return Tickets(tickets=finding.by_slip(house, transaction, request.slip))
    if request.person is None:
        raise Refused(422, "A slip or a person is needed")
    _must_be_proven(house, kiosk, request.person)
    if request.person.number is None:
        return Tickets(tickets=())
    with house.store.read() as transaction:
        return Tickets(tickets=finding.by_person(house, transaction, request.person.number))


def _kept(house: House, kiosk: Kiosk, person: Person) -> tuple[Appointment, ...]:
    _must_be_proven(house, kiosk, person)
    with house.store.read() as transaction:
        return appointments.kept(house, transaction, person, day_of(house.now()))


def _must_be_proven(house: House, kiosk: Kiosk, person: Person) -> None:
    """The gateway looks itself. The nonce is not spent: the registration that follows carries the same evidence.

    Raises Refused 403.
    """
    nonce: bytes | None = None
    if person.evidence is not None and person.evidence.aa_nonce_id is not None:
        mine = nonce_table.c.id == person.evidence.aa_nonce_id, nonce_table.c.kiosk_id == kiosk.id
        with house.store.read() as transaction:
            row = transaction.one(select(nonce_table.c.value).where(*mine))
        nonce = None if row is None else bytes.fromhex(row["value"])
    if house.evidence.check(person, nonce, house.now()).level not in _VERIFIED:
        raise Refused(403, "The chip does not prove this person")
