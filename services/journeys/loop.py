"""The kiosk's endless loop: start page, a journey, the tail, start page."""

from __future__ import annotations

import logging
from typing import NoReturn

import trio

from services.journeys.check_in import CHECK_IN, CHECK_IN_WITHOUT_CARD
from services.journeys.crash import log_crash
from services.journeys.front import Front
from services.journeys.idle import TimeIsUp
from services.journeys.journey import Ending, Journey, Over, WentBack, WentHome
from services.journeys.ports import Kit
from services.journeys.prompts import Home, HomeChoice, HowTo, PrivacyNotice
from services.journeys.racing import first
from services.journeys.runner import run
from services.journeys.smaller import BOOKED, FIND_ROOM, REPRINT
from services.journeys.staff_call import StaffCalls
from services.journeys.stage import Stage
from services.journeys.steps.ask_consents import notice_words
from services.journeys.tail import end
from services.journeys.visit import Visit
from services.journeys.walk import Asked, Walk
from services.journeys.words import time_of_day

log = logging.getLogger(__name__)

JOURNEYS = {
    HomeChoice.CHECK_IN: CHECK_IN,
    HomeChoice.CHECK_IN_WITHOUT_CARD: CHECK_IN_WITHOUT_CARD,
    HomeChoice.BOOKED: BOOKED,
    HomeChoice.REPRINT: REPRINT,
    HomeChoice.FIND_ROOM: FIND_ROOM,
}
BREATH_SECONDS = 1.0


async def run_kiosk(stage: Stage, kit: Kit) -> None:
    """Serve one person after another until the stage ends or the kiosk is told to stop (cancelled)."""
    front = Front(stage, kit)
    async with trio.open_nursery() as nursery:
        loop = Loop(front, nursery)
        nursery.start_soon(loop.serve)
        await front.listen()
        nursery.cancel_scope.cancel()


class Loop:
    """What goes on from session to session."""

    def __init__(self, front: Front, nursery: trio.Nursery) -> None:
        self.front = front
        front.chores_in(nursery)
        self._seen = -1
        StaffCalls(front)
        front.kit.gateway.on_change(lambda _online: front.stage.show(self._home()))

    async def serve(self) -> NoReturn:
        """Start page, session, start page …"""
        while True:
            try:
                await self._serve_one()
            except Exception as error:
                # Whatever fell over lies outside of any session; the start page comes back all the same.
                log_crash("start page", error)
                await trio.sleep(BREATH_SECONDS)

    async def _serve_one(self) -> None:
        choice = await self._start_page()
        match choice:
            case HomeChoice.HOW_TO:
                await self._page(HowTo())
            case HomeChoice.PRIVACY:
                await self._page(self._notice)
            case _:
                await self._sessions(JOURNEYS[choice])

    async def _start_page(self) -> HomeChoice:
        """Wait for a touch, or for a card that is laid down first: that is no mistake, it is a wish to check in."""
        stage, kit = self.front.stage, self.front.kit
        stage.time_left(None)
        lying = kit.cards.card
        self._seen = max(self._seen, lying.serial if lying else -1)

        async def touched() -> HomeChoice:
            return await stage.ask(self._home())

        async def laid_down() -> HomeChoice:
            await kit.cards.inserted(after=self._seen)
            return HomeChoice.CHECK_IN

        return await first(touched, laid_down)

    def _home(self) -> Home:
        since = self.front.kit.gateway.offline_since
        return Home(choices=tuple(HomeChoice), offline_since=None if since is None else time_of_day(since))

    async def _sessions(self, journey: Journey) -> None:
        """One session, and the next at once when a different card asked for a new turn."""
        while await self._session(journey) is Ending.OTHER_CARD:
            journey = JOURNEYS[HomeChoice.CHECK_IN]

    async def _session(self, journey: Journey) -> Ending:
        walk = Walk(self.front, journey, Visit())
        ending = await run(journey, walk)
        await end(walk, ending)
        log.info("session over: %s", ending.value)
        return ending

    def _notice(self) -> PrivacyNotice:
        return PrivacyNotice(words=notice_words(self.front.kit.gateway.notice, self.front.stage.language))

    async def _page(self, page: Asked[None]) -> None:
        """Show a page; Back, Home, its answer or silence lead to the start page."""
        try:
            await Walk(self.front, CHECK_IN, Visit()).ask(page)
        except (WentBack, WentHome, Over, TimeIsUp):
            pass
        except Exception as error:
            log_crash("page", error)
        self.front.kit.sounds.reset()
        self.front.stage.reset()
