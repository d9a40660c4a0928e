"""What banks tell: a signed notification, answered quickly, counted once."""

from __future__ import annotations

import logging

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from gateway.api.deps import TheHouse
from gateway.payments.money import take
from gateway.payments.provider import Forged, Money, Unreadable
from gateway.problems import Refused

log = logging.getLogger(__name__)

router = APIRouter(tags=["bank"])


@router.post("/v1/webhooks/bank")
async def notification(house: TheHouse, request: Request) -> JSONResponse:
    """A movement on the account. Authenticated by the provider's signature over the raw body."""
    try:
        money = house.bank.read_notification(request.headers, await request.body(), house.now())
    except Forged as error:
        log.warning("a notification was refused: %s", error)
        raise Refused(401, "The notification is not signed by the provider") from error
    except Unreadable as error:
        log.error("a signed notification could not be read: %s", error)
        raise Refused(422, "The notification cannot be read") from error

    def count(movement: Money = money) -> None:
        with house.store.write() as transaction:
            take(house, transaction, movement, "notice")

    await run_in_threadpool(count)
    return JSONResponse({"success": True})
