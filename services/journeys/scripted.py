"""The stage without a window: a script answers the prompts, and every journey runs headless.

    stage = ScriptedStage(
        on(ChoosePatient, PatientChoice.SELF),
        on(ScanCode, does=lambda: world.scan(code)),
        on(PlaceCard, does=lambda: world.lay(card)),
        passes(ReadingCard),
        …
    )

A line expects a prompt type and answers it, touches a bar, or lets the world do something; lines come in the order in
which people see the prompts. A prompt that no line expects is a fault of the script or of the journey, told at once.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

import trio

from services.journeys.prompts import Prompt, ReadingCard, Working
from services.journeys.stage import StageEvent, TimeLeft

A = TypeVar("A")

PASSING: tuple[type[Prompt[Any]], ...] = (ReadingCard, Working)
"""Machines at work: they come and go; a script may name them but need not."""


OPEN: Any = object()
"""No answer: the question stays open, the world or the clock goes on."""


class Unexpected(AssertionError):
    """The journey asked something else than the script expected."""


@dataclass(frozen=True)
class Line:
    """One line of a script."""

    prompt: type[Prompt[Any]]
    answer: object = OPEN
    touches: StageEvent | None = None
    does: Callable[[], object] | None = None
    holds: dict[str, object] = field(default_factory=dict[str, object])
    """Fields the prompt must have."""


def on(
    prompt: type[Prompt[Any]],
    answer: object = OPEN,
    *,
    touches: StageEvent | None = None,
    does: Callable[[], object] | None = None,
    **holds: object,
) -> Line:
    """When `prompt` appears with these fields: answer it, touch a bar, or let the world do something."""
    return Line(prompt, answer, touches, does, holds)


@dataclass(eq=False)
class _Asked:
    """A prompt in the pile."""

    prompt: Prompt[Any]
    answer: object = OPEN
    answered: trio.Event = field(default_factory=trio.Event)

    def take(self, answer: object) -> None:
        """The first answer counts."""
        if not self.answered.is_set():
            self.answer = answer
            self.answered.set()


class ScriptedStage:
    """Plays a script. `seen` lists every prompt that was asked, `shown` also the states of prompts asked before."""

    def __init__(self, *lines: Line, language: str = "vi") -> None:
        self._lines = list(lines)
        self._send, self._receive = trio.open_memory_channel[StageEvent](100)
        self._pile: list[_Asked] = []
        self._below: list[Line] = []
        self._changed = trio.Event()
        self.fault: Unexpected | None = None
        self.seen: list[Prompt[Any]] = []
        self.shown: list[Prompt[Any]] = []
        self.backwards: list[bool] = []
        self.rings: list[TimeLeft | None] = []
        self.resets = 0
        self.helper = ""
        self._language = language

    # --- the stage ------------------------------------------------------------------------------------------------

    async def ask(self, prompt: Prompt[A], *, backwards: bool = False) -> A:
        """Play the next line."""
        self.seen.append(prompt)
        self.shown.append(prompt)
        self.backwards.append(backwards)
        asked = _Asked(prompt)
        self._pile.append(asked)
        self._tell()
        try:
            line = self._next(prompt)
            await trio.lowlevel.checkpoint()
            if line is not None:
                await self._play(line, asked)
            await asked.answered.wait()
            return cast("A", asked.answer)
        finally:
            self._pile.remove(asked)
            self._tell()

    async def _play(self, line: Line, asked: _Asked) -> None:
        if line.does is not None:
            done = line.does()
            if isinstance(done, Awaitable):
                await cast("Awaitable[object]", done)
        if line.touches is not None:
            self.touch(line.touches)
        if line.answer is not OPEN:
            asked.take(line.answer)

    def show(self, prompt: Prompt[A]) -> None:
        """A newer state of an asked prompt."""
        if any(type(asked.prompt) is type(prompt) for asked in self._pile):
            self.shown.append(prompt)
            self._tell()

    def time_left(self, left: TimeLeft | None) -> None:
        """Keep what the ring was set to."""
        self.rings.append(left)

    def assisted(self, name: str, until: str) -> None:
        """Keep who helps."""
        self.helper = name
        self._tell()

    async def events(self) -> AsyncIterator[StageEvent]:
        """What the script touched."""
        async for event in self._receive:
            yield event

    def reset(self) -> None:
        """Count the ends of sessions."""
        self.resets += 1

    @property
    def language(self) -> str:
        """The language of the script's person."""
        return self._language

    # --- the script -----------------------------------------------------------------------------------------------

    def touch(self, event: StageEvent = StageEvent.TOUCHED) -> None:
        """A touch outside the question."""
        self._send.send_nowait(event)

    def switch(self, language: str) -> None:
        """The language is switched on the bar."""
        self._language = language
        self.touch(StageEvent.LANGUAGE)

    def answer_on_top(self, prompt: type[Prompt[Any]], answer: object) -> None:
        """What lies on top, or comes to lie there when its cover is gone, gets this answer."""
        self._below.append(Line(prompt, answer))
        self._tell()

    def close(self) -> None:
        """The window goes."""
        self._send.close()

    def add(self, *lines: Line) -> None:
        """More lines."""
        self._lines.extend(lines)

    @property
    def left(self) -> Sequence[Line]:
        """Lines not played yet."""
        return tuple(self._lines)

    @property
    def on_top(self) -> Prompt[Any] | None:
        """What is seen now."""
        return self._pile[-1].prompt if self._pile else None

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something that is shown makes `condition` true."""
        while not condition():
            if self.fault is not None:
                raise self.fault
            await self._changed.wait()

    def last(self, prompt: type[Prompt[Any]]) -> Any:
        """The newest state shown of a prompt's type. Raises Unexpected when none was shown."""
        for shown in reversed(self.shown):
            if type(shown) is prompt:
                return shown
        raise Unexpected(f"{prompt.__name__} was never shown")

    def _next(self, prompt: Prompt[Any]) -> Line | None:
        line = self._lines[0] if self._lines else None
        if line is not None and type(prompt) is line.prompt and _fits(prompt, line.holds):
            return self._lines.pop(0)
        if isinstance(prompt, PASSING):
            return None
        wanted = "nothing more" if line is None else f"{line.prompt.__name__} {line.holds or ''}"
        self.fault = Unexpected(f"asked {prompt}, the script expected {wanted}")
        self._tell()
        return None

    def _tell(self) -> None:
        top = self._pile[-1] if self._pile else None
        for line in self._below:
            if top is not None and type(top.prompt) is line.prompt:
                self._below.remove(line)
                top.take(line.answer)
                break
        self._changed.set()
        self._changed = trio.Event()


def _fits(prompt: Prompt[Any], holds: dict[str, object]) -> bool:
    return all(getattr(prompt, name) == value for name, value in holds.items())
