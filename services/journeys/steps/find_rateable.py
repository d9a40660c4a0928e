"""What is rated: a dossier or a counter's number, by its slip. Nobody says who they are."""

from __future__ import annotations

from functools import partial

from services.codes.dossier import DossierCode
from services.codes.slip import SlipQr
from services.contract.one_stop import Rateable, RateableRequest
from services.gateway_client import GatewayError
from services.journeys.journey import WentBack
from services.journeys.prompts import NothingKind, ScanForRating
from services.journeys.steps.find_dossier import Typed, nothing, refused, show_or_type, type_codes, type_look_up
from services.journeys.walk import Walk

REASONS = {
    "unknown": NothingKind.RATE_UNKNOWN,
    "not-yet": NothingKind.RATE_NOT_YET,
    "rated": NothingKind.RATE_RATED,
}


async def find_rateable(walk: Walk) -> None:
    """Until something may be rated. Without network a slip is taken as it is: the gateway counts what may count."""
    visit = walk.visit
    visit.rateable = None
    while visit.rateable is None:
        request = await _request(walk)
        try:
            found = await walk.working("working.rateable", partial(walk.kit.gateway.may_rate, request))
        except GatewayError as error:
            if not error.offline or request.token is None:
                await refused(walk, error)
                continue
            found = Rateable(token=request.token)
        if found.token is None:
            await nothing(walk, REASONS.get(found.reason, NothingKind.RATE_UNKNOWN))
        else:
            visit.rateable = found


async def _request(walk: Walk) -> RateableRequest:
    hint = None
    while True:
        try:
            shown = await show_or_type(walk, ScanForRating(hint=hint))
            match shown:
                case SlipQr(token):
                    return RateableRequest(token=token)
                case DossierCode(code):
                    return RateableRequest(code=code, look_up_code=await type_look_up(walk))
                case _:
                    hint = "scan.no_rating"
        except Typed:
            try:
                code, look_up = await type_codes(walk)
            except WentBack:
                hint = None
                continue
            return RateableRequest(code=code, look_up_code=look_up)
