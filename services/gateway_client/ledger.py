"""The kiosk's books on the disk, as the client uses them: every method one transaction, off the Kivy thread.

Raises GatewayError NOT_KEPT when the disk does not take it.

It seals what it keeps: nothing that leaves this module for the disk can be read here again.
"""

from __future__ import annotations

import contextlib
import sqlite3
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from pydantic import BaseModel

from services.contract.models import FallbackNumber, FallbackUse, Lease, Registration
from services.contract.routes import CHECK_INS, FALLBACK, Write
from services.contract.sealed import MEDIA_TYPE, seal
from services.gateway_client.errors import GatewayError, GatewayReason
from services.gateway_client.http import Call
from services.journeys.ports import Clock, Offload
from services.outbox import Counts, Database, Draft, Entry, Numbers, OpenOperation, OpenOperations, Outbox

DEVICE = "outbox"

T = TypeVar("T")


def new_key() -> str:
    """A new idempotency key."""
    return str(uuid.uuid4())


@dataclass(frozen=True)
class Kept:
    """A registration that is on the disk: what will be sent, and the number it may be given without an answer."""

    key: str
    fallback: FallbackNumber | None
    draft: Draft


class Ledger:
    """Outbox, leased numbers and open operations of one database."""

    def __init__(self, database: Database, sealing_key: str, offload: Offload, clock: Clock) -> None:
        self.outbox = Outbox(database)
        self._database = database
        self._numbers = Numbers(database)
        self._open = OpenOperations(database)
        self._sealing_key = sealing_key
        self._offload = offload
        self._clock = clock

    async def keep_registration(self, registration: Registration, today: date) -> Kept:
        """Reserve a number and keep the registration, in one transaction, before anything is sent."""
        key = new_key()

        def work() -> Kept:
            with self._database.transaction() as connection:
                number = self._numbers.reserve_in(connection, registration.clinic_id, today, key)
                draft = self._draft(
                    Write.CHECK_IN, CHECK_INS, registration.model_copy(update={"fallback": number}), key, key
                )
                self.outbox.add_in(connection, [draft], self._clock.now())
            return Kept(key, number, draft)

        return await self._run(work)

    async def answered(self, key: str) -> None:
        """The gateway gave registration `key` a number: nothing to deliver, the reserved number is free again."""

        def work() -> None:
            with self._database.transaction() as connection:
                self.outbox.delivered_in(connection, key)
                self._numbers.release_in(connection, key)

        await self._run(work)

    async def use_fallback(self, use: FallbackUse) -> None:
        """The reserved number is given out: written together with the message that says so."""
        key = use.registration_key

        def work() -> None:
            draft = self._draft(Write.FALLBACK, FALLBACK, use, new_key(), key)
            with self._database.transaction() as connection:
                self._numbers.use_in(connection, key)
                self.outbox.add_in(connection, [draft], self._clock.now())

        await self._run(work)

    async def keep(self, write: Write, path: str, body: BaseModel, chain: str) -> None:
        """Keep a write of registration `chain` for delivery."""

        def work() -> None:
            self.outbox.add(self._draft(write, path, body, new_key(), chain), now=self._clock.now())

        await self._run(work)

    async def hold_leases(self, leases: tuple[Lease, ...], today: date) -> None:
        """Take over the numbers this kiosk may print."""
        await self._run(lambda: self._numbers.hold(leases, today))

    async def free_numbers(self, day: date) -> dict[str, int]:
        """Free numbers of each clinic on `day`."""
        return await self._run(lambda: self._numbers.free(day))

    async def due(self, *, skip: Collection[str]) -> Entry | None:
        """The next entry to deliver, but none of the chains in `skip`."""
        chains = frozenset(skip)
        return await self._run(lambda: self.outbox.due(self._clock.now(), skip=chains))

    async def delivered(self, key: str) -> None:
        """The gateway has it."""
        await self._run(lambda: self.outbox.delivered(key))

    async def failed(self, key: str, status: int | None) -> None:
        """Not delivered, later again."""
        await self._run(lambda: self.outbox.failed(key, self._clock.now(), status=status))

    async def refused(self, key: str, status: int, code: str) -> None:
        """Never to be delivered."""
        await self._run(lambda: self.outbox.refused(key, status, code))

    async def hurry(self) -> None:
        """Everything that waits is due."""
        await self._run(lambda: self.outbox.hurry(self._clock.now()))

    async def next_at(self) -> datetime | None:
        """When something is due again."""
        return await self._run(self.outbox.next_at)

    async def counts(self) -> Counts:
        """For the heartbeat."""
        return await self._run(self.outbox.counts)

    async def begin(self, key: str, write: Write) -> None:
        """An asked-again operation is about to be sent."""
        await self._run(lambda: self._open.begin(key, write, self._clock.now()))

    async def made(self, key: str, target: str) -> None:
        """It made `target`. A book that cannot be written must not hide what was made."""
        with contextlib.suppress(GatewayError):
            await self._run(lambda: self._open.answered(key, target))

    async def ended(self, *, key: str | None = None, target: str | None = None) -> None:
        """It is closed; unwritten, a restart closes it once more."""
        with contextlib.suppress(GatewayError):
            await self._run(lambda: self._open.end(key=key, target=target))

    async def open_operations(self) -> list[OpenOperation]:
        """What may still live at the gateway."""
        return await self._run(self._open.all)

    def _draft(self, write: Write, path: str, body: BaseModel, key: str, chain: str) -> Draft:
        sealed = seal(body.model_dump_json().encode(), self._sealing_key, path=path, key=key)
        return Draft(chain=chain, key=key, write=write, path=path, sealed=sealed)

    async def _run(self, work: Callable[[], T]) -> T:
        try:
            return await self._offload(DEVICE, work)
        except sqlite3.Error as error:
            raise GatewayError(GatewayReason.NOT_KEPT, str(error)) from error


def sealed_call(path: str, key: str, sealed: bytes, seconds: float) -> Call:
    """The request that sends a kept write."""
    return Call("POST", path, sealed, MEDIA_TYPE, key, seconds)
