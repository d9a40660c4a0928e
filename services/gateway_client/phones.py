"""Upload sessions at the gateway: a link for one phone, and what it sends. Asked now or never."""

from __future__ import annotations

from services.contract import routes
from services.contract.one_stop import Upload, UploadRequest
from services.contract.routes import Write
from services.gateway_client.asking import Asker
from services.gateway_client.channel import Channel
from services.gateway_client.http import Call, Place
from services.gateway_client.watching import Watcher


class GatewayPhones:
    """The kiosk's side of `services.journeys.ports.Phones`. Raises GatewayError."""

    def __init__(self, channel: Channel, asker: Asker, watcher: Watcher, seconds: float) -> None:
        self._channel = channel
        self._asker = asker
        self._watcher = watcher
        self._seconds = seconds

    async def open(self, request: UploadRequest) -> Upload:
        """A link for this session."""
        _, upload = await self._asker.ask(Write.UPLOAD, routes.UPLOADS, request, Upload, seconds=self._seconds)
        return upload

    async def changed(self, upload: Upload) -> Upload:
        """Wait until a phone opened it, sent something, or its time is over."""
        call = Call("GET", routes.UPLOAD.format(id=upload.id), seconds=self._seconds)
        events = routes.UPLOAD_EVENTS.format(id=upload.id)
        return await self._watcher.changed(upload, events, lambda: self._channel.ask(Place.WATCH, call, Upload))

    async def preview(self, upload: Upload, document: str) -> bytes:
        """A JPEG picture of a document's first page."""
        path = routes.UPLOAD_PREVIEW.format(id=upload.id, document=document)
        return (await self._channel.send(Place.CITIZEN, Call("GET", path, seconds=self._seconds))).body

    async def close(self, upload: Upload) -> None:
        """The session is over: what came and was not filed is erased."""
        path = routes.UPLOAD_CLOSE.format(id=upload.id)
        await self._asker.ask(Write.UPLOAD_CLOSE, path, None, Upload, seconds=self._seconds)
