"""What the client does while nobody asks: deliver, keep fresh what is needed offline, and tell that the kiosk lives."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Awaitable, Callable

import trio

from services.contract import models as wire
from services.contract import routes
from services.contract.routes import Write
from services.gateway_client.bookkeeper import BookKeeper
from services.gateway_client.channel import Channel
from services.gateway_client.delivery import Deliverer
from services.gateway_client.errors import GatewayError
from services.gateway_client.guidebook import GuideKeeper
from services.gateway_client.http import Call, Place
from services.gateway_client.ledger import Ledger, new_key
from services.gateway_client.memory import Memory
from services.gateway_client.nonces import Nonces
from services.journeys.ports import Clock, Offload

OFFLINE_SECONDS = 3.0
"""How often an offline kiosk tries: the way back must be found before the next person comes."""
PROBE_SECONDS = 15.0
CALM_SECONDS = 1.0
"""Devices change together (a cable, a power strip): one heartbeat tells of all."""
NOTICE_SECONDS = 1800.0
LEASE_SECONDS = 900.0
NONCE_SECONDS = 60.0

log = logging.getLogger(__name__)


class Background:
    """The client's own task. `devices` tells the heartbeat how the devices are."""

    def __init__(
        self,
        channel: Channel,
        library: BookKeeper,
        guides: GuideKeeper,
        ledger: Ledger,
        memory: Memory,
        nonces: Nonces,
        deliverer: Deliverer,
        offload: Offload,
        clock: Clock,
        *,
        devices: Callable[[], tuple[wire.DeviceReport, ...]],
        seconds: float,
        version: str,
    ) -> None:
        self._channel = channel
        self._library = library
        self._guides = guides
        self._ledger = ledger
        self._memory = memory
        self._nonces = nonces
        self._deliverer = deliverer
        self._offload = offload
        self._clock = clock
        self._started_at = clock.now()
        self._devices = devices
        self._seconds = seconds
        self._version = version
        self.site_told: list[Callable[[wire.Site], None]] = []
        """Called on the trio thread with each answer about the site."""
        self.payments_settled = trio.Event()
        """Set when nobody wants to resume a payment that a restart interrupted."""
        self._need_nonces = trio.Event()
        self._back = trio.Event()
        self._changed_device = trio.Event()
        self._trio: trio.lowlevel.TrioToken | None = None
        channel.changed.append(self._changed)

    def refresh_nonces(self) -> None:
        """The batch runs out: fetch another one soon."""
        self._need_nonces.set()

    def beat_soon(self) -> None:
        """A device changed: tell the gateway (from any thread)."""
        if self._trio is not None:
            with contextlib.suppress(trio.RunFinishedError):
                self._trio.run_sync_soon(lambda: self._changed_device.set())

    async def run(self, task_status: trio.TaskStatus[None]) -> None:
        """For ever."""
        self._trio = trio.lowlevel.current_trio_token()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._library.open)
            nursery.start_soon(self._guides.open)
            nursery.start_soon(self._deliverer.run)
            nursery.start_soon(self._again, self._probe, PROBE_SECONDS, OFFLINE_SECONDS)
            nursery.start_soon(self._again, self._site_and_clinics, self._seconds, PROBE_SECONDS)
            nursery.start_soon(self._again, self._notice, NOTICE_SECONDS, PROBE_SECONDS)
            nursery.start_soon(self._again, self._leases, LEASE_SECONDS, PROBE_SECONDS)
            nursery.start_soon(self._keep_nonces)
            nursery.start_soon(self._beats)
            nursery.start_soon(self._close_what_was_open)
            task_status.started()

    def _changed(self, online: bool) -> None:
        if online:
            self._back.set()
            self._back = trio.Event()
            self._deliverer.hurry()

    async def _again(self, work: Callable[[], Awaitable[None]], seconds: float, after_failure: float) -> None:
        """Do `work` now, every `seconds` (`after_failure` when it failed), and when the gateway is back."""
        while True:
            worked = True
            try:
                await work()
            except GatewayError as error:
                worked = False
                log.debug("background: %s", error)
            with trio.move_on_after(seconds if worked else after_failure):
                await self._back.wait()

    async def _probe(self) -> None:
        """The smallest question: people are told that the network is gone before they begin, not in the middle."""
        await self._channel.send(Place.LATER, Call("GET", routes.HEALTH))

    async def _site_and_clinics(self) -> None:
        site = await self._channel.ask(Place.LATER, Call("GET", routes.SITE), wire.Site)
        clinics = await self._channel.ask(Place.LATER, Call("GET", routes.CLINICS), wire.Clinics)
        rooms = await self._rooms()

        def keep() -> None:
            self._memory.keep_site(site)
            self._memory.keep_clinics(clinics)
            if rooms is not None:
                self._memory.keep_rooms(rooms.rooms)

        await self._offload("outbox", keep)
        for listener in self.site_told:
            listener(site)
        await self._library.refresh(site)
        await self._guides.refresh(site)

    async def _rooms(self) -> wire.Rooms | None:
        """Places for the room finder; None from an older gateway, which tells none."""
        try:
            return await self._channel.ask(Place.LATER, Call("GET", routes.ROOMS), wire.Rooms)
        except GatewayError as error:
            if error.status != 404:
                raise
            return None

    async def _notice(self) -> None:
        """What people are told about their data; changes with a version, so seldom."""
        notice = await self._channel.ask(Place.LATER, Call("GET", routes.NOTICE), wire.Notice)
        await self._offload("outbox", lambda: self._memory.keep_notice(notice))

    async def _beats(self) -> None:
        """A heartbeat now and then, and soon after a device changed: an alarm does not wait."""
        while True:
            self._changed_device = trio.Event()
            with contextlib.suppress(GatewayError):
                await self._heartbeat()
            with trio.move_on_after(self._seconds):
                await self._changed_device.wait()
                await trio.sleep(CALM_SECONDS)

    async def _heartbeat(self) -> None:
        counts = await self._ledger.counts()
        now = self._clock.now()
        beat = wire.Heartbeat(
            at=now,
            version=self._version,
            started_at=self._started_at,
            devices=self._devices(),
            outbox_waiting=counts.waiting,
            outbox_oldest_seconds=0 if counts.oldest is None else int((now - counts.oldest).total_seconds()),
            outbox_dead=counts.dead + counts.reconcile,
        )
        try:
            await self._channel.send(Place.LATER, Call("POST", routes.HEARTBEATS, beat.model_dump_json().encode()))
        except GatewayError as error:
            if error.status != 404:
                raise

    async def _leases(self) -> None:
        call = Call("POST", routes.LEASES, b"{}", key=new_key())
        leases = await self._channel.ask(Place.LATER, call, wire.Leases)
        await self._ledger.hold_leases(leases.leases, self._clock.now().date())

    async def _keep_nonces(self) -> None:
        while True:
            if self._nonces.low:
                try:
                    call = Call("POST", routes.NONCES, b"{}", key=new_key())
                    self._nonces.keep(await self._channel.ask(Place.LATER, call, wire.NonceBatch))
                except GatewayError as error:
                    log.debug("nonces: %s", error)
            self._need_nonces = trio.Event()
            with trio.move_on_after(NONCE_SECONDS):
                await self._need_nonces.wait()

    async def left_behind(self, look: Callable[[str], Awaitable[wire.PaymentIntent]]) -> tuple[wire.PaymentIntent, ...]:
        """Payments that were open when the kiosk stopped, the newest first. Raises GatewayError."""
        found: list[wire.PaymentIntent] = []
        for operation in reversed(await self._ledger.open_operations()):
            target = operation.target or await self._target(operation.key, operation.write)
            if target:
                await self._ledger.made(operation.key, target)
                found.append(await look(target))
            else:
                await self._ledger.ended(key=operation.key)
        return tuple(found)

    async def _close_what_was_open(self) -> None:
        """After a restart: a payment code that nobody sees any more must not live (DESIGN section 6)."""
        left = await self._ledger.open_operations()
        keys = {operation.key for operation in left}
        await self.payments_settled.wait()
        # What a resumed session closed meanwhile is not asked about again.
        left = [operation for operation in await self._ledger.open_operations() if operation.key in keys]
        while left:
            try:
                while left:
                    await self._close(left[0].key, left[0].write, left[0].target)
                    left.pop(0)
            except GatewayError as error:
                if not error.retry:
                    await self._ledger.ended(key=left.pop(0).key)
                    continue
                with trio.move_on_after(OFFLINE_SECONDS):
                    await self._back.wait()

    async def _close(self, key: str, write: Write, target: str) -> None:
        target = target or await self._target(key, write)
        if target:
            path = routes.PAYMENT_CANCEL.format(id=target)
            await self._channel.send(Place.LATER, Call("POST", path, b"{}", key=new_key()))
        await self._ledger.ended(key=key)

    async def _target(self, key: str, write: Write) -> str:
        """What a write made whose answer never came; empty when it never arrived."""
        path = routes.OPERATION.format(operation=write.value, key=key)
        operation = await self._channel.ask(Place.LATER, Call("GET", path), wire.Operation)
        if operation.state is not wire.OperationState.DONE or operation.body is None:
            return ""
        return str(operation.body.get("id", ""))
