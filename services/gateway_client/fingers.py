"""Fingers at the gateway: asked now or never, a finger waits in no outbox."""

from __future__ import annotations

import base64
import zlib
from typing import Protocol

from services.contract import models as wire
from services.contract import routes
from services.contract.routes import Write
from services.gateway_client.asking import Asker
from services.gateway_client.channel import Channel
from services.gateway_client.http import Call, Place


class GreyPicture(Protocol):
    """A finger's picture, 8-bit grey."""

    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def dpi(self) -> int: ...
    @property
    def pixels(self) -> bytes: ...


class GatewayFingers:
    """The gateway's templates and its matcher. Raises GatewayError."""

    def __init__(self, channel: Channel, asker: Asker, seconds: float) -> None:
        self._channel = channel
        self._asker = asker
        self._seconds = seconds

    async def standing(self, person: wire.Person) -> wire.FingerStanding:
        """Which fingers this person enrolled."""
        body = wire.FingerAsk(person=person).model_dump_json().encode()
        call = Call("POST", routes.FINGER_STANDING, body, seconds=self._seconds)
        return await self._channel.ask(Place.CITIZEN, call, wire.FingerStanding)

    async def enrol(self, enrolment: wire.FingerEnrolment) -> wire.FingerVerdict:
        """Leave a template."""
        return await self._ask(Write.FINGER_ENROLMENT, routes.FINGER_ENROLMENTS, enrolment)

    async def check(self, check: wire.FingerCheck) -> wire.FingerVerdict:
        """One to one."""
        return await self._ask(Write.FINGER_CHECK, routes.FINGER_CHECKS, check)

    async def come_back(self, back: wire.FingerReturn) -> wire.FingerVerdict:
        """Without the card."""
        return await self._ask(Write.FINGER_RETURN, routes.FINGER_RETURNS, back)

    async def _ask(
        self, write: Write, path: str, body: wire.FingerEnrolment | wire.FingerCheck | wire.FingerReturn
    ) -> wire.FingerVerdict:
        _, verdict = await self._asker.ask(write, path, body, wire.FingerVerdict, seconds=self._seconds)
        return verdict


def on_the_wire(picture: GreyPicture) -> wire.FingerPicture:
    """A picture as it is sent."""
    pixels = base64.b64encode(zlib.compress(picture.pixels)).decode()
    return wire.FingerPicture(width=picture.width, height=picture.height, dpi=picture.dpi, pixels=pixels)
