""" "Gọi nhân viên": one touch on any screen, one call, told truthfully how far it has come (LOOK.md picture 28)."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import partial
from typing import NoReturn

import trio

from services.contract import models as wire
from services.failures import code_of
from services.gateway_client import GatewayError
from services.journeys.front import Front
from services.journeys.prompts import StaffCall, StaffCallAnswer, StaffCallState
from services.journeys.racing import first
from services.journeys.stage import TimeLeft
from services.journeys.words import desk_and_way, kiosk_name

_OVER = frozenset({wire.StaffCallStatus.CANCELLED, wire.StaffCallStatus.CLOSED})
log = logging.getLogger(__name__)

HOLD_SECONDS = 300.0
"""So long the place is held: the idle clock stands."""
UNANSWERED_SECONDS = 60
AGAIN_SECONDS = 5.0
"""Between tries to hear what became of a call while the gateway does not answer."""


class StaffCalls:
    """The staff call of one kiosk. It outlives a session: who called and walked off is still looked for."""

    def __init__(self, front: Front) -> None:
        self._front = front
        self._covered = False
        self._call: _Call | None = None
        front.on_staff_call(self.touched)

    def touched(self) -> None:
        """The bar was touched. A second touch never makes a second call."""
        if not self._covered:
            self._covered = True
            self._front.later(self._cover)

    async def _cover(self) -> None:
        try:
            with self._front.covers.held():
                call = self._ringing_call()
                answer = await self._stand_by(call)
                self._front.stage.time_left(None)
            if answer is StaffCallAnswer.CANCEL:
                call.unwanted = True
                if call.taken is not None:
                    self._front.later(partial(self._take_back, call.taken))
        finally:
            self._covered = False

    def _ringing_call(self) -> _Call:
        """The call that rings already or is on its way, or a new one."""
        if self._call is None or not self._call.waits:
            self._call = _Call()
            # Beside the session and never cut off half sent: what was sent must be known, to be taken back.
            self._front.later(partial(self._carry, self._call))
        return self._call

    async def _stand_by(self, call: _Call) -> StaffCallAnswer | None:
        """Cover the screen until the person goes on or cancels, staff closed the call, or the held time is over (None).

        The held time over, nobody stands there to see what was covered: the idle warning follows at once.
        """
        overlay = _Overlay(self._front)
        seconds = HOLD_SECONDS * self._front.kit.pace
        self._front.stage.time_left(TimeLeft(seconds, seconds, hold=True))

        async def answer() -> StaffCallAnswer:
            return await self._front.stage.ask(overlay.prompt)

        async def follow() -> StaffCallAnswer:
            await self._follow(call, overlay)
            return StaffCallAnswer.CONTINUE

        with trio.move_on_after(seconds):
            return await first(answer, follow, overlay.count)
        self._front.idle.overdue()
        return None

    async def _follow(self, call: _Call, overlay: _Overlay) -> None:
        """Tell each state of the call; returns when staff have closed it."""
        while not call.over:
            overlay.tell(call.state)
            if call.state is StaffCallState.COMING:
                self._front.chime()
            await call.news.wait()

    async def _carry(self, call: _Call) -> None:
        """Send the call and hear what becomes of it, until it is over."""
        gateway = self._front.kit.gateway
        try:
            taken = await gateway.call_staff()
        except GatewayError as error:
            log.warning("staff call not taken: %s", code_of(error))
            call.tell(None)
            return
        call.tell(taken)
        if call.unwanted:
            await self._take_back(taken)
        while not call.over:
            try:
                taken = await gateway.staff_call_changed(taken)
            except GatewayError as error:
                log.info("staff call: no news: %s", code_of(error))
                await trio.sleep(AGAIN_SECONDS)
            else:
                call.tell(taken)

    async def _take_back(self, taken: wire.StaffCall) -> None:
        """ "Không cần giúp nữa"."""
        try:
            await self._front.kit.gateway.cancel_staff_call(taken.id)
        except GatewayError as error:
            log.warning("staff call not taken back: %s", code_of(error))


class _Call:
    """One call: on its way, refused, or taken by the gateway in some state."""

    def __init__(self) -> None:
        self.taken: wire.StaffCall | None = None
        self.unwanted = False
        self.news = trio.Event()
        self._refused = False

    def tell(self, taken: wire.StaffCall | None) -> None:
        """A newer state; None when the gateway could not be reached."""
        self.taken, self._refused = taken, taken is None
        self.news.set()
        self.news = trio.Event()

    @property
    def state(self) -> StaffCallState:
        """In the words of the screen."""
        if self._refused:
            return StaffCallState.OFFLINE
        if self.taken is None:
            return StaffCallState.CALLING
        heard = self.taken.status is wire.StaffCallStatus.RINGING
        return StaffCallState.HEARD if heard else StaffCallState.COMING

    @property
    def over(self) -> bool:
        """Closed by staff or taken back."""
        return self.taken is not None and self.taken.status in _OVER

    @property
    def waits(self) -> bool:
        """Whether it is still to be answered: another one would only ring twice."""
        return not self.unwanted and self.state in {StaffCallState.CALLING, StaffCallState.HEARD}


class _Overlay:
    """What picture 28 shows now."""

    def __init__(self, front: Front) -> None:
        self._front = front
        site, english = front.kit.gateway.site, front.stage.language == "en"
        self.prompt = StaffCall(
            state=StaffCallState.CALLING,
            called_at=f"{front.kit.clock.now():%H:%M:%S}",
            waited=0,
            desk=desk_and_way(site.help_desk, english=english),
            place=kiosk_name(site, english=english),
        )

    def tell(self, state: StaffCallState) -> None:
        """The call has come further."""
        self._show(replace(self.prompt, state=state))

    async def count(self) -> NoReturn:
        """Seconds since the call, and after 60 of them without an answer the nearest desk. Ends with the cover."""
        while True:
            await trio.sleep(1)
            prompt = replace(self.prompt, waited=self.prompt.waited + 1)
            if prompt.waited >= UNANSWERED_SECONDS * self._front.kit.pace and prompt.state in {
                StaffCallState.CALLING,
                StaffCallState.HEARD,
            }:
                prompt = replace(prompt, state=StaffCallState.UNANSWERED)
            self._show(prompt)

    def _show(self, prompt: StaffCall) -> None:
        self.prompt = prompt
        self._front.stage.show(prompt)
