"""What a step holds in its hands: the visit, the kiosk's seams, and ways to ask that know Back, time and covers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar, cast

import trio

from services.contract import models as wire
from services.failures import desks_named
from services.journeys.behind import Behind
from services.journeys.claims import Claims
from services.journeys.front import Front
from services.journeys.idle import TimeIsUp
from services.journeys.journey import Journey, Step, Stopped
from services.journeys.ports import Kit
from services.journeys.prompts import Problem, ProblemChoice, Progress, Prompt, Working
from services.journeys.racing import first
from services.journeys.visit import Visit
from services.journeys.words import desk_name

A = TypeVar("A")

Asked = Prompt[A] | Callable[[], Prompt[A]]
"""A prompt, or what makes it in the language of the moment."""
QUIET_SECONDS = 0.15
"""Work shorter than this shows no sign of its own (LOOK.md section 8, Waiting: a sign within 200 ms)."""

COVERED_SECONDS = 1.0
"""So long a page waits for the cover of a staff call; one that cannot be made is no reason to stand still."""

LONG_SECONDS = 10.0
"""Work longer than this tells the time left (same place)."""


class Walk:
    """One person's walk through a journey."""

    def __init__(self, front: Front, journey: Journey, visit: Visit) -> None:
        self.front = front
        self.visit = visit
        self.reader = Claims()
        """Who reads a card just now; while nobody does, the watch for a different card looks."""
        self.behind = Behind()
        self.asked = False
        """Whether the present step has asked anything."""
        self.backwards = False
        """Whether the present step was entered by "Quay lại"."""
        self.step: Step | None = None
        self._journey = journey
        self._slide_back = False
        self._asking: Prompt[Any] | None = None

    @property
    def kit(self) -> Kit:
        """The seams of this kiosk."""
        return self.front.kit

    @property
    def site(self) -> wire.Site:
        """Facts of the place."""
        return self.kit.gateway.site

    @property
    def english(self) -> bool:
        """Whether the person reads English now."""
        return self.front.stage.language == "en"

    def enter(self, step: Step, *, backwards: bool) -> None:
        """The runner enters a step."""
        self.step = step
        self.front.mourning = self.mourning
        self.asked = False
        self.backwards = self._slide_back = backwards

    @property
    def mourning(self) -> bool:
        """Whether it is about a death, or what follows from one."""
        visit = self.visit
        followed = any(dossier.mourning for dossier in visit.dossiers or ())
        rated = visit.rateable is not None and visit.rateable.mourning
        return followed or rated or (visit.procedure is not None and visit.procedure.mourning)

    @property
    def progress(self) -> Progress | None:
        """The bars above the question; None without a step."""
        if self.step is None or not self.step.label:
            return None
        labels = self._journey.labels
        return Progress(labels.index(self.step.label) + 1, len(labels), self.step.label)

    async def ask(self, prompt: Asked[A]) -> A:
        """Ask and wait. A function that makes the prompt is called again when the language is switched.

        Raises WentBack and WentHome from the bars where the prompt offers them, Over when nobody is there any more.
        """
        return await self._ask(prompt)

    async def result(
        self, prompt: Asked[A], *, seconds: Callable[[], float | None] = lambda: None, after: trio.Event | None = None
    ) -> A | None:
        """Show a result for `seconds` (its own where None), counted from `after`; None when nobody answered it."""
        try:
            return await self._ask(prompt, seconds, after)
        except TimeIsUp:
            return None

    async def _ask(
        self, asked: Asked[A], seconds: Callable[[], float | None] = lambda: None, after: trio.Event | None = None
    ) -> A:
        await self.front.covers.free()
        placed = self._placed(_made(asked))
        backwards, self._slide_back = self._slide_back, False
        self.asked = True

        self._asking = placed

        async def answer() -> A:
            return await self.front.stage.ask(cast("Prompt[A]", self._asking), backwards=backwards)

        async def leave() -> A:
            await self.front.left(placed)

        async def expire() -> A:
            if after is not None:
                self.front.stage.time_left(None)
                await after.wait()
            await self.front.idle.watch(placed, seconds() or placed.seconds)

        async def reword() -> A:
            while True:
                await self.front.language_switched()
                if not isinstance(asked, Prompt):
                    self.update(_made(asked))

        try:
            return await first(answer, leave, expire, reword)
        finally:
            self._asking = None

    def update(self, prompt: Prompt[A]) -> None:
        """Replace what is being asked by a newer state of the same prompt, also when it is just about to be asked."""
        placed = self._placed(prompt)
        if type(placed) is type(self._asking):
            self._asking = placed
        self.front.stage.show(placed)

    def _placed(self, prompt: Prompt[A]) -> Prompt[A]:
        """With its place in the journey. That every bar is done is said by the page of the last result itself."""
        if self.mourning and not prompt.mourning:
            prompt = replace(prompt, mourning=True)
        if prompt.progress is not None or self.progress is None:
            return prompt
        return replace(prompt, progress=self.progress)

    async def show_for(self, seconds: float, prompt: Prompt[A]) -> None:
        """Show something for a moment; nothing can be touched."""
        await self.front.covers.free()
        with trio.move_on_after(seconds):
            await self.front.stage.ask(self._placed(prompt))

    async def working(
        self, message: str, work: Callable[[], Awaitable[A]], *, can_stop: bool = True, at_most: float | None = None
    ) -> A:
        """Do `work`; when it takes longer than a moment, say what is being done, later how long. Raises Stopped.

        `at_most` are the seconds after which `work` gives up by itself, where that is known.
        """
        prompt = Working(message=message, can_stop=can_stop)

        async def tell() -> A:
            await trio.sleep(QUIET_SECONDS)
            await self.front.covers.free()
            self.front.stage.time_left(None)
            await self.front.stage.ask(self._placed(prompt))
            if not can_stop:
                await trio.sleep_forever()
            raise Stopped

        async def count() -> A:
            await trio.sleep(LONG_SECONDS)
            for left in range(round((at_most or 0) - LONG_SECONDS), 0, -1):
                self.front.stage.show(self._placed(replace(prompt, seconds_left=left)))
                await trio.sleep(1)
            await trio.sleep_forever()
            raise AssertionError

        return await first(work, tell, count)

    def told(self, code: str, *choices: ProblemChoice, back: bool = True) -> Problem:
        """A failure with the names of this place's desks, in the language of the moment."""
        desks = (desk_name(desk, english=self.english) for desk in (self.site.help_desk, self.site.insurance_desk))
        return Problem(code=code, choices=choices, back=back, args=desks_named(*desks))

    async def problem(self, code: str, *choices: ProblemChoice, back: bool = True) -> ProblemChoice:
        """Tell what happened, what to do and who helps; the first choice is the way on. Staff may be called."""
        self.kit.sounds.error()
        while True:
            choice = await self.ask(partial(self.told, code, *choices, back=back))
            if choice is not ProblemChoice.CALL_STAFF:
                return choice
            self.front.call_staff()
            # The call covers the page; the same choice is there again below it.
            with trio.move_on_after(COVERED_SECONDS):
                await self.front.covers.taken()


def _made(asked: Asked[A]) -> Prompt[A]:
    return cast("Prompt[A]", asked if isinstance(asked, Prompt) else asked())
