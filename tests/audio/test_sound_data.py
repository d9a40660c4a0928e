"""Samples: WAV in any shape, gain, and the tones of the look."""

from __future__ import annotations

import io
import struct
import wave
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.audio.pcm import RATE, NotPcm, from_wav, scaled, silence
from drivers.audio.tones import Tone, samples


def wav(rate: int, channels: int, frames: list[int], width: int = 2) -> bytes:
    target = io.BytesIO()
    with wave.open(target, "wb") as clip:
        clip.setnchannels(channels)
        clip.setsampwidth(width)
        clip.setframerate(rate)
        clip.writeframes(b"".join(struct.pack("<h", frame) for frame in frames) if width == 2 else bytes(frames))
    return target.getvalue()


def test_a_wav_of_our_own_rate_passes_unchanged() -> None:
    assert from_wav(wav(RATE, 1, [0, 1, -1, 32767, -32768])) == struct.pack("<5h", 0, 1, -1, 32767, -32768)


def test_stereo_is_mixed_and_another_rate_keeps_its_length_in_seconds() -> None:
    assert from_wav(wav(RATE, 2, [100, 300, -100, -300])) == struct.pack("<2h", 200, -200)
    for rate in (8000, 16000, 44100, 48000):
        assert abs(len(from_wav(wav(rate, 1, [1000] * rate))) - 2 * RATE) <= 4


@pytest.mark.parametrize("broken", [b"", b"RIFF", b"not a wav at all, but long enough to look at" * 4])
def test_a_broken_clip_is_named(broken: bytes) -> None:
    with pytest.raises(NotPcm):
        from_wav(broken)
    with pytest.raises(NotPcm, match="16-bit"):
        from_wav(wav(RATE, 1, [1, 2, 3], width=1))


@given(st.lists(st.integers(-32768, 32767), max_size=200), st.floats(0, 1), st.floats(0, 1))
def test_gain_never_overflows_and_never_amplifies(values: list[int], start: float, end: float) -> None:
    source = struct.pack(f"<{len(values)}h", *values)
    result = struct.unpack(f"<{len(values)}h", scaled(source, start, end))
    assert all(abs(after) <= abs(before) for before, after in zip(values, result, strict=True))


def crossings(sound: bytes) -> float:
    """Frequency in Hz from zero crossings."""
    values = struct.unpack(f"<{len(sound) // 2}h", sound)
    signs = [value > 0 for value in values]
    return sum(a != b for a, b in pairwise(signs)) / 2 / (len(values) / RATE)


def test_the_tones_are_those_of_the_look() -> None:
    assert len(samples(Tone.TICK)) == 2 * round(0.020 * RATE)
    beep = samples(Tone.CARD_READ)
    assert crossings(beep[: len(beep) // 4 & ~1]) < crossings(beep[len(beep) // 2 & ~1 :])  # rising
    assert crossings(samples(Tone.ERROR)) < 300  # low
    forgotten = samples(Tone.FORGOTTEN)
    assert forgotten.count(silence(0.05)) >= 2  # three notes, two pauses
    for tone in Tone:
        loudest = max(abs(value) for (value,) in struct.iter_unpack("<h", samples(tone)))
        assert 2000 < loudest < 32767, tone
        assert len(samples(tone)) <= 2 * RATE, tone
