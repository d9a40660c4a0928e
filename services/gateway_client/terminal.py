"""Terminal authentication through the gateway: its certificates, its key, on a line of their own.

Has the shape of drivers.smartcard.terminal_desk.TerminalDesk. A card lies on the reader meanwhile: asked once, never
later; without an answer the reading goes on without the fingers.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Sequence

import trio

from services.contract import routes
from services.contract.models import TerminalChain, TerminalChallenge, TerminalSignature
from services.gateway_client.channel import Channel
from services.gateway_client.errors import GatewayError, GatewayReason
from services.gateway_client.http import Call, Place
from services.gateway_client.ledger import new_key

ANSWER_SECONDS = 3.0
"""Shorter than what the card reader waits for us."""


class GatewayTerminal:
    """The gateway's inspection system as a card reader sees it."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    async def chain(self, authority: bytes) -> Sequence[bytes]:
        """Certificates from the one `authority` signed down to the terminal's.

        Raises LookupError when the gateway knows none (or has no inspection system), else GatewayError.
        """
        await self._reachable()
        call = Call("GET", routes.TERMINAL_CHAIN, query={"authority": authority.hex()}, seconds=ANSWER_SECONDS)
        try:
            found = await self._channel.ask(Place.CARD, call, TerminalChain)
        except GatewayError as error:
            if error.status == 404:
                raise LookupError(authority) from error
            raise
        try:
            return [b64decode(each, validate=True) for each in found.certificates]
        except ValueError:
            raise GatewayError(GatewayReason.SERVER, "certificates that are none", sent=True) from None

    async def sign(self, data: bytes) -> bytes:
        """The signature over a chip's identifier, challenge and ephemeral key. Raises GatewayError."""
        await self._reachable()
        body = TerminalChallenge(message=data.hex()).model_dump_json().encode()
        call = Call("POST", routes.TERMINAL_SIGNATURES, body, key=new_key(), seconds=ANSWER_SECONDS)
        return bytes.fromhex((await self._channel.ask(Place.CARD, call, TerminalSignature)).signature)

    async def _reachable(self) -> None:
        """Nobody waits before a card for a gateway that is known to be gone."""
        await trio.lowlevel.checkpoint()
        if not self._channel.online:
            raise GatewayError(GatewayReason.NO_NETWORK, "offline")
