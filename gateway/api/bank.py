"""What banks tell: a signed notification, answered quickly, counted once."""

from __future__ import annotations

import logging

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from gateway.api.deps import TheHouse
from gateway.house import House
from gateway.payments.lines import MAIN
from gateway.payments.money import take
from gateway.payments.provider import Forged, Money, Unreadable
from gateway.problems import Refused

log = logging.getLogger(__name__)

router = APIRouter(tags=["bank"])


@router.post("/v1/webhooks/bank")
async def notification(house: TheHouse, request: Request) -> JSONResponse:
    """A movement on the place's own account. Authenticated by the provider's signature over the raw body."""
    return await _take(house, MAIN, request)


@router.post("/v1/webhooks/bank/{account}")
async def notification_of(house: TheHouse, account: str, request: Request) -> JSONResponse:
    """A movement on the account with that id in the settings."""
    if account not in house.banks:
        raise Refused(401, "No provider of ours notifies here")
    return await _take(house, account, request)


async def _take(house: House, account: str, request: Request) -> JSONResponse:
    try:
        movements = house.provider(account).read_notification(request.headers, await request.body(), house.now())
    except Forged as error:
        log.warning("a notification was refused: account %s: %s", account, error)
        raise Refused(401, "The notification is not signed by the provider") from error
    except Unreadable as error:
        log.error("a signed notification could not be read: %s", error)
        raise Refused(422, "The notification cannot be read") from error

    def count(movement: Money) -> None:
        with house.store.write() as transaction:
            take(house, transaction, movement, "notice", account)

    for movement in movements:
        await house.workers.run(count, movement)
    return JSONResponse({"success": True})
