"""The community digital team at the gateway: signing in and leaving now or never, counts are delivered later."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from services.contract import models as wire
from services.contract import routes
from services.contract.one_stop import Assist, AssistStart, DigitalHelp
from services.contract.routes import Write
from services.gateway_client.asking import Asker
from services.gateway_client.channel import Channel
from services.gateway_client.http import Call, Place
from services.gateway_client.ledger import new_key

Later = Callable[[Write, str, wire.Wire, str], Awaitable[None]]


class GatewayHelpers:
    """The kiosk's side of `services.journeys.ports.Helpers`. Raises GatewayError."""

    def __init__(self, channel: Channel, asker: Asker, later: Later, seconds: float) -> None:
        self._channel = channel
        self._asker = asker
        self._later = later
        self._seconds = seconds

    async def sign_in(self, start: AssistStart) -> Assist:
        """Status 403: nobody by that name, PIN or card; 429: too many tries."""
        _, assist = await self._asker.ask(Write.ASSIST, routes.ASSISTS, start, Assist, seconds=self._seconds)
        return assist

    async def leave(self, assist: Assist) -> None:
        """They go; unanswered, the gateway ends it by its own time."""
        path = routes.ASSIST_END.format(id=assist.id)
        await self._channel.send(Place.CITIZEN, Call("POST", path, b"{}", key=new_key(), seconds=self._seconds))

    async def helped(self, told: DigitalHelp) -> None:
        """One more person; delivered later when it cannot be now."""
        await self._later(Write.DIGITAL_HELP, routes.DIGITAL_HELP, told, new_key())
