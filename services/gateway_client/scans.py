"""Scans at the gateway: kept there sealed for a short time, never here. Asked now or never."""

from __future__ import annotations

from services.contract import routes
from services.contract.one_stop import KeptDocument
from services.gateway_client.channel import Channel
from services.gateway_client.http import Call, Place
from services.gateway_client.ledger import new_key


class GatewayScans:
    """The kiosk's side of `services.journeys.ports.Scans`. Raises GatewayError."""

    def __init__(self, channel: Channel, seconds: float) -> None:
        self._channel = channel
        self._seconds = seconds

    async def keep(self, pdf: bytes) -> KeptDocument:
        """Send it. An unanswered one is erased there by its own time."""
        call = Call("POST", routes.DOCUMENTS, pdf, "application/pdf", key=new_key(), seconds=self._seconds)
        return await self._channel.ask(Place.CITIZEN, call, KeptDocument)

    async def delete(self, document: str) -> None:
        """It is not filed: erase it."""
        path = routes.DOCUMENT_DELETE.format(id=document)
        call = Call("POST", path, b"{}", key=new_key(), seconds=self._seconds)
        await self._channel.send(Place.CITIZEN, call)
