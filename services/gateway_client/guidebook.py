"""Notices and guides: fetched when the gateway tells others, kept with their pictures for days without network."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from services.contract import routes
from services.contract.models import Site
from services.contract.one_stop import Guidance
from services.gateway_client.channel import Channel
from services.gateway_client.errors import GatewayError
from services.gateway_client.http import Call, Place
from services.gateway_client.identity import write_private
from services.journeys.guidebook import NOTHING
from services.journeys.ports import Offload

log = logging.getLogger(__name__)

GUIDANCE = "guidance.json"
PICTURES = "guidance"
MOST_PICTURES, MOST_BYTES = 40, 3 << 20
"""More or larger ones are not taken: they are held in memory."""


class GuideKeeper:
    """The guidebook of a kiosk (`services.journeys.guidebook.Guidebook`)."""

    def __init__(self, state: Path, channel: Channel, offload: Offload) -> None:
        self._state, self._channel, self._offload = state, channel, offload
        self._guidance = NOTHING
        self._pictures: dict[str, bytes] = {}
        self._listeners: list[Callable[[], None]] = []

    def guidance(self, day: date) -> Guidance:
        """What holds on a day: the gateway's answer may be of yesterday."""
        notices = tuple(one for one in self._guidance.notices if one.first <= day <= one.last)
        return self._guidance.model_copy(update={"notices": notices})

    def picture(self, name: str | None) -> bytes | None:
        """From memory."""
        return None if name is None else self._pictures.get(name)

    def on_change(self, listener: Callable[[], None]) -> None:
        """`listener()` when something else is told."""
        self._listeners.append(listener)

    async def open(self) -> None:
        """What was kept from before, if it is still good."""
        found = await self._offload("guides", self._read)
        if found is not None and self._guidance is NOTHING:
            self._take(*found)

    async def refresh(self, site: Site) -> None:
        """Take over what the gateway tells now. A picture that cannot be had is asked for the next time."""
        if site.one_stop is None:
            return
        try:
            guidance = await self._channel.ask(Place.LATER, Call("GET", routes.GUIDANCE), Guidance)
        except GatewayError as error:
            if error.status != 404:
                raise
            return
        names = named_pictures(guidance)
        if guidance == self._guidance and names <= self._pictures.keys():
            return
        pictures = {name: content for name in names if (content := await self._fetched(name)) is not None}
        self._take(guidance, pictures)
        await self._offload("guides", lambda: self._keep(guidance, pictures))

    async def _fetched(self, name: str) -> bytes | None:
        try:
            answer = await self._channel.send(Place.LATER, Call("GET", routes.GUIDANCE_PICTURE.format(name=name)))
        except GatewayError as error:
            if error.offline:
                raise
            log.warning("guidance: a picture cannot be had: %s", error)
            return None
        return answer.body if len(answer.body) <= MOST_BYTES else None

    def _take(self, guidance: Guidance, pictures: dict[str, bytes]) -> None:
        changed = (guidance, pictures) != (self._guidance, self._pictures)
        self._guidance, self._pictures = guidance, pictures
        if changed:
            for listener in self._listeners:
                listener()

    def _read(self) -> tuple[Guidance, dict[str, bytes]] | None:
        try:
            guidance = Guidance.model_validate_json((self._state / GUIDANCE).read_bytes())
        except (OSError, ValidationError):
            return None
        pictures: dict[str, bytes] = {}
        for name in named_pictures(guidance):
            try:
                pictures[name] = (self._state / PICTURES / _file_of(name)).read_bytes()
            except OSError:
                continue
        return guidance, pictures

    def _keep(self, guidance: Guidance, pictures: dict[str, bytes]) -> None:
        folder = self._state / PICTURES
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            wanted = {_file_of(name): content for name, content in pictures.items()}
            for file, content in wanted.items():
                write_private(folder / file, content)
            for old in folder.iterdir():
                if old.name not in wanted:
                    old.unlink()
            write_private(self._state / GUIDANCE, guidance.model_dump_json(indent=1).encode())
        except OSError as error:
            # Only a memory for bad days: what is told is in hand.
            log.warning("guidance cannot be kept: %s", error)


def named_pictures(guidance: Guidance) -> frozenset[str]:
    """Every picture that is named, as many as are held."""
    named = [notice.picture for notice in guidance.notices]
    named += [step.picture for guide in guidance.guides for step in guide.steps]
    return frozenset(list(dict.fromkeys(name for name in named if name))[:MOST_PICTURES])


def _file_of(name: str) -> str:
    """A name of our own on the disk, whatever the gateway calls it."""
    return hashlib.sha256(name.encode()).hexdigest()[:32]
