"""The notice that kiosks show, the consents people gave or refused, and why somebody did not pay by code."""

from __future__ import annotations

import logging
from typing import Annotated

from fastapi import APIRouter, Body, Response

from gateway.api.deps import TheHouse, TheKiosk, TheWrite
from gateway.api.idempotency import once
from gateway.privacy.notice import keep_consents, keep_notice, keep_reason, load_notice
from gateway.problems import Refused
from gateway.settings import SettingsError
from services.contract import routes
from services.contract.models import CashReport, Consents, Notice
from services.contract.routes import Write

router = APIRouter(tags=["privacy"])

log = logging.getLogger(__name__)


@router.get(routes.NOTICE)
def notice(house: TheHouse, _kiosk: TheKiosk) -> Notice:
    """What people are told, in the version of now. From this moment on its words are kept."""
    try:
        found = load_notice(house)
        with house.store.write() as transaction:
            keep_notice(house, transaction, found)
    except SettingsError as error:
        log.error("%s", error)
        raise Refused(503, "The notice cannot be shown") from error
    return found


@router.post(routes.CONSENTS, status_code=202)
def consents(house: TheHouse, kiosk: TheKiosk, sent: TheWrite, given: Annotated[Consents, Body()]) -> Response:
    """Evidence of each consent and each refusal: version of the text, time, purpose, kiosk, session."""
    return once(house, kiosk, Write.CONSENT, sent, lambda transaction: keep_consents(house, transaction, kiosk, given))


@router.post(routes.CASH_REASONS, status_code=202)
def cash_reason(house: TheHouse, kiosk: TheKiosk, sent: TheWrite, report: Annotated[CashReport, Body()]) -> Response:
    """One word, no person."""
    return once(
        house, kiosk, Write.CASH_REASON, sent, lambda transaction: keep_reason(house, transaction, kiosk, report)
    )
