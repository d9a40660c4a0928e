"""Diagnostics bundles of kiosks, for the fleet's page."""

from __future__ import annotations

from fastapi import APIRouter, Response

from gateway.api.deps import TheFile, TheHouse, TheKiosk
from gateway.api.idempotency import once
from gateway.fleet import bundles
from services.contract import routes
from services.contract.diagnostics import DiagnosticsKept
from services.contract.routes import Write

router = APIRouter(tags=["fleet"])


@router.post(routes.DIAGNOSTICS, response_model=DiagnosticsKept)
def diagnostics(house: TheHouse, kiosk: TheKiosk, file: TheFile) -> Response:
    """A bundle that a technician sent; the body is the ZIP."""
    return once(
        house,
        kiosk,
        Write.DIAGNOSTICS,
        file.sent,
        lambda transaction: bundles.keep(house, transaction, kiosk, file.content),
    )
