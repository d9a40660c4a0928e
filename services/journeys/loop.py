"""The kiosk's endless loop: start page, a journey, the tail, start page."""

from __future__ import annotations

import logging
from typing import NoReturn

import trio

from services.contract import models as wire
from services.journeys import one_stop
from services.journeys.books import Books
from services.journeys.check_in import CHECK_IN, CHECK_IN_WITHOUT_CARD
from services.journeys.crash import log_crash
from services.journeys.following import COLLECT, RATE, TRACK
from services.journeys.front import Front
from services.journeys.guiding import GUIDES, NOTICES
from services.journeys.idle import TimeIsUp
from services.journeys.journey import Ending, Journey, Over, WentBack, WentHome
from services.journeys.left_behind import interrupted
from services.journeys.pay import PAY, RESUMED
from services.journeys.ports import Kit
from services.journeys.prompts import (
    BARS,
    HOSPITAL,
    ONE_STOP,
    TOLD,
    Favourite,
    Home,
    HomeChoice,
    HowTo,
    OneStopHome,
    PrivacyNotice,
    ProcedureChosen,
)
from services.journeys.racing import first
from services.journeys.runner import run
from services.journeys.smaller import BOOKED, FIND_ROOM, REPRINT
from services.journeys.staff_call import StaffCalls
from services.journeys.stage import Stage
from services.journeys.steps.ask_consents import notice_words
from services.journeys.tail import end
from services.journeys.visit import Visit
from services.journeys.walk import Asked, Walk
from services.journeys.words import in_language, time_of_day
from services.technician.mode import serve_technician

log = logging.getLogger(__name__)

