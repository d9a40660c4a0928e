"""Where samples go: PortAudio, loaded at first use, because importing it fails on a machine without sound."""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import os
from pathlib import Path
from typing import Any, Protocol

from drivers.audio.pcm import RATE


class NoSound(Exception):
    """No PortAudio, no card, or the card is gone. Trying again later can help."""


class Output(Protocol):
    """A sound card. Methods raise NoSound; all are called by the player's thread only."""

    def start(self) -> None:
        """Get ready to take samples."""
        ...

    def write(self, samples: bytes) -> None:
        """Hand over samples; blocks until there is room."""
        ...

    def finish(self) -> None:
        """Play what was handed over, then rest without using the processor."""
        ...

    def close(self) -> None:
        """Let go of the card, and forget which cards there are; never raises."""
        ...

    def cards(self) -> bytes:
        """What the kernel lists now: another answer means that a card came or went. Costs nothing; never raises."""
        ...


CARDS = Path("/sys/class/sound")
"""Not /proc/asound: a confined service (ProcSubset=pid) sees nothing of it."""


class PortAudioOutput:
    """`device` is a (part of a) PortAudio device name; "default" takes the system's, "off" is a kiosk without one."""

    def __init__(self, device: str = "default", cards: Path = CARDS) -> None:
        """`cards` is the folder in which the kernel lists them, another one in tests only."""
        self._cards = cards
        self._off = device == "off"
        self._device = None if device == "default" else device
        self._library: Any = None
        self._stream: Any = None

    def start(self) -> None:
        """See Output."""
        sound = self._load()
        try:
            if self._stream is None:
                self._stream = sound.RawOutputStream(
                    samplerate=RATE, channels=1, dtype="int16", device=self._device, latency="high"
                )
            if not self._stream.active:
                self._stream.start()
        except (sound.PortAudioError, ValueError) as error:
            raise NoSound(str(error)) from None

    def write(self, samples: bytes) -> None:
        """See Output."""
        try:
            self._stream.write(samples)
        except self._library.PortAudioError as error:
            raise NoSound(str(error)) from None

    def finish(self) -> None:
        """See Output."""
        if self._stream is None:
            return
        try:
            self._stream.stop()
        except self._library.PortAudioError as error:
            raise NoSound(str(error)) from None

    def close(self) -> None:
        """See Output."""
        if self._library is None:
            return
        stream, self._stream = self._stream, None
        with contextlib.suppress(self._library.PortAudioError):
            if stream is not None:
                stream.close()
        with contextlib.suppress(self._library.PortAudioError):
            # PortAudio lists the cards once: a card plugged in later is seen only after a new beginning.
            self._library._terminate()
            self._library._initialize()

    def cards(self) -> bytes:
        """See Output."""
        try:
            # The inode tells a card that went and came back under its name.
            return repr(sorted((card.name, card.inode()) for card in os.scandir(self._cards))).encode()
        except OSError:
            return b""

    def _load(self) -> Any:
        if self._off:
            raise NoSound("built without a loudspeaker")
        if self._library is None:
            _quiet_alsa()
            try:
                self._library = importlib.import_module("sounddevice")
            except (ImportError, OSError) as error:
                raise NoSound(f"PortAudio cannot be loaded: {error}") from None
        return self._library


_ErrorHandler = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p)


@_ErrorHandler
def _ignore(_file: bytes, _line: int, _function: bytes, _code: int, _format: bytes) -> None:
    """ALSA prints twenty lines for every card that is not there; NoSound says it once."""


def _quiet_alsa() -> None:
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(_ignore)
