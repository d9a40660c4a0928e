"""Catalogue and calendar of a one-stop centre: fetched when the gateway has others, kept for days without network.

A file is taken over only when its bytes are those the gateway named and the product's own import finds no flaw in it;
until then the old one stays. Reading and indexing happen on a thread of their own.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from services.contract import routes
from services.contract.models import Site
from services.contract.one_stop import CatalogueVersion
from services.gateway_client.channel import Channel
from services.gateway_client.http import Call, Place
from services.gateway_client.identity import write_private
from services.journeys.books import Books, Shelf, shelf_of
from services.journeys.ports import Clock, Offload
from services.procedures.importing import CatalogueError

log = logging.getLogger(__name__)

CATALOGUE, CALENDAR = "catalogue.json", "calendar.json"


class BookKeeper:
    """The library of a kiosk (`services.journeys.books.Library`)."""

    def __init__(self, state: Path, channel: Channel, offload: Offload, clock: Clock) -> None:
        self._catalogue, self._calendar = state / CATALOGUE, state / CALENDAR
        self._channel, self._offload, self._clock = channel, offload, clock
        self._held: tuple[str, str] | None = None
        """Digests of the two files on the shelf."""
        self._shelf: Shelf | None = None
        self._books: Books | None = None
        self._listeners: list[Callable[[], None]] = []

    def books(self, day: date) -> Books | None:
        """Those that were read last; at midnight yesterday's for the moment until today's are indexed."""
        return self._books

    def on_change(self, listener: Callable[[], None]) -> None:
        """`listener()` when other books hold."""
        self._listeners.append(listener)

    async def open(self) -> None:
        """What was kept from before, if it is still good."""
        await self._take(await self._offload("books", self._read))

    async def refresh(self, site: Site) -> None:
        """Take over what the gateway has now. Raises GatewayError."""
        if site.one_stop is None:
            return
        version = await self._channel.ask(Place.LATER, Call("GET", routes.CATALOGUE_VERSION), CatalogueVersion)
        wanted = version.digest, version.calendar_digest
        if self._held != wanted:
            catalogue = await self._channel.send(Place.LATER, Call("GET", routes.CATALOGUE))
            calendar = await self._channel.send(Place.LATER, Call("GET", routes.CATALOGUE_CALENDAR))
            if wanted != (_digest(catalogue.body), _digest(calendar.body)):
                log.warning("catalogue: the gateway changed it meanwhile; asked again later")
                return
            await self._take(await self._offload("books", lambda: self._new(catalogue.body, calendar.body)))
        elif self._books is not None and self._books.day != self._clock.now().date():
            await self._take(self._shelf)

    async def _take(self, shelf: Shelf | None) -> None:
        """Index it for today, then tell."""
        if shelf is None:
            return
        today = self._clock.now().date()
        self._books = await self._offload("books", lambda: shelf.books(today))
        self._shelf = shelf
        for listener in self._listeners:
            listener()

    def _read(self) -> Shelf | None:
        try:
            catalogue, calendar = self._catalogue.read_bytes(), self._calendar.read_bytes()
        except OSError:
            return None
        return self._parsed(catalogue, calendar)

    def _new(self, catalogue: bytes, calendar: bytes) -> Shelf | None:
        """Kept only when it is good."""
        shelf = self._parsed(catalogue, calendar)
        if shelf is None:
            return None
        try:
            write_private(self._catalogue, catalogue)
            write_private(self._calendar, calendar)
        except OSError as error:
            # Only a memory for bad days: the books themselves are in hand.
            log.warning("catalogue cannot be kept: %s", error)
        return shelf

    def _parsed(self, catalogue: bytes, calendar: bytes) -> Shelf | None:
        digests = _digest(catalogue), _digest(calendar)
        # Also of files that are no good: the same ones are not fetched every minute.
        self._held = digests
        try:
            return shelf_of(catalogue, calendar, digests[0])
        except (CatalogueError, ValidationError) as error:
            log.warning("catalogue cannot be used: %s", str(error)[:500])
            return None


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
