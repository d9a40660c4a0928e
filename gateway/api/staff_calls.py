""" "Gọi nhân viên": one open call per kiosk, ringing on the staff page until somebody acknowledges it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Response

from gateway.api.deps import TheHouse, TheKiosk, TheWrite
from gateway.api.events import EventStream
from gateway.api.idempotency import once
from gateway.fleet.kiosks import Kiosk
from gateway.house import House
from gateway.staff import calls
from services.contract import routes
from services.contract.models import StaffCall, StaffCallRequest, StaffCallStatus
from services.contract.routes import Write

router = APIRouter(tags=["staff call"])


@router.post(routes.STAFF_CALLS, response_model=StaffCall)
def ring(house: TheHouse, kiosk: TheKiosk, sent: TheWrite, request: Annotated[StaffCallRequest, Body()]) -> Response:
    """Ring, or find the call that is open already."""
    return once(
        house, kiosk, Write.STAFF_CALL, sent, lambda transaction: calls.ring(house, transaction, kiosk, request.step)
    )


@router.get(routes.STAFF_CALL)
def read(house: TheHouse, kiosk: TheKiosk, id: str) -> StaffCall:
    """The call now."""
    return _read(house, kiosk, id)


@router.post(routes.STAFF_CALL_CANCEL, response_model=StaffCall)
def cancel(house: TheHouse, kiosk: TheKiosk, sent: TheWrite, id: str) -> Response:
    """No help is needed any more."""
    return once(
        house, kiosk, Write.STAFF_CALL_CANCEL, sent, lambda transaction: calls.cancel(house, transaction, kiosk, id)
    )


@router.get(routes.STAFF_CALL_EVENTS, response_class=EventStream)
async def events(house: TheHouse, kiosk: TheKiosk, id: str) -> Response:
    """The call whenever it changes, until it is over."""
    await house.workers.run(_read, house, kiosk, id)
    return EventStream(
        house.bus,
        calls.topic(id),
        lambda: house.workers.run(_read, house, kiosk, id),
        ended=lambda call: call.status in {StaffCallStatus.CANCELLED, StaffCallStatus.CLOSED},
    )


def _read(house: House, kiosk: Kiosk, id: str) -> StaffCall:
    with house.store.read() as transaction:
        return calls.read(transaction, kiosk, id)
