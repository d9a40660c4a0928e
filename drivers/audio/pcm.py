"""The one format inside the house: 16-bit signed little-endian mono samples, 22,050 a second."""

from __future__ import annotations

import io
import math
import sys
import wave
from array import array
from typing import Final

RATE: Final = 22050


class NotPcm(ValueError):
    """A clip that is no 16-bit WAV."""


def from_wav(data: bytes) -> bytes:
    """A WAV of any rate and channel count in the house's format. Raises NotPcm."""
    try:
        with wave.open(io.BytesIO(data)) as clip:
            if clip.getsampwidth() != 2 or clip.getcomptype() != "NONE":
                raise NotPcm("a clip is a 16-bit WAV")
            channels, rate = clip.getnchannels(), clip.getframerate()
            frames = clip.readframes(clip.getnframes())
    except (wave.Error, EOFError) as error:
        raise NotPcm(str(error)) from None
    samples = _native(frames[: len(frames) // (2 * channels) * 2 * channels])
    if channels > 1:
        samples = array("h", [sum(samples[n : n + channels]) // channels for n in range(0, len(samples), channels)])
    return _little(samples if rate == RATE else _resampled(samples, rate))


def silence(seconds: float) -> bytes:
    """Nothing, for a while."""
    return bytes(2 * round(seconds * RATE))


def scaled(samples: bytes, start: float, end: float) -> bytes:
    """The samples with a gain that runs from `start` to `end` (0 to 1)."""
    if start == end == 1.0:
        return samples
    source = _native(samples)
    step = (end - start) / max(1, len(source))
    return _little(array("h", [int(sample * (start + step * n)) for n, sample in enumerate(source)]))


def note(frequency: float, seconds: float, loudness: float = 0.5) -> bytes:
    """A soft bell: sine and a little octave, quick attack, fading out."""
    count = round(seconds * RATE)
    attack = min(count, RATE // 200)
    samples = array("h", bytes(2 * count))
    for n in range(count):
        time = n / RATE
        envelope = min(1.0, n / attack) * math.exp(-3.0 * n / count) * min(1.0, (count - n) / attack)
        tone = math.sin(math.tau * frequency * time) + 0.25 * math.sin(2 * math.tau * frequency * time)
        samples[n] = int(26000 * loudness * envelope * tone)
    return _little(samples)


def _resampled(samples: array[int], rate: int) -> array[int]:
    count = len(samples) * RATE // rate
    ratio = rate / RATE
    last = len(samples) - 1
    result = array("h", bytes(2 * count))
    for n in range(count):
        place = n * ratio
        left = int(place)
        part = place - left
        right = samples[min(left + 1, last)]
        result[n] = int(samples[left] * (1 - part) + right * part)
    return result


def _native(samples: bytes) -> array[int]:
    values = array("h", samples)
    if sys.byteorder == "big":
        values.byteswap()
    return values


def _little(values: array[int]) -> bytes:
    if sys.byteorder == "big":
        values = array("h", values)
        values.byteswap()
    return values.tobytes()
