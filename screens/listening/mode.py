"""Listening mode: on by headphones or by any of its keys, one focus, everything said; off with the session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from kivy.clock import Clock

from screens.layout import Box
from screens.listening.picture import FocusPicture
from screens.listening.stops import Own, Stop, by_keys, stops, texts
from screens.shell.frame import Frame
from screens.speech import Controls, Speaker, allowed
from screens.theme import theme
from services.journeys.prompts import IdleAnswer, IdleWarning, Prompt, Say
from services.journeys.stage import PadKey

AFTER_A_CHOICE = 0.15
"""Seconds until it is said what a choice changed on the same page."""
VOLUME_STEP = 10
"""Percent of a key at the start."""
UNPLUGGED_SECONDS = 20.0
LEFT_SECONDS = 120.0
"""On the start page no clock runs: after this without a key nobody listens any more."""


class Stand(Protocol):
    """What the mode needs of the stage."""

    frame: Frame

    @property
    def current(self) -> Prompt[Any] | None:
        """The prompt on the screen."""
        ...

    @property
    def asked(self) -> bool:
        """Whether it waits for an answer."""
        ...

    @property
    def accepting(self) -> bool:
        """Whether its page stands still."""
        ...

    @property
    def turn(self) -> int:
        """Grows with each prompt that comes on the screen."""
        ...


class Listening:
    """All methods belong to the Kivy thread."""

    def __init__(self, stage: Stand, speaker: Speaker, controls: Controls, call_staff: Callable[[], None]) -> None:
        self._stage, self._speaker, self._controls, self._call_staff = stage, speaker, controls, call_staff
        self.on = False
        self.dark = False
        self.watchers: list[Callable[[bool], None]] = []
        """Called when the mode begins (True) and ends."""
        self._place = 0
        self._stops: tuple[Stop, ...] = ()
        self._asking: Stop | None = None
        self._inside: tuple[Box, ...] = ()
        """The row of keys that was entered."""
        self._tuning = False
        """At the start: the volume first."""
        self._spoken: tuple[Say, ...] = ()
        self._ending: Any = None
        self._picture = FocusPicture(stage.frame)
        stage.frame.laid_out = self._draw

    # --- begin and end ---------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Somebody listens: the four keys are explained, then the volume is asked for, then the page is said."""
        if self.on:
            return
        self.on, self.dark = True, False
        theme.listening = True
        for watcher in self.watchers:
            watcher(True)
        self._first()
        self._tuning = True
        self._draw()
        self._wait(LEFT_SECONDS)
        self._say((Say("spoken.listen.welcome"), self._volume()))

    def end(self) -> None:
        """Nobody listens any more."""
        self._wait(None)
        if not self.on:
            return
        self.on = self.dark = False
        theme.listening = False
        self._stops, self._place, self._asking, self._inside, self._tuning = (), 0, None, (), False
        self._draw()
        for watcher in self.watchers:
            watcher(False)

    def plugged(self, *, headphones: bool) -> None:
        """Headphones came or went. Without them the mode ends, unless a key says otherwise."""
        if headphones:
            if self.on:
                self._wait(LEFT_SECONDS)
            self.begin()
        elif self.on:
            self._wait(UNPLUGGED_SECONDS, always=True)
            self._speaker.say((Say("spoken.listen.unplugged"),), self._language)

    def close(self) -> None:
        """The window goes."""
        self._wait(None)
        theme.listening = False

    # --- keys ------------------------------------------------------------------------------------------------------

    def key(self, key: PadKey) -> None:
        """One of the keys."""
        if not self.on:
            self.begin()
            return
        self._wait(LEFT_SECONDS)
        if key is PadKey.LISTEN:
            self._speaker.say((Say("spoken.listen.ended"),), self._language)
            self.end()
            return
        if key is PadKey.HELP:
            self._call_staff()
            return
        if isinstance(self._stage.current, IdleWarning):
            self._stay()
            return
        if self._tuning:
            self._tune(key)
            return
        self._look()
        match key:
            case PadKey.NEXT:
                self._move(1)
            case PadKey.BACK:
                self._move(-1)
            case PadKey.CHOOSE:
                self._choose()
            case PadKey.REPEAT:
                self.say()

    def _tune(self, key: PadKey) -> None:
        """Louder, softer, right."""
        if key is PadKey.CHOOSE:
            self._tuning = False
            self._draw()
            self._say((Say("spoken.listen.begin"), *self.here.says))
            return
        step = {PadKey.NEXT: VOLUME_STEP, PadKey.BACK: -VOLUME_STEP}.get(key, 0)
        self._stage.frame.set_volume(self._stage.frame.volume + step)
        self._draw()
        self._say((Say("spoken.listen.welcome"), self._volume()) if not step else (self._volume(),))

    def _volume(self) -> Say:
        percent = self._stage.frame.volume
        return Say("spoken.listen.volume", (("percent", percent),)) if percent else Say("spoken.listen.volume.off")

    def _stay(self) -> None:
        """Any key means that somebody is here."""
        stay = next((stop for stop in self._now() if stop.touch and stop.touch.name == IdleAnswer.STAY.value), None)
        if stay is not None and stay.touch is not None:
            stay.touch.dispatch("on_act")

    def _move(self, step: int) -> None:
        self._asking = None
        place = self._place + step
        if place < 0 and self._inside:
            self._leave_row()
            return
        self._place = place % len(self._stops)
        self._draw()
        end = Say("spoken.listen.row.end" if self._inside else "spoken.listen.end_of_list")
        wrapped = (end,) if place == len(self._stops) else ()
        self._say((*wrapped, *self.here.says))

    def _choose(self) -> None:
        here = self.here
        if here.own is not None:
            self._choose_own(here.own)
            return
        if here.row:
            self._inside, self._place, self._stops = here.row, 0, ()
            self._draw()
            self._say(self.here.says)
            return
        if here.touch is None:
            self._say((*here.says, Say("spoken.listen.only_heard")))
            return
        if not here.choosable:
            self._say((*here.says, Say("spoken.listen.closed")))
            return
        if here.weighty and (self._asking is None or self._asking.box is not here.box):
            self._asking = here
            self._say((*here.says, Say("spoken.listen.again")))
            return
        if not self._stage.accepting:
            return
        self._asking = None
        self._to_row()
        before, turn = texts(self._stops), self._stage.turn
        here.touch.dispatch("on_act")
        Clock.schedule_once(lambda _seconds: self._tell_change(before, turn), AFTER_A_CHOICE)

    def _choose_own(self, own: Own) -> None:
        if own is Own.END:
            self.key(PadKey.LISTEN)
            return
        if own is Own.LEAVE:
            self._leave_row()
            return
        self.dark = own is Own.DARK
        self._look()
        self._draw()
        self._say((Say(f"spoken.listen.{own.value}.done"),))

    def _to_row(self) -> None:
        """After a key the focus is on its row again: the next letter mostly stands in another one."""
        if not self._inside:
            return
        row, self._inside = self._inside, ()
        self._stops = self._now()
        self._place = next((place for place, stop in enumerate(self._stops) if stop.row == row), 0)

    def _leave_row(self) -> None:
        self._to_row()
        self._draw()
        self._say((Say("spoken.listen.row.left"), *self.here.says))

    def _tell_change(self, before: tuple[tuple[Say, ...], ...], turn: int) -> None:
        """The same page, another value: a digit that was typed, a line that was chosen, another page of a list."""
        if not self.on or turn != self._stage.turn or not self._stage.asked:
            return
        self._look()
        self._draw()
        changed = [says for says in texts(self._stops)[1:] if says not in before]
        self._say(tuple(say for says in changed for say in says) or self.here.says)

    # --- what the stage tells ----------------------------------------------------------------------------------------

    def arrived(self) -> None:
        """Another page: the focus stands on its question. The stage's own delay says it."""
        if self.on:
            self._first()

    def changed(self) -> None:
        """The same page in a newer state: what it says now is said when that is something else."""
        if not self.on:
            return
        self._look()
        self._draw()
        prompt = self._stage.current
        if prompt is not None and prompt.spoken() != self._spoken:
            self._spoken = prompt.spoken()
            self._say(by_keys(prompt.spoken()))

    def say(self) -> None:
        """Where the focus stands, again."""
        self._look()
        self._say(self.here.says)

    # --- inside ------------------------------------------------------------------------------------------------------

    @property
    def _language(self) -> str:
        return str(theme.language)

    def _first(self) -> None:
        self._place, self._asking, self._inside, self._tuning = 0, None, (), False
        prompt = self._stage.current
        self._spoken = prompt.spoken() if prompt is not None else ()
        self._stops = self._now()
        self._draw()

    def _now(self) -> tuple[Stop, ...]:
        prompt = self._stage.current
        if prompt is None:
            return (Stop((Say("spoken.listen.wait"),)),)
        return stops(self._stage.frame, prompt, dark=self.dark, inside=self._inside)

    def _look(self) -> None:
        """Read the page anew; the focus stays on the box it stood on."""
        here = self.here if self._stops else None
        self._stops = self._now()
        if here is not None and here.box is not None:
            for place, stop in enumerate(self._stops):
                if stop.box is here.box:
                    self._place = place
                    return
        self._place = min(self._place, len(self._stops) - 1)

    @property
    def order(self) -> tuple[Stop, ...]:
        """The focus order as it is now."""
        return self._stops

    @property
    def here(self) -> Stop:
        """Where the focus stands."""
        if not self._stops:
            self._stops = self._now()
        return self._stops[min(self._place, len(self._stops) - 1)]

    def _say(self, says: tuple[Say, ...]) -> None:
        """Private words only into headphones; where nothing else is left, that is said."""
        heard = allowed(says, headphones=self._controls.headphones)
        if says and not heard:
            heard = (Say("spoken.listen.private"),)
        self._speaker.say(heard, self._language)

    def _draw(self) -> None:
        here = self.here if self.on and self._stops else None
        if here is not None and self._tuning:
            here = Stop((self._volume(),))
        self._picture.draw(here, dark=self.dark)

    def _wait(self, seconds: float | None, *, always: bool = False) -> None:
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None
        if seconds is not None:
            self._ending = Clock.schedule_once(lambda _: self._over(always=always), seconds)

    def _over(self, *, always: bool) -> None:
        """Nobody pressed a key. Within a session its own clock decides; on the start page nothing else does."""
        prompt = self._stage.current
        if always or prompt is None or prompt.seconds is None:
            self.end()
