"""Assisted mode: somebody of the community digital team helps at this kiosk, and every screen says so.

It outlives sessions, and ends when they leave, when their time is over, or when nobody has touched the start page for a
while: what the next person does alone is never logged as assisted.
"""

from __future__ import annotations

import logging
from datetime import timedelta

import trio

from services.contract.one_stop import Assist
from services.failures import code_of
from services.gateway_client import GatewayError
from services.journeys.ports import Kit
from services.journeys.stage import Stage
from services.journeys.words import time_of_day

log = logging.getLogger(__name__)

QUIET_SECONDS = 120.0
"""So long may the start page stand untouched."""

SHOWN = 18
"""Letters of their name that the bar has room for."""


class Assisting:
    """Who helps now."""

    def __init__(self, stage: Stage, kit: Kit) -> None:
        self._stage, self._kit = stage, kit
        self._assist: Assist | None = None

    @property
    def current(self) -> Assist | None:
        """None as well when their time is over."""
        if self._assist is not None and self._seconds_left(self._assist) <= 0:
            self._over()
        return self._assist

    @property
    def id(self) -> str | None:
        """What is logged with a dossier and a count."""
        current = self.current
        return None if current is None else current.id

    def begin(self, assist: Assist) -> None:
        """They signed in."""
        self._assist = assist
        name = assist.name if len(assist.name) <= SHOWN else assist.name[: SHOWN - 1] + "…"
        self._stage.assisted(name, time_of_day(assist.expires_at))

    async def until_over(self) -> None:
        """Their time, while it runs."""
        mine = self._assist
        if mine is None:
            return
        await trio.sleep(max(0.0, self._seconds_left(mine)))
        if self._assist is mine:
            log.info("assisted mode: over by its time")
            self._over()

    async def leave(self) -> None:
        """They go, or nobody is there any more."""
        mine = self._assist
        if mine is None:
            return
        self._over()
        try:
            await self._kit.gateway.helpers.leave(mine)
        except GatewayError as error:
            log.warning("assisted mode: left to the gateway's own time: %s", code_of(error))

    async def nobody_left(self) -> None:
        """On the start page: ends it when nothing is touched for a while. Never when nobody helps."""
        if self.current is None:
            await trio.sleep_forever()
        await trio.sleep(QUIET_SECONDS * self._kit.pace)
        await self.leave()

    def _over(self) -> None:
        self._assist = None
        self._stage.assisted("", "")

    def _seconds_left(self, assist: Assist) -> float:
        """By the gateway's clock."""
        now = self._kit.clock.now() - timedelta(seconds=self._kit.gateway.clock_ahead)
        return (assist.expires_at - now).total_seconds()
