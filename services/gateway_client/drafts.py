"""Drafts at the gateway: kept there for some days under a printed code and the person's number. Asked now or never."""

from __future__ import annotations

from services.contract import routes
from services.contract.one_stop import Draft, DraftOpen, DraftSave, DraftSaved
from services.contract.routes import Write
from services.gateway_client.asking import Asker
from services.gateway_client.channel import Channel
from services.gateway_client.http import Call, Place


class GatewayDrafts:
    """The kiosk's side of `services.journeys.ports.Drafts`. Raises GatewayError."""

    def __init__(self, channel: Channel, asker: Asker, seconds: float) -> None:
        self._channel = channel
        self._asker = asker
        self._seconds = seconds

    async def save(self, draft: DraftSave) -> DraftSaved:
        """Keep it there; the one it replaces is deleted."""
        _, saved = await self._asker.ask(Write.DRAFT, routes.DRAFTS, draft, DraftSaved, seconds=self._seconds)
        return saved

    async def open(self, wanted: DraftOpen) -> Draft:
        """A draft again. Status 404: no such draft, or another person's; 423: locked."""
        call = Call("POST", routes.OPEN_DRAFT, wanted.model_dump_json().encode(), seconds=self._seconds)
        return await self._channel.ask(Place.CITIZEN, call, Draft)
