"""The insurance look-up: asked again, never later. No transaction is open while the insurer is asked."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Response

from gateway.api.deps import TheHouse, TheKiosk, TheWrite
from gateway.api.idempotency import begin, finish, forget
from gateway.insurance import look_up
from gateway.insurance.failures import InsurerFault, InsurerUnavailable
from gateway.problems import Refused
from services.contract import routes
from services.contract.models import Eligibility, EligibilityRequest
from services.contract.routes import Write

router = APIRouter(tags=["insurance"])

_STATUS = {InsurerFault.TOO_SLOW: 504}


@router.post(routes.ELIGIBILITY, response_model=Eligibility)
async def eligibility(
    house: TheHouse, kiosk: TheKiosk, sent: TheWrite, request: Annotated[EligibilityRequest, Body()]
) -> Response:
    """Ask the insurer about a card and judge the answer by the dated tables."""
    write = Write.ELIGIBILITY
    kept = await house.workers.run(begin, house, kiosk, write, sent)
    if kept is not None:
        return kept
    asked_at = house.now()
    try:
        answer, judged = await look_up.ask(house, request)
    except InsurerUnavailable as error:
        failure = error
        await house.workers.run(
            forget,
            house,
            kiosk,
            write,
            sent,
            lambda transaction: look_up.keep_failure(house, transaction, kiosk.id, request.number, asked_at, failure),
        )
        raise Refused(
            _STATUS.get(error.fault, 503), "The insurer could not be asked", code=error.fault.value
        ) from error
    except BaseException:
        await house.workers.run(forget, house, kiosk, write, sent)
        raise
    return await house.workers.run(
        finish,
        house,
        kiosk,
        write,
        sent,
        lambda transaction: look_up.keep(house, transaction, kiosk.id, request.number, answer, judged),
    )
