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
from services.journeys.words import desk_and_way

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
        self._call: wire.StaffCall | None = None
        self._ringing: _Ringing | None = None
        front.on_staff_call(self.touched)

    def touched(self) -> None:
        """The bar was touched. A second touch never makes a second call."""
        if not self._covered:
            self._covered = True
            self._front.later(self._cover)

    async def _cover(self) -> None:
        try:
            with self._front.covers.held():
                answer = await self._stand_by()
            if answer is StaffCallAnswer.CANCEL:
                self._front.later(self._take_back)
        finally:
            self._covered = False

    async def _stand_by(self) -> StaffCallAnswer | None:
        """Cover the screen until the person goes on or cancels, staff closed the call, or the held time is over (None).

        The held time over, nobody stands there to see what was covered: the idle warning follows at once.
        """
        overlay = _Overlay(self._front)
        seconds = HOLD_SECONDS * self._front.kit.pace
        self._front.stage.time_left(TimeLeft(seconds, seconds, hold=True))

        async def answer() -> StaffCallAnswer:
            return await self._front.stage.ask(overlay.prompt)

        async def follow() -> StaffCallAnswer:
            await self._follow(overlay)
            return StaffCallAnswer.CONTINUE

        with trio.move_on_after(seconds):
            return await first(answer, follow, overlay.count)
        self._front.idle.overdue()
        return None

    async def _follow(self, overlay: _Overlay) -> None:
        """Ring, then tell each state; returns when staff have closed the call."""
        call = await self._rung()
        if call is None:
            overlay.tell(StaffCallState.OFFLINE)
            await trio.sleep_forever()
            return
        overlay.tell(StaffCallState.HEARD)
        while call.status not in _OVER:
            if call.status is wire.StaffCallStatus.ACKNOWLEDGED:
                overlay.tell(StaffCallState.COMING)
                self._front.kit.sounds.ticket_ready()
            call = self._call = await self._changed(call)
        self._call = None

    async def _rung(self) -> wire.StaffCall | None:
        """The call that rings already, or a new one; None when the gateway cannot be reached."""
        if self._call is not None and self._call.status is wire.StaffCallStatus.RINGING:
            return self._call
        if self._ringing is None:
            self._ringing = _Ringing()
            self._front.later(partial(self._ring, self._ringing))
        await self._ringing.over.wait()
        return self._call

    async def _ring(self, ringing: _Ringing) -> None:
        """Send the call. It is never cut off half sent: what was sent must be known, so that it can be taken back."""
        self._call = None
        try:
            self._call = await self._front.kit.gateway.call_staff()
        except GatewayError as error:
            log.warning("staff call not taken: %s", code_of(error))
        finally:
            self._ringing = None
            ringing.over.set()

    async def _changed(self, call: wire.StaffCall) -> wire.StaffCall:
        while True:
            try:
                return await self._front.kit.gateway.staff_call_changed(call)
            except GatewayError as error:
                log.info("staff call: no news: %s", code_of(error))
                await trio.sleep(AGAIN_SECONDS)

    async def _take_back(self) -> None:
        """ "Không cần giúp nữa"; a call still on its way is waited for, then taken back."""
        if self._ringing is not None:
            await self._ringing.over.wait()
        call, self._call = self._call, None
        if call is None:
            return
        try:
            await self._front.kit.gateway.cancel_staff_call(call.id)
        except GatewayError as error:
            log.warning("staff call not taken back: %s", code_of(error))


class _Ringing:
    """A call on its way to the gateway."""

    def __init__(self) -> None:
        self.over = trio.Event()


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
            place=site.kiosk_name_en if english else site.kiosk_name,
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
