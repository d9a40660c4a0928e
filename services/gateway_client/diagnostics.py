"""A diagnostics bundle sent to the gateway: now, or not at all."""

from __future__ import annotations

from services.contract import routes
from services.contract.diagnostics import MEDIA_TYPE, DiagnosticsKept
from services.gateway_client.channel import Channel
from services.gateway_client.http import Call, Place
from services.gateway_client.ledger import new_key


class GatewayDiagnostics:
    """For the technician's mode. Raises GatewayError."""

    def __init__(self, channel: Channel, seconds: float) -> None:
        self._channel = channel
        self._seconds = seconds

    async def send(self, bundle: bytes) -> DiagnosticsKept:
        """What the gateway keeps it as."""
        call = Call("POST", routes.DIAGNOSTICS, bundle, MEDIA_TYPE, key=new_key(), seconds=self._seconds)
        return await self._channel.ask(Place.CITIZEN, call, DiagnosticsKept)
