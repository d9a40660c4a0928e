"""The stage of the journeys, with Kivy: prompts on a stack, the topmost one on the screen (services.journeys.stage)."""

from __future__ import annotations

import contextlib
import math
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from time import monotonic
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

import trio
from kivy.clock import Clock

from screens.listening import Listening
from screens.registry import load_next, page_class
from screens.shell.frame import Frame, FrameActions
from screens.site import SiteFacts
from screens.speech import DELAY_SECONDS, Controls, Silence, Speaker, allowed
from screens.theme import DESIGN_HEIGHT, DESIGN_WIDTH, theme
from services.journeys.prompts import Prompt
from services.journeys.stage import PadKey, StageEvent, TimeLeft

A = TypeVar("A")
_NOTHING = object()
QUIET_SECONDS = 0.4
"""Between two pages loaded ahead."""


class _Entry:
    """A prompt that is asked, and the answer it gets."""

    def __init__(self, prompt: Prompt[Any], *, backwards: bool = False) -> None:
        self.prompt, self.backwards = prompt, backwards
        self.answer: object = _NOTHING
        self.fault: Exception | None = None
        self.answered = trio.Event()


class KivyStage:
    """One window, one person. Everything runs on the Kivy thread, inside trio."""

    def __init__(
        self,
        site: SiteFacts,
        *,
        speaker: Speaker | None = None,
        controls: Controls | None = None,
        now: Callable[[], datetime] | None = None,
        volume: int = 60,
        language: str = "vi",
        reduced_motion: bool = False,
        screen: tuple[int, int] = (DESIGN_WIDTH, DESIGN_HEIGHT),
    ) -> None:
        theme.default_language, theme.calm, theme.one_stop = language, reduced_motion, site.one_stop
        theme.reset()
        quiet = Silence()
        self._site, self._speaker, self._controls = site, speaker or quiet, controls or quiet
        self._stack: list[_Entry] = []
        self._shown: _Entry | None = None
        self._left: TimeLeft | None = None
        self._deadline = 0.0
        self._send, self._receive = trio.open_memory_channel[StageEvent](math.inf)
        self.watchers: list[Callable[[Prompt[Any]], None]] = []
        """Called with the prompt whose page stands still and takes touches, and when it changes in place."""
        self.turn = 0
        """Grows with each prompt that comes on the screen, also when it takes over the page of the last one."""
        actions = FrameActions(
            back=lambda: self._event(StageEvent.BACK),
            home=lambda: self._event(StageEvent.HOME),
            call_staff=lambda: self._event(StageEvent.CALL_STAFF),
            listen=self._say,
            touched=self._touched,
            set_volume=self._controls.set_volume,
            technician=lambda: self._event(StageEvent.TECHNICIAN),
        )
        clock = now or (lambda: datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")))
        self.frame = Frame(site, clock, actions, volume=volume, screen=screen)
        self.listening = Listening(
            self, self._speaker, self._controls, call_staff=lambda: self._event(StageEvent.CALL_STAFF)
        )
        self._volume = volume
        self._refresh = Clock.create_trigger(self._bring_top, -1)
        self._voice = Clock.create_trigger(lambda _seconds: self._say(), DELAY_SECONDS)
        self._second: Any = None
        theme.fbind("language", self._language_changed)

    # --- services.journeys.stage.Stage ---------------------------------------------------------------------------

    async def ask(self, prompt: Prompt[A], *, backwards: bool = False) -> A:
        """Show `prompt` on top, wait for its answer."""
        entry = _Entry(prompt, backwards=backwards)
        self._stack.append(entry)
        # At once: waiting for the next frame would cost the person that frame.
        self._bring_top(0)
        try:
            await entry.answered.wait()
        finally:
            self._stack = [other for other in self._stack if other is not entry]
            self._refresh()
        if entry.fault is not None:
            raise entry.fault
        return cast("A", entry.answer)

    def show(self, prompt: Prompt[A]) -> None:
        """Replace the asked prompt of the same type by its newer state, wherever it lies in the pile."""
        for entry in reversed(self._stack):
            if type(entry.prompt) is type(prompt):
                entry.prompt = prompt
                if entry is self._shown and self.frame.page is not None:
                    self.frame.page.replace(prompt)
                    self.frame.follow()
                    self.listening.changed()
                    for watcher in self.watchers:
                        watcher(prompt)
                return

    def time_left(self, left: TimeLeft | None) -> None:
        """Set or take away the ring; it steps once a second."""
        self._left = left
        if self._second is not None:
            self._second.cancel()
            self._second = None
        if left is None:
            self.frame.time_left(0, 0, "")
            return
        self._deadline = monotonic() + left.seconds
        self._step(0)
        self._second = Clock.schedule_interval(self._step, 1.0)

    def assisted(self, name: str, until: str) -> None:
        """The place bar says who helps here."""
        self.frame.assisted(name, until)

    async def events(self) -> AsyncIterator[StageEvent]:
        """What the bars say."""
        async for event in self._receive:
            yield event

    def reset(self) -> None:
        """End of a session."""
        self._speaker.stop()
        self._voice.cancel()
        self._controls.set_volume(self._volume)
        self.listening.end()
        self.time_left(None)
        self._shown = None
        self.frame.reset()
        self._refresh()

    @property
    def language(self) -> str:
        """The person's language now."""
        return str(theme.language)

    # --- for who listens ------------------------------------------------------------------------------------------

    def pad(self, key: PadKey) -> None:
        """A key of the listening mode: it counts as a touch, and what was being said ends."""
        self._voice.cancel()
        self._event(StageEvent.TOUCHED)
        self.listening.key(key)

    def headphones(self, *, plugged: bool) -> None:
        """Headphones came or went; the voice knows it already."""
        self._voice.cancel()
        self._event(StageEvent.TOUCHED)
        self.listening.plugged(headphones=plugged)

    # --- for the wiring and for measuring ------------------------------------------------------------------------

    def broken(self, fault: Exception) -> None:
        """A page failed in a callback: whoever waits for it hears of it, and the page goes."""
        self.frame.clear()
        self._shown = None
        for entry in self._stack:
            if not entry.answered.is_set():
                entry.fault = fault
                entry.answered.set()
        self._refresh()

    def begin(self, prompt: Prompt[Any]) -> None:
        """A picture before anybody asks: it takes no touches, and goes with the first prompt that is asked."""
        if not self._stack:
            self._bring(_Entry(prompt))

    def place_told(self, site: SiteFacts) -> None:
        """The gateway told the names of the place: the bars follow."""
        if self._site.become(site):
            theme.one_stop = site.one_stop
            self.frame.changed()

    def close(self) -> None:
        """The window goes: events end, nothing listens to the theme any more."""
        self.time_left(None)
        self.listening.close()
        self._voice.cancel()
        self._send.close()
        theme.funbind("language", self._language_changed)
        self.frame.close()

    @property
    def current(self) -> Prompt[Any] | None:
        """The prompt on the screen."""
        return self._shown.prompt if self._shown is not None else None

    @property
    def asked(self) -> bool:
        """Whether the prompt on the screen waits for an answer; the picture that stays after it does not."""
        return self._shown is not None and self._shown in self._stack

    @property
    def accepting(self) -> bool:
        """Whether the page on the screen stands still and its question is open."""
        entry = self._shown
        return entry is not None and entry.answer is _NOTHING and entry in self._stack and self.frame.still

    def prepare(self) -> None:
        """Load pages not needed yet, one at a time, so that the first visit of each is fast."""

        def load(_seconds: float) -> None:
            if load_next():
                Clock.schedule_once(load, QUIET_SECONDS)

        Clock.schedule_once(load, QUIET_SECONDS)

    # --- inside --------------------------------------------------------------------------------------------------

    def _event(self, event: StageEvent) -> None:
        # A key or a plug may still come while the window goes.
        with contextlib.suppress(trio.ClosedResourceError, trio.BrokenResourceError):
            self._send.send_nowait(event)

    def _touched(self) -> None:
        self._voice.cancel()
        self._speaker.stop()
        self._controls.tick()
        self._event(StageEvent.TOUCHED)

    def _say(self) -> None:
        entry = self._shown
        if entry is not None and entry in self._stack and self.listening.on:
            self.listening.say()
        elif entry is not None and entry in self._stack:
            self._speaker.say(allowed(entry.prompt.spoken(), headphones=self._controls.headphones), self.language)

    def _language_changed(self, *_: object) -> None:
        self._speaker.stop()
        self._voice()
        self._event(StageEvent.LANGUAGE)

    def _answer(self, entry: _Entry, value: object) -> None:
        """One answer only; a prompt that is not asked or not on top takes none."""
        if entry.answer is _NOTHING and entry is self._shown:
            entry.answer = value
            entry.answered.set()

    def _bring_top(self, _seconds: float) -> None:
        """The topmost prompt comes on the screen. With none, the last page stays until the next: no flicker."""
        if self._stack and self._stack[-1] is not self._shown:
            self._bring(self._stack[-1])

    def _bring(self, entry: _Entry) -> None:
        before, self._shown = self._shown, entry
        self.turn += 1
        page = self.frame.page
        if before is not None and page is not None and type(before.prompt) is type(entry.prompt) and page.reusable:
            page.rebind(entry.prompt, lambda value: self._answer(entry, value))
            self.frame.follow()
            self._settled(entry)
            return
        page = page_class(type(entry.prompt))(
            entry.prompt, self._site, lambda value: self._answer(entry, value), self._say, self.frame.changed
        )
        covered = self.frame.page is not None and self.frame.page.covers
        calm = before is None or covered or page.covers or not page.slides
        self.frame.show(page, backwards=entry.backwards, slide=not calm, settled=lambda: self._settled(entry))
        self._step(0)

    def _settled(self, entry: _Entry) -> None:
        self._voice.cancel()
        self._voice()
        self.listening.arrived()
        for watcher in self.watchers:
            watcher(entry.prompt)

    def _step(self, _seconds: float) -> None:
        left = self._left
        if left is None:
            return
        seconds = max(0.0, self._deadline - monotonic())
        message = "bar.hold" if left.hold else "bar.auto" if left.result else "bar.left"
        self.frame.time_left(seconds, left.total, message)
        if self.frame.page is not None:
            self.frame.page.time_left(seconds, left.total)
