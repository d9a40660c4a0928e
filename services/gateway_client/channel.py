"""One authenticated question and its typed answer, off the Kivy thread; and whether the gateway answers at all.

What may be repeated here is only what cannot do harm twice: a refused token is renewed once, and a kept-alive line
that turns out to be dead is replaced once, both with the same idempotency key.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from services.contract.routes import KIOSK_CLOCK
from services.gateway_client.errors import GatewayError, GatewayReason
from services.gateway_client.http import Answer, Call, Http, Place
from services.gateway_client.token import Tokens
from services.journeys.ports import Clock, Offload

M = TypeVar("M", bound=BaseModel)

log = logging.getLogger(__name__)


class Channel:
    """Asks the gateway. `changed` is called when it goes offline or comes back."""

    def __init__(self, http: Http, tokens: Tokens, offload: Offload, clock: Clock) -> None:
        self.http = http
        self._tokens = tokens
        self._offload = offload
        self._clock = clock
        self.offline_since: datetime | None = None
        self.skew_seconds: float | None = None
        """How far our clock is ahead of the gateway's, by the last answer's Date."""
        self.changed: list[Callable[[bool], None]] = []

    @property
    def online(self) -> bool:
        """Whether the last exchange worked."""
        return self.offline_since is None

    async def ask(self, place: Place, call: Call, model: type[M]) -> M:
        """Send and parse. Raises GatewayError."""
        answer = await self.send(place, call)
        try:
            return model.model_validate_json(answer.body)
        except ValidationError as error:
            # Without the values: they may be somebody's.
            self._note(worked=False)
            places = [".".join(map(str, item["loc"])) for item in error.errors(include_input=False, include_url=False)]
            detail = f"{call.path.partition('?')[0]}: cannot be understood at {', '.join(places[:3])}"
            raise GatewayError(GatewayReason.SERVER, detail, sent=True) from None

    async def send(self, place: Place, call: Call) -> Answer:
        """Send, without parsing. Raises GatewayError."""
        try:
            answer = await self._offload(place.value, lambda: self.exchange(place, call))
        except GatewayError as error:
            self._note(worked=not error.offline)
            raise
        self._note(worked=True)
        self._note_skew(answer)
        return answer

    def exchange(self, place: Place, call: Call) -> Answer:
        """The blocking exchange itself."""
        repeatable = call.key is not None or call.method == "GET"
        try:
            return self._once(place, call)
        except GatewayError as error:
            dead_line = error.reason is GatewayReason.NO_NETWORK and error.sent
            if not (repeatable and (dead_line or error.status == 401)):
                raise
        try:
            return self._once(place, call)
        except GatewayError as error:
            # Whatever the second send came to, the first one may have arrived.
            error.sent = error.sent or dead_line
            raise

    def _once(self, place: Place, call: Call) -> Answer:
        token = self.token(place)
        told = replace(call, headers={**call.headers, KIOSK_CLOCK: self._clock.now().isoformat()})
        try:
            return self.http.send(place, told, token)
        except GatewayError as error:
            if error.status == 401:
                self._tokens.drop(token)
            raise

    def token(self, place: Place) -> str:
        """A valid token, fetched if need be (blocking)."""
        try:
            return self._tokens.get(place)
        except ValidationError:
            raise GatewayError(GatewayReason.SERVER, "the token cannot be understood") from None
        except GatewayError as error:
            # The request itself was not sent.
            raise GatewayError(error.reason, str(error), status=error.status, code=error.code) from error

    def _note(self, *, worked: bool) -> None:
        if worked == self.online:
            return
        self.offline_since = None if worked else self._clock.now()
        log.info("gateway %s", "online" if worked else "offline")
        for listener in self.changed:
            listener(worked)

    def _note_skew(self, answer: Answer) -> None:
        try:
            there = parsedate_to_datetime(answer.date)
        except ValueError:
            return
        self.skew_seconds = (self._clock.now() - there).total_seconds()
