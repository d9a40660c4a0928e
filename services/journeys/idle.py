"""The idle clock: a question waits its time, then asks whether somebody is still there (LOOK.md section 8, Time)."""

from __future__ import annotations

from typing import Any, NoReturn

import trio

from services.journeys.claims import Claims
from services.journeys.journey import Ending, Over
from services.journeys.pace import Pace
from services.journeys.ports import CardReader
from services.journeys.prompts import IdleAnswer, IdleWarning, PayByVietQR, Prompt
from services.journeys.racing import first
from services.journeys.stage import Stage, TimeLeft

WARNING_SECONDS = 20.0
"""WCAG 2.2.1: at least 20 s to extend by one simple act."""


class TimeIsUp(Exception):
    """A result was shown long enough."""


class IdleClock:
    """One clock for the person in front of the stage."""

    def __init__(self, stage: Stage, covers: Claims, cards: CardReader, pace: Pace) -> None:
        self._stage = stage
        self._covers = covers
        self._cards = cards
        self._pace = pace
        self._stir = trio.Event()
        self._overdue = False

    def touched(self) -> None:
        """Any touch starts the time anew."""
        self._stir.set()

    def overdue(self) -> None:
        """Nobody came back from a cover: the next question warns at once, with its data hidden."""
        self._overdue = True

    async def watch(self, prompt: Prompt[Any], seconds: float | None, *, level: int = 0) -> NoReturn:
        """Stand beside a question of `seconds`; `level` is its own place among the covers, 0 for a step's question.

        Raises TimeIsUp when a result was shown long enough, Over(IDLE) when nobody answers the warning, Over(LEFT)
        when it is answered by "end". Without `seconds` a machine works: no clock runs.
        """
        if seconds is None:
            self._stage.time_left(None)
            await trio.sleep_forever()
        while True:
            await self._until_still(seconds, level, result=prompt.is_result)
            if prompt.is_result:
                raise TimeIsUp
            await self._warn(level, code_live=isinstance(prompt, PayByVietQR))

    async def _until_still(self, written: float, level: int, *, result: bool) -> None:
        """Return when nobody touched anything for the `written` seconds, not counting the time under a cover."""
        while True:
            await self._covers.free(level)
            seconds = written * self._pace.factor
            if self._overdue:
                self._overdue = False
                return
            self._stir = trio.Event()
            self._stage.time_left(TimeLeft(seconds, seconds, result=result))
            with trio.move_on_after(seconds):
                await first(self._stir.wait, lambda: self._covers.taken(level))
                continue
            return

    async def _warn(self, level: int, *, code_live: bool) -> None:
        """Return when the person stays. A staff call over the warning counts as staying."""
        warning = IdleWarning(card_on_reader=self._cards.card is not None, code_live=code_live)
        seconds = WARNING_SECONDS * self._pace.factor
        self._stage.time_left(TimeLeft(seconds, seconds))

        async def answer() -> IdleAnswer:
            return await self._stage.ask(warning)

        async def called() -> IdleAnswer:
            await self._covers.taken(level)
            return IdleAnswer.STAY

        with trio.move_on_after(seconds):
            if await first(answer, called) is IdleAnswer.STAY:
                return
            raise Over(Ending.LEFT)
        raise Over(Ending.IDLE)