JOURNEYS = {
    HomeChoice.CHECK_IN: CHECK_IN,
    HomeChoice.CHECK_IN_WITHOUT_CARD: CHECK_IN_WITHOUT_CARD,
    HomeChoice.BOOKED: BOOKED,
    HomeChoice.REPRINT: REPRINT,
    HomeChoice.PAY: PAY,
    HomeChoice.FIND_ROOM: FIND_ROOM,
    HomeChoice.TAKE_NUMBER: one_stop.TAKE_NUMBER,
    HomeChoice.FIND_PROCEDURE: one_stop.FIND_PROCEDURE,
    HomeChoice.TRACK: TRACK,
    HomeChoice.COLLECT: COLLECT,
    HomeChoice.RATE: RATE,
    HomeChoice.CONTINUE_DRAFT: one_stop.CONTINUE_DRAFT,
    HomeChoice.GUIDES: GUIDES,
    HomeChoice.NOTICES: NOTICES,
}
BREATH_SECONDS = 1.0
RECOUNT_SECONDS = 15.0
"""How often the start page's numbers are looked at again."""


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
        self._interrupted: wire.PaymentIntent | None = None
        self._found = trio.Event()
        self._somebody_else = False
        """Somebody has begun something since the start: what was left behind is closed, not shown."""
        nursery.start_soon(self._look_back)
        self._shown_home: type[Home] | None = None
        StaffCalls(front)
        if front.kit.technician is not None:
            front.on_technician(front.kit.technician.handshake.request)
        self._other_home = trio.Event()
        front.kit.gateway.on_change(lambda _online: self._place_told())
        front.kit.library.on_change(self._place_told)
        front.kit.guides.on_change(self._place_told)

    def _place_told(self) -> None:
        """The start page follows what is known of the place; another kind of place has another page."""
        home = self._home()
        self.front.stage.show(home)
        if self._shown_home is not None and type(home) is not self._shown_home:
            self._other_home.set()

    async def serve(self) -> NoReturn:
        """Start page, session, start page …"""
        while True:
            try:
                await self._serve_one()
            except Exception as error:
                # Whatever fell over lies outside of any session; the start page comes back all the same.
                log_crash("start page", error)
                await trio.sleep(BREATH_SECONDS)

    async def _look_back(self) -> None:
        """Once: was a payment going on when the kiosk stopped? Whoever begins something meanwhile goes first."""
        try:
            self._interrupted = await interrupted(self.front.kit)
        except Exception as error:
            log_crash("payments of before", error)
        if self._interrupted is None or self._somebody_else:
            self._interrupted = None
            self.front.kit.gateway.payments_settled()
        self._found.set()

    async def _resume(self) -> None:
        """The payment stands on the screen again; afterwards nothing of before is left open."""
        intent, self._interrupted = self._interrupted, None
        try:
            if intent is not None:
                await self._session(RESUMED, Visit(intent=intent, code_live=True))
        finally:
            self.front.kit.gateway.payments_settled()

    async def _serve_one(self) -> None:
        if self._interrupted is not None:
            await self._resume()
        await self._technician()
        choice = await self._start_page()
        match choice:
            case HomeChoice.HOW_TO:
                await self._page(HowTo())
            case HomeChoice.PRIVACY:
                await self._page(self._notice)
            case None:
                return
            case ProcedureChosen(code):
                self._somebody_else = True
                await self._sessions(one_stop.TAKE_NUMBER, self._begun(code))
            case _:
                self._somebody_else = True
                await self._sessions(JOURNEYS[choice], Visit())

    def _begun(self, code: str) -> Visit:
        """A visit whose procedure the start page's own tile chose."""
        books = self._books()
        procedure = None if books is None else books.catalogue.at(code, books.day)
        return Visit(procedure=procedure, procedure_given=procedure is not None or None)

    async def _start_page(self) -> HomeChoice | ProcedureChosen | None:
        """Wait for a touch, or for a card that is laid down first: that is no mistake, it is a wish to check in.

        None when a payment of before the restart was found, or when a technician wants to come in."""
        stage, kit = self.front.stage, self.front.kit
        stage.time_left(None)
        lying = kit.cards.card
        self._seen = max(self._seen, lying.serial if lying else -1)

        async def touched() -> HomeChoice | ProcedureChosen | None:
            while True:
                self._other_home = trio.Event()
                home = self._home()
                self._shown_home = type(home)
                chosen = await first(lambda: stage.ask(home), self._other_place)  # noqa: B023 - awaited here
                if chosen is not None:
                    self._shown_home = None
                    return chosen

        async def looked_back() -> HomeChoice | ProcedureChosen | None:
            await self._found.wait()
            if self._interrupted is None:
                await trio.sleep_forever()
            return None

        async def laid_down() -> HomeChoice | ProcedureChosen | None:
            card = await kit.cards.inserted(after=self._seen)
            if kit.technician is not None and await kit.technician.opened_by(card):
                kit.technician.handshake.request()
                return None
            if kit.gateway.site.one_stop is not None:
                await trio.sleep_forever()
            return HomeChoice.CHECK_IN

        async def technician() -> HomeChoice | ProcedureChosen | None:
            if kit.technician is None:
                await trio.sleep_forever()
                raise AssertionError
            await kit.technician.handshake.requested()
            return None

        async def helper_left() -> HomeChoice | ProcedureChosen | None:
            await self.front.assisting.nobody_left()
            await trio.sleep_forever()
            raise AssertionError

        return await first(touched, looked_back, laid_down, technician, helper_left, self._reworded, self._recounted)

    async def _technician(self) -> None:
        """Nobody's session is open: this is where the technician's wish is acknowledged."""
        room = self.front.kit.technician
        if room is not None and room.handshake.pending:
            await serve_technician(self.front.stage, room)

    async def _other_place(self) -> None:
        await self._other_home.wait()

    async def _reworded(self) -> NoReturn:
        """Names of the place's own tiles follow the language."""
        while True:
            await self.front.language_switched()
            self.front.stage.show(self._home())

    async def _recounted(self) -> NoReturn:
        """How many people wait changes while nobody touches anything."""
        shown = self._home()
        while True:
            await trio.sleep(RECOUNT_SECONDS)
            if (now := self._home()) != shown:
                shown = now
                self.front.stage.show(now)

    def _home(self) -> Home:
        since = self.front.kit.gateway.offline_since
        offline = None if since is None else time_of_day(since)
        pays = self.front.kit.gateway.site.pay_bills
        site = self.front.kit.gateway.site.one_stop
        if site is None:
            leave_out = set[HomeChoice]() if pays else {HomeChoice.PAY}
            choices = tuple(choice for choice in HOSPITAL if choice not in leave_out)
            return Home(choices=choices, offline_since=offline)
        books = self._books()
        # Nothing of a one-stop centre works without its catalogue.
        choices = BARS if books is None else (*ONE_STOP, *BARS)
        if not site.files:
            choices = tuple(choice for choice in choices if choice is not HomeChoice.CONTINUE_DRAFT)
        if pays:
            choices = (HomeChoice.PAY, *choices)
        english = self.front.stage.language == "en"
        told = self.front.kit.guides.guidance(self.front.kit.clock.now().date())
        tells = {HomeChoice.GUIDES: bool(told.guides), HomeChoice.NOTICES: bool(told.notices)}
        tiles = tuple(choice for choice in choices if choice not in BARS)
        choices = (*tiles, *(choice for choice in TOLD if tells[choice]), *BARS)
        favourites = () if books is None else tuple(books.catalogue.at(code, books.day) for code in site.favourites)
        return OneStopHome(
            choices=choices,
            offline_since=offline,
            waiting=None if offline else self._waiting(),
            notices=tuple(in_language(one.title, one.title_en, wanted_english=english) for one in told.notices),
            favourites=tuple(
                Favourite(one.code, (one.short_en or one.short) if english else one.short, one.icon)
                for one in favourites
                if one is not None
            ),
        )

    def _waiting(self) -> int | None:
        """People who wait for the counters that receive dossiers, as far as that is told."""
        told = [
            one.waiting
            for one in self.front.kit.gateway.known_clinics
            if one.group is not None and one.group.purpose is wire.GroupPurpose.FILE and one.waiting is not None
        ]
        return sum(told) if told else None

    def _books(self) -> Books | None:
        kit = self.front.kit
        return kit.library.books(kit.clock.now().date())

    async def _sessions(self, journey: Journey, visit: Visit) -> None:
        """One session, and the next at once when a different card asked for a new turn."""
        while await self._session(journey, visit) is Ending.OTHER_CARD:
            journey, visit = JOURNEYS[HomeChoice.CHECK_IN], Visit()

    async def _session(self, journey: Journey, visit: Visit | None = None) -> Ending:
        walk = Walk(self.front, journey, Visit() if visit is None else visit)
        ending = await run(journey, walk)
        await end(walk, ending)
        log.info("session over: %s", ending.value)
        if self.front.kit.technician is not None:
            self.front.kit.technician.session_over()
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
