"""The kiosk's voice and sounds: one queue of sentences, ended by any touch, back to the default after each session."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Protocol

from drivers.audio.pcm import silence
from drivers.audio.player import Player
from drivers.audio.tones import Tone, samples
from drivers.device import DeviceState
from services.announcements.clips import Clips
from services.announcements.wording import spoken_text
from services.journeys.prompts.base import Say
from services.messages import MissingMessage

log = logging.getLogger(__name__)

_PAUSE = silence(0.25)
_KEPT_SENTENCES = 48


class Synthesis(Protocol):
    """Text to samples (drivers.audio.speech.SpeechWorker). Blocking; empty where there is no voice."""

    def render(self, text: str, language: str) -> bytes:
        """Samples of one sentence."""
        ...

    def close(self) -> None:
        """Let go of its process."""
        ...


class Announcer:
    """Implements the screens' Speaker and Controls and the journeys' Sounds. No call blocks; all are thread-safe."""

    def __init__(
        self,
        player: Player,
        synthesis: Synthesis,
        clips: Clips | None = None,
        volume: int = 60,
        heard: Callable[[str], None] | None = None,
    ) -> None:
        self._player = player
        self._synthesis = synthesis
        self._clips = clips or Clips()
        self._default_volume = volume
        self._heard = heard
        self._condition = threading.Condition()
        self._waiting: tuple[tuple[Say, ...], str] | None = None
        self._turn = 0
        self._closed = False
        self._headphones = False
        self._kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._thread = threading.Thread(target=self._run, name="speech", daemon=True)

    def start(self) -> None:
        """Start the threads; nothing sounds before."""
        self._player.set_volume(self._default_volume)
        self._player.start()
        self._thread.start()

    def close(self) -> None:
        """End the threads and the speech worker."""
        with self._condition:
            self._closed = True
            self._condition.notify()
        self._player.close()
        self._synthesis.close()
        if self._thread.is_alive():
            self._thread.join(10)

    # --- screens: Speaker -----------------------------------------------------------------------------------------

    def say(self, sentences: Sequence[Say], language: str) -> None:
        """Speak these sentences in order; what was being said ends. Private ones only with headphones in."""
        allowed = tuple(sentence for sentence in sentences if self._headphones or not sentence.private)
        with self._condition:
            self._turn += 1
            self._waiting = (allowed, language) if allowed else None
            self._player.stop_speech()
            self._condition.notify()

    def stop(self) -> None:
        """Be silent now."""
        self.say((), "")

    # --- screens: Controls ----------------------------------------------------------------------------------------

    @property
    def available(self) -> bool:
        """Whether anything can be heard; everything is on the screen too."""
        return self._player.state is DeviceState.ONLINE

    @property
    def headphones(self) -> bool:
        """Whether headphones are in."""
        return self._headphones

    @headphones.setter
    def headphones(self, plugged: bool) -> None:
        if self._headphones and not plugged:
            # What was private a moment ago would come out of the loudspeaker.
            self.stop()
        self._headphones = plugged

    def tick(self) -> None:
        """The sound of a touch; never over a sentence."""
        self._player.sound(samples(Tone.TICK), polite=True)

    def set_volume(self, percent: int) -> None:
        """0 to 100 % of what the installer allowed."""
        self._player.set_volume(percent)

    # --- journeys: Sounds -----------------------------------------------------------------------------------------

    def card_read(self) -> None:
        """The "bíp"."""
        self._sound(Tone.CARD_READ)

    def error(self) -> None:
        """One low note."""
        self._sound(Tone.ERROR)

    def card_forgotten(self) -> None:
        """Three notes; the caller repeats it every 5 s. Waits for no sentence and cuts none."""
        self._player.sound(samples(Tone.FORGOTTEN), polite=True)

    def ticket_ready(self) -> None:
        """A short chime."""
        self._sound(Tone.CHIME)

    def reset(self) -> None:
        """Stop speaking; volume back to the site's default."""
        self.stop()
        self._player.set_volume(self._default_volume)

    def _sound(self, tone: Tone) -> None:
        with self._condition:
            # A sentence that is being rendered would begin under the sound.
            self._turn += 1
            self._waiting = None
            self._player.sound(samples(tone))

    # --- the speech thread ----------------------------------------------------------------------------------------

    def _run(self) -> None:
        while True:
            with self._condition:
                while self._waiting is None and not self._closed:
                    self._condition.wait()
                if self._closed or self._waiting is None:
                    return
                (sentences, language), self._waiting = self._waiting, None
                turn = self._turn
            for sentence in sentences:
                rendered = self._rendered(sentence, language)
                with self._condition:
                    if turn != self._turn or self._closed:
                        break
                    if rendered:
                        self._player.speak(rendered + _PAUSE)
                        if self._heard is not None:
                            self._heard(sentence.message)

    def _rendered(self, sentence: Say, language: str) -> bytes:
        if not self.available and self._player.state is not DeviceState.UNKNOWN:
            return b""
        try:
            clip = self._clips.sentence(sentence, language)
            if clip is not None:
                return clip
            text = spoken_text(sentence, language)
        except (MissingMessage, KeyError, ValueError, IndexError):
            log.warning("nothing to say for %s in %s", sentence.message, language)
            return b""
        key = (language, text)
        if sentence.private or sentence.args:
            # What may say something about a person is not kept for the next one.
            return self._synthesis.render(text, language)
        if key not in self._kept:
            rendered = self._synthesis.render(text, language)
            if not rendered:
                return b""
            self._kept[key] = rendered
            while len(self._kept) > _KEPT_SENTENCES:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]
