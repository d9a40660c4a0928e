"""The speech worker as a real process, with the real espeak-ng, and what happens when it fails."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from drivers.audio.pcm import RATE, from_wav
from drivers.audio.speech import SpeechWorker

ROOT = Path(__file__).resolve().parents[2]
WORKER = [sys.executable, "-m", "kiosk", "worker", "speech"]
pytestmark = pytest.mark.wire


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.mark.parametrize(("language", "text"), [("vi", "Mời đặt thẻ lên đầu đọc."), ("en", "Place your card.")])
def test_both_languages_are_spoken(language: str, text: str) -> None:
    worker = SpeechWorker(WORKER)
    try:
        sound = worker.render(text, language)
        assert 0.5 * RATE < len(sound) / 2 < 6 * RATE
        assert len(set(sound[::101])) > 20  # not silence
        assert worker.render(text + " " + text, language) != sound
    finally:
        worker.close()


def test_the_text_never_stands_on_a_command_line(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    program = tmp_path / "espeak-ng"
    program.write_text(f'#!/bin/sh\necho "$@" > {seen}\ncat > {seen}.in\n')
    program.chmod(0o755)
    request = json.dumps({"text": "SỐ BÍ MẬT", "language": "vi"}) + "\n"
    done = subprocess.run(
        [sys.executable, "-m", "drivers.audio.worker"], input=request.encode(), capture_output=True, check=True,
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", "PYTHONPATH": str(ROOT)}, timeout=20,
    )  # fmt: skip
    assert done.stdout == bytes(4)
    assert "BÍ MẬT" not in seen.read_text() and "BÍ MẬT" in Path(f"{seen}.in").read_text()


def test_without_espeak_the_worker_answers_silence(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "drivers.audio.worker"],
        input=b'{"text": "a", "language": "vi"}\nrubbish\n{"text": 1}\n[]\n', capture_output=True, check=True,
        env={"PATH": str(tmp_path), "PYTHONPATH": str(ROOT)}, timeout=20,
    )  # fmt: skip
    assert done.stdout == bytes(16)


def test_a_worker_that_is_killed_is_started_again() -> None:
    worker = SpeechWorker(WORKER)
    try:
        first = worker.render("một", "vi")
        children = [child for child in psutil.Process().children() if "speech" in child.cmdline()]
        assert len(children) == 1
        children[0].kill()
        children[0].wait(5)
        assert worker.render("một", "vi") == first
    finally:
        worker.close()
    assert not [child for child in psutil.Process().children() if "speech" in child.cmdline()]


@pytest.mark.parametrize(
    "command",
    [
        [sys.executable, "-c", "import time; time.sleep(60)"],
        [sys.executable, "-c", "pass"],
        ["/no/such/program"],
        [sys.executable, "-c", "import sys; sys.stdin.readline(); sys.stdout.buffer.write(b'\\0\\0\\0\\x08RIFFRIFF')"],
    ],
)
def test_a_worker_that_hangs_dies_or_talks_rubbish_is_silence(command: list[str]) -> None:
    worker = SpeechWorker(command, seconds=1.0)
    try:
        assert worker.render("một", "vi") == b""
        assert worker.render("hai", "vi") == b""
    finally:
        worker.close()


def test_a_real_sentence_is_a_wav_we_understand() -> None:
    done = subprocess.run(
        WORKER, input=b'{"text": "xin ch\\u00e0o", "language": "vi"}\n', capture_output=True, check=True, timeout=20
    )
    length = int.from_bytes(done.stdout[:4], "big")
    assert len(done.stdout) == 4 + length
    assert from_wav(done.stdout[4:])
