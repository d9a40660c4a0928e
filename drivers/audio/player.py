"""One thread that plays: sounds go before speech, never over it; without a card it is silent and tries again."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from time import monotonic

from drivers.audio.output import NoSound, Output
from drivers.audio.pcm import RATE, scaled
from drivers.audio.status import SoundCapabilities, SoundStatus
from drivers.device import DeviceState

log = logging.getLogger(__name__)

PROBE_SECONDS = 30.0
"""Between two tries to open a missing card while the list of cards stays the same (a sound server restarts)."""
LOOK_SECONDS = 0.5
"""Between two looks at that list: an idle card that is pulled says nothing to who holds it."""
_BLOCK = 2 * (RATE // 50)
"""Bytes of 20 ms: how soon a new volume or a stop is heard."""


class Player:
    """Thread-safe; no call blocks. Start it once; `close()` ends its thread."""

    def __init__(
        self,
        output: Output,
        volume: int = 60,
        changed: Callable[[DeviceState], None] | None = None,
        probe_seconds: float = PROBE_SECONDS,
    ) -> None:
        self._output = output
        self._changed = changed
        self._probe_seconds = probe_seconds
        self._condition = threading.Condition()
        self._sounds: deque[bytes] = deque()
        self._speech: deque[bytes] = deque()
        self._speaking = False
        self._interrupted = False
        self._closed = False
        self._again = False
        self._cards = b""
        self._next_probe = 0.0
        self._state = DeviceState.UNKNOWN
        self.detail = ""
        """Why there is no card."""
        self._volume = volume
        self._gain = _gain(volume)
        self._thread = threading.Thread(target=self._run, name="audio", daemon=True)

    @property
    def state(self) -> DeviceState:
        """ONLINE, NO_DEVICE, or UNKNOWN before the first probe."""
        return self._state

    @property
    def status(self) -> SoundStatus:
        """The state as a value."""
        return SoundStatus(self._state, self._volume, self.speaking)

    @property
    def capabilities(self) -> SoundCapabilities:
        """The same for every card."""
        return SoundCapabilities()

    @property
    def speaking(self) -> bool:
        """Whether speech is playing or waits to be played."""
        return self._speaking or bool(self._speech)

    def start(self) -> None:
        """Start the thread; it looks for a card first."""
        self._thread.start()

    def set_volume(self, percent: int) -> None:
        """0 to 100, heard from the next 20 ms on."""
        self._volume = percent
        self._gain = _gain(percent)

    def sound(self, samples: bytes, *, polite: bool = False) -> None:
        """Play a sound now; speech gives way, or with `polite` the sound does."""
        with self._condition:
            if self._state is DeviceState.NO_DEVICE or (polite and self.speaking):
                return
            self._cut_speech()
            self._sounds.append(samples)
            self._condition.notify()

    def speak(self, samples: bytes) -> None:
        """Play speech after what is being said."""
        with self._condition:
            if self._state is not DeviceState.NO_DEVICE:
                self._speech.append(samples)
                self._condition.notify()

    def stop_speech(self) -> None:
        """Be silent now; a sound that has begun is played to its end."""
        with self._condition:
            self._cut_speech()

    def restart(self) -> None:
        """Let go of the card and look for one anew, soon."""
        with self._condition:
            self._again = True
            self._cut_speech()
            self._condition.notify()

    def close(self) -> None:
        """End the thread and let go of the card."""
        with self._condition:
            self._closed = True
            self._interrupted = True
            self._condition.notify()
        if self._thread.is_alive():
            self._thread.join(5)

    def _cut_speech(self) -> None:
        self._speech.clear()
        self._interrupted = self._speaking

    def _run(self) -> None:
        self._probe()
        while (turn := self._next()) is not None:
            samples, speech = turn
            try:
                self._play(samples, speech)
            except NoSound as error:
                self._lost(error)
        self._output.close()

    def _next(self) -> tuple[bytes, bool] | None:
        """What to play now; None at the end. Rests without using the processor."""
        while True:
            with self._condition:
                self._speaking = False
                if not (self._sounds or self._speech or self._closed or self._again):
                    self._condition.wait(min(LOOK_SECONDS, self._probe_seconds))
                if self._closed:
                    return None
                if self._state is not DeviceState.NO_DEVICE and (self._sounds or self._speech):
                    self._interrupted = False
                    self._speaking = not self._sounds
                    return (self._sounds or self._speech).popleft(), self._speaking
                again, self._again = self._again, False
            missing = self._state is DeviceState.NO_DEVICE and monotonic() >= self._next_probe
            if again or missing or self._output.cards() != self._cards:
                self._output.close()
                self._probe()

    def _play(self, samples: bytes, speech: bool) -> None:
        self._output.start()
        gain = self._gain
        for position in range(0, len(samples), _BLOCK):
            cut = speech and self._interrupted
            target = 0.0 if cut else self._gain
            self._output.write(scaled(samples[position : position + _BLOCK], gain, target))
            gain = target
            if cut:
                break
            if self._closed:
                return
        with self._condition:
            more = bool(self._sounds or self._speech)
        if not more:
            self._output.finish()

    def _probe(self) -> None:
        self._cards = self._output.cards()
        self._next_probe = monotonic() + self._probe_seconds
        try:
            self._output.start()
            self._output.finish()
        except NoSound as error:
            self._lost(error)
        else:
            self._note(DeviceState.ONLINE, "")

    def _lost(self, error: NoSound) -> None:
        self._output.close()
        self._next_probe = monotonic() + self._probe_seconds
        with self._condition:
            self._sounds.clear()
            self._speech.clear()
        self._note(DeviceState.NO_DEVICE, str(error))

    def _note(self, state: DeviceState, detail: str) -> None:
        if state is self._state:
            return
        self._state = state
        self.detail = detail
        # Its supervisor says it once to people.
        log.debug("sound: %s (%s)", state.value, detail)
        if self._changed is not None:
            self._changed(state)


def _gain(percent: int) -> float:
    """Hearing is not linear: half the slider should sound half as loud."""
    return (max(0, min(100, percent)) / 100) ** 2
