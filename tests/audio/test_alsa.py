"""What really leaves through PortAudio and ALSA: the `file` plug-in writes a WAV of it."""

from __future__ import annotations

import os
import subprocess
import sys
import wave
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SYSTEM = Path("/usr/share/alsa/alsa.conf")
pytestmark = [
    pytest.mark.wire,
    pytest.mark.skipif(not SYSTEM.exists(), reason="no ALSA on this machine"),
]

PROGRAM = """
import sys, time
from drivers.audio.output import PortAudioOutput
from drivers.audio.player import Player
from drivers.audio.tones import Tone, samples
from drivers.device import DeviceState

player = Player(PortAudioOutput("default"), volume=int(sys.argv[1]))
player.start()
while player.state is DeviceState.UNKNOWN:
    time.sleep(0.01)
print(player.state.value, flush=True)
for tone in (Tone.CARD_READ, Tone.ERROR):
    player.sound(samples(tone))
sys.stdin.readline()
time.sleep(0.5)
player.close()
"""


def play(configuration: Path, volume: int = 100) -> str:
    environment = {**os.environ, "ALSA_CONFIG_PATH": str(configuration), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(volume)],
        input=b"\n", capture_output=True, env=environment, timeout=30, check=True,
    )  # fmt: skip
    assert b"ALSA lib" not in done.stderr
    return done.stdout.decode().strip()


def test_tones_leave_the_machine(tmp_path: Path) -> None:
    target = tmp_path / "out.wav"
    configuration = tmp_path / "asound.conf"
    configuration.write_text(
        f"<{SYSTEM}>\n"
        'pcm.!default { type plug slave.pcm "tram_test" }\n'
        f'pcm.tram_test {{ type file slave.pcm "null" file "{target}" format "wav" }}\n'
    )
    assert play(configuration) == "online"
    with wave.open(str(target)) as heard:
        frames = heard.readframes(heard.getnframes())
        seconds = len(frames) / heard.getframerate() / heard.getnchannels() / heard.getsampwidth()
    assert seconds >= 0.7
    loudest = max(abs(int.from_bytes(frames[n : n + 2], "little", signed=True)) for n in range(0, len(frames) - 1, 2))
    assert loudest > 5000


def test_a_machine_without_a_card_is_silent_and_says_so_once(tmp_path: Path) -> None:
    configuration = tmp_path / "asound.conf"
    configuration.write_text(f"<{SYSTEM}>\npcm.!default {{ type hw card 99 }}\n")
    assert play(configuration) == "noDevice"
