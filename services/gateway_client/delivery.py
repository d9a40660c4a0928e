"""Delivers the outbox: in order within a registration, again and again with a pause, until the gateway has it."""

from __future__ import annotations

import logging
from collections.abc import Collection

import trio

from services.contract.routes import Write
from services.gateway_client.channel import Channel
from services.gateway_client.errors import GatewayError, GatewayReason
from services.gateway_client.http import Place
from services.gateway_client.ledger import Ledger, sealed_call
from services.journeys.ports import Clock
from services.outbox import Entry

IDLE_SECONDS = 30.0
"""With nothing due, look again after this; a new entry wakes the deliverer at once."""

SECONDS = 15.0
"""Nobody waits for these answers."""

DEAD_LETTER = "GW-206"

log = logging.getLogger(__name__)


class Deliverer:
    """Sends what waits. `in_hand`: keys that somebody is sending right now."""

    def __init__(self, channel: Channel, ledger: Ledger, clock: Clock, in_hand: Collection[str]) -> None:
        self._channel = channel
        self._ledger = ledger
        self._clock = clock
        self._in_hand = in_hand
        self._wake = trio.Event()
        self._hurry = False

    def wake(self) -> None:
        """Something new waits, or the gateway is back (from the trio thread)."""
        self._wake.set()

    def hurry(self) -> None:
        """The gateway is back: what waits is due now (from the trio thread)."""
        self._hurry = True
        self._wake.set()

    async def run(self) -> None:
        """Deliver for ever."""
        while True:
            try:
                if self._hurry:
                    self._hurry = False
                    await self._ledger.hurry()
                if not await self.deliver_one():
                    await self._pause()
            except GatewayError as error:
                # A full disk: what waits is still there when somebody made room.
                log.error("the outbox cannot be used: %s", error)
                await trio.sleep(IDLE_SECONDS)

    async def deliver_one(self) -> bool:
        """Try the next due entry; False when there is none, or the gateway as such does not answer."""
        entry = await self._ledger.due(skip=self._in_hand)
        if entry is None:
            return False
        try:
            await self._channel.send(Place.LATER, sealed_call(entry.path, entry.key, entry.sealed, SECONDS))
        except GatewayError as error:
            return await self._not_delivered(entry, error)
        await self._delivered(entry)
        return True

    async def _delivered(self, entry: Entry) -> None:
        log.info("delivered %s after %d tries", entry.write.value, entry.attempts + 1)
        if entry.write is Write.CHECK_IN:
            await self._ledger.answered(entry.key)
        else:
            await self._ledger.delivered(entry.key)

    async def _not_delivered(self, entry: Entry, error: GatewayError) -> bool:
        log.warning("not delivered: %s, try %d: %s", entry.write.value, entry.attempts + 1, error)
        if error.retry or error.reason is GatewayReason.REFUSED:
            # A refused kiosk is enrolled again some day: what people were promised waits for it.
            await self._ledger.failed(entry.key, error.status)
            return not error.offline and error.reason is not GatewayReason.REFUSED
        await self._ledger.refused(entry.key, error.status or 0, DEAD_LETTER)
        return True

    async def _pause(self) -> None:
        at = await self._ledger.next_at()
        seconds = IDLE_SECONDS if at is None else (at - self._clock.now()).total_seconds()
        with trio.move_on_after(max(0.2, min(seconds, IDLE_SECONDS))):
            await self._wake.wait()
        self._wake = trio.Event()
