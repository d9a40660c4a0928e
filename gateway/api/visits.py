"""Rooms, appointments of a proven person, and numbers found again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body
from starlette.concurrency import run_in_threadpool

from gateway.api.deps import TheHouse, TheKiosk
from gateway.clock import day_of
from gateway.fleet.kiosks import Kiosk
from gateway.fleet.proven import must_be_proven
from gateway.house import House
from gateway.problems import Refused
from gateway.visits import appointments, finding
from gateway.visits.rooms import all_rooms
from services.contract import routes
from services.contract.models import (
    Appointment,
    Appointments,
    AppointmentsRequest,
    Person,
    Rooms,
    Tickets,
    TicketsRequest,
)

router = APIRouter(tags=["visits"])


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
    must_be_proven(house, kiosk, request.person)
    if request.person.number is None:
        return Tickets(tickets=())
    with house.store.read() as transaction:
        return Tickets(tickets=finding.by_person(house, transaction, request.person.number))


def _kept(house: House, kiosk: Kiosk, person: Person) -> tuple[Appointment, ...]:
    must_be_proven(house, kiosk, person)
    with house.store.read() as transaction:
        return appointments.kept(house, transaction, person, day_of(house.now()))
