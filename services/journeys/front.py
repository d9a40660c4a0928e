"""The front of the kiosk: the one listener of the stage, who hands each touch to the one who waits for it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

import trio

from services.failures import code_of
from services.gateway_client import GatewayError
from services.journeys.assisting import Assisting
from services.journeys.claims import Claims
from services.journeys.crash import log_crash
from services.journeys.idle import IdleClock
from services.journeys.journey import WentBack, WentHome
from services.journeys.ports import Kit
from services.journeys.prompts import Prompt
from services.journeys.stage import Stage, StageEvent

log = logging.getLogger(__name__)


def _nobody() -> None:
    """No staff can be called before the loop runs."""


class Front:
    """Stage, covers and idle clock of one kiosk, shared by all its sessions."""

    def __init__(self, stage: Stage, kit: Kit) -> None:
        self.stage = stage
        self.kit = kit
        self.mourning = False
        """Whether this session is about a death."""
        self.assisting = Assisting(stage, kit)
        self.covers = Claims()
        self.idle = IdleClock(stage, self.covers, kit.cards, kit.pacing)
        kit.pacing.on_change(self.idle.touched)
        self._language = stage.language
        self._switched = trio.Event()
        self._leave: trio.MemorySendChannel[Exception] | None = None
        self._asked: Prompt[Any] | None = None
        self._call_staff: Callable[[], None] = _nobody
        self._technician: Callable[[], None] = _nobody
        self._nursery: trio.Nursery | None = None

    def on_staff_call(self, call: Callable[[], None]) -> None:
        """Who answers "Gọi nhân viên"."""
        self._call_staff = call

    def on_technician(self, wanted: Callable[[], None]) -> None:
        """Who hears of the hidden gesture."""
        self._technician = wanted

    def call_staff(self) -> None:
        """As if "Gọi nhân viên" of the bar was touched."""
        self._call_staff()

    def chime(self) -> None:
        """Something is ready. In mourning nothing chimes."""
        if not self.mourning:
            self.kit.sounds.ticket_ready()

    def chores_in(self, nursery: trio.Nursery) -> None:
        """Where work runs that no session waits for."""
        self._nursery = nursery

    def later(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do `work` beside the session: reports and undoing, which the outbox keeps when they cannot be sent now."""

        async def chore() -> None:
            try:
                await work()
            except GatewayError as error:
                log.warning("left to the gateway's own expiry: %s", code_of(error))
            except Exception as error:
                log_crash("chore", error)

        if self._nursery is None:
            raise RuntimeError("no place for chores")
        self._nursery.start_soon(chore)

    async def listen(self) -> None:
        """Hand out what the bars say, until the stage ends."""
        async for event in self.stage.events():
            self.idle.touched()
            self._note_language()
            match event:
                case StageEvent.TOUCHED | StageEvent.LANGUAGE:
                    pass
                case StageEvent.CALL_STAFF:
                    self._call_staff()
                case StageEvent.TECHNICIAN:
                    self._technician()
                case StageEvent.BACK:
                    if self._asked is not None and self._asked.back:
                        self._send(WentBack())
                case StageEvent.HOME:
                    if self._asked is not None and self._asked.home:
                        self._send(WentHome())

    def _note_language(self) -> None:
        if self.stage.language != self._language:
            self._language = self.stage.language
            self._switched.set()
            self._switched = trio.Event()

    async def language_switched(self) -> None:
        """Wait until the person switches the language."""
        await self._switched.wait()

    def _send(self, way: Exception) -> None:
        if self._leave is None or self.covers.any:
            return
        try:
            self._leave.send_nowait(way)
        except trio.WouldBlock:
            return  # a second touch on the same bar

    async def left(self, prompt: Prompt[Any]) -> NoReturn:
        """Raise WentBack or WentHome when the bar is touched while `prompt` is asked and offers it."""
        send, receive = trio.open_memory_channel[Exception](1)
        before = self._leave, self._asked
        self._leave, self._asked = send, prompt
        try:
            raise await receive.receive()
        finally:
            self._leave, self._asked = before
