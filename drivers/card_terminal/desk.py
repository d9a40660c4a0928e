"""One terminal as the kiosk uses it: looked after by a supervisor, charged once, and asked until it tells."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import trio

from drivers.card_terminal.charge import Patience, charge, settle
from drivers.card_terminal.errors import TerminalError, TerminalErrorReason
from drivers.card_terminal.nexo_terminal import new_service_id
from drivers.card_terminal.terminal import Answer, Attempt, CardTerminal, Outcome, Told, Totals
from drivers.device import BackOff, DeviceState, Gone, Supervised
from drivers.held_line import HeldLine
from drivers.supervisor import Supervisor

log = logging.getLogger(__name__)

ASK_SECONDS = 15.0
"""Between two questions to a terminal nobody uses: its line tells whether it is there, not whether it takes cards."""


class TerminalDesk(Supervised):
    """Implements services.journeys.ports.PayTerminal. `supervisor.run()` belongs in the kiosk's nursery."""

    def __init__(
        self,
        terminal: CardTerminal,
        name: str,
        changed: Callable[[DeviceState], None] | None = None,
        patience: Patience | None = None,
        seconds: float = ASK_SECONDS,
        line: HeldLine | None = None,
    ) -> None:
        """`line` is held while nothing is asked, so that its loss is noticed at once; None: only asking tells."""
        self._terminal = terminal
        self._line = line
        self._patience = patience or Patience()
        self._seconds = seconds
        self._queued: dict[str, trio.CancelScope] = {}
        """Purchases that wait for their turn, by service id."""
        self._alone = trio.Lock()
        """A terminal does one thing at a time; a person who pays waits for a reversal, never the other way round."""
        self.supervisor = Supervisor(f"card terminal {name}", self, changed, BackOff(0.5, 4.0))

    @property
    def available(self) -> bool:
        """Whether it can take cards now."""
        return self.supervisor.available

    async def charge(self, attempt: Attempt, told: Told) -> Answer:
        """Charge once; a lost answer is asked for. Raises TerminalError where it was never asked.

        One that was asked to stop while it waited for its turn is never told to the terminal.
        """
        with trio.CancelScope() as waiting:
            self._queued[attempt.service_id] = waiting
            try:
                await self._alone.acquire()
            finally:
                del self._queued[attempt.service_id]
        if waiting.cancelled_caught:
            raise _stopped_before()
        try:
            if waiting.cancel_called:  # in the moment in which its turn had come
                raise _stopped_before()
            async with self._talks():
                return await charge(self._terminal, attempt, told, self._patience)
        finally:
            self._alone.release()

    async def abort(self, attempt: Attempt) -> None:
        """Ask it to break off. Never raises: the answer of `charge` tells."""
        if (waiting := self._queued.get(attempt.service_id)) is not None:
            waiting.cancel()
            return
        try:
            await self._terminal.abort(attempt)
        except TerminalError as error:
            log.warning("card terminal: not asked to stop: %s", error)

    async def settle(self, attempt: Attempt) -> Answer:
        """What became of an attempt of before. Never raises."""
        async with self._talks():
            return await settle(self._terminal, attempt, self._patience)

    async def take_back(self, attempt: Attempt, service_id: str, *, begun: bool) -> Answer:
        """Reverse an approved purchase of the open batch: REVERSED, DECLINED, or UNKNOWN. Never raises.

        `begun`: this reversal may have been told before, so its status is asked first. It is told (again, by the same
        service id) only where the terminal says twice that it never began there.
        """
        async with self._alone, self._talks():
            if begun or (answer := await self._reverse(attempt, service_id)) is None:
                answer = await self._reversal_status(service_id)
                if begun and answer.outcome is Outcome.NOT_FOUND:
                    answer = await self._reverse(attempt, service_id) or await self._reversal_status(service_id)
            return answer

    async def _reverse(self, attempt: Attempt, service_id: str) -> Answer | None:
        """None when the answer was lost, or leaves it open."""
        bought = await settle(self._terminal, attempt, self._patience)
        if bought.outcome is not Outcome.APPROVED:
            log.warning("card terminal: it knows no such purchase to take back: %s", bought.outcome.value)
            return Answer(Outcome.UNKNOWN if bought.outcome is Outcome.UNKNOWN else Outcome.DECLINED)
        try:
            answer = await self._terminal.reverse(attempt, bought, service_id)
            return answer if answer.outcome.final else None
        except TerminalError as error:
            log.warning("card terminal: no answer to a reversal: %s", error)
            return None if error.sent else Answer(Outcome.DECLINED)

    async def _reversal_status(self, service_id: str) -> Answer:
        absent_before = False
        with trio.move_on_after(self._patience.seconds):
            while True:
                try:
                    answer = await self._terminal.reversal_status(service_id)
                    if answer.outcome is Outcome.NOT_FOUND and not absent_before:
                        absent_before = True  # it may have begun in between, as with a purchase
                    elif answer.outcome is not Outcome.IN_PROGRESS:
                        return answer
                except TerminalError as error:
                    log.info("card terminal: no status of a reversal: %s", error)
                await trio.sleep(self._patience.every)
        return Answer(Outcome.UNKNOWN)

    async def close_batch(self, service_id: str) -> Totals:
        """End of the day, when nobody pays. Raises TerminalError."""
        async with self._alone, self._talks():
            return await self._terminal.close_batch(service_id)

    async def look(self) -> bool:
        """Whether it can take cards now and reaches its host; nothing is charged. Raises TerminalError."""
        async with self._alone, self._talks():
            return await self._terminal.diagnose(new_service_id())

    async def open(self) -> None:
        """See Supervised."""
        await self._there()

    async def watch(self) -> None:
        """See Supervised. While it works it is not asked: what it does tells more."""
        while True:
            with trio.move_on_after(self._seconds):
                await (trio.sleep_forever() if self._line is None else self._line.watch())
            if not self._alone.locked():
                await self._there()

    @asynccontextmanager
    async def _talks(self) -> AsyncGenerator[None]:
        """The held line is let go of: many terminals serve one connection."""
        if self._line is None:
            yield
            return
        async with self._line.talks():
            yield

    async def _there(self) -> None:
        try:
            ready = await self.look()
        except TerminalError as error:
            absent = error.reason is TerminalErrorReason.ABSENT
            raise Gone(DeviceState.NO_DEVICE if absent else DeviceState.OFFLINE, str(error)) from None
        if not ready:
            raise Gone(DeviceState.OFFLINE, "it cannot take cards now, or does not reach its host")


def _stopped_before() -> TerminalError:
    return TerminalError(TerminalErrorReason.BUSY, "stopped before its turn came")
