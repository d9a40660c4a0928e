"""The kiosk's end of the speech worker: text to samples, with a time limit, restarted when it dies."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import select
import subprocess
import threading
import time
from collections.abc import Sequence

from drivers.audio.pcm import NotPcm, from_wav

log = logging.getLogger(__name__)

SECONDS = 6.0
_REST_SECONDS = 30.0


class SpeechWorker:
    """Blocking; one caller at a time. The process starts with the first sentence."""

    def __init__(self, command: Sequence[str], seconds: float = SECONDS) -> None:
        self._command = list(command)
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._not_before = 0.0

    def render(self, text: str, language: str) -> bytes:
        """Samples of one sentence in the house's format; empty when there is no voice (it is on the screen too)."""
        with self._lock:
            if time.monotonic() < self._not_before:
                return b""
            try:
                wav = self._exchange(text, language)
            except OSError as error:
                self._end()
                self._not_before = time.monotonic() + _REST_SECONDS
                log.warning("speech: the worker failed (%s), silent for %.0f s", error, _REST_SECONDS)
                return b""
        try:
            return from_wav(wav) if wav else b""
        except NotPcm as error:
            log.warning("speech: %s", error)
            return b""

    def close(self) -> None:
        """End the worker; a sentence that is being rendered ends with it."""
        process = self._process
        if process is not None:
            with contextlib.suppress(OSError):
                process.kill()
        self._not_before = float("inf")
        with self._lock:
            self._end()

    def _exchange(self, text: str, language: str) -> bytes:
        process = self._running()
        assert process.stdin is not None and process.stdout is not None  # noqa: S101 - pipes were asked for
        until = time.monotonic() + self._seconds
        process.stdin.write(json.dumps({"text": text, "language": language}).encode() + b"\n")
        process.stdin.flush()
        length = int.from_bytes(self._read(process.stdout.fileno(), 4, until), "big")
        return self._read(process.stdout.fileno(), length, until)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = subprocess.Popen(  # noqa: S603 - this program itself, as a worker
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        return self._process

    @staticmethod
    def _read(descriptor: int, count: int, until: float) -> bytes:
        data = bytearray()
        while len(data) < count:
            if not select.select([descriptor], [], [], max(0.0, until - time.monotonic()))[0]:
                raise TimeoutError("no answer in time")
            piece = os.read(descriptor, count - len(data))
            if not piece:
                raise BrokenPipeError("the worker ended")
            data += piece
        return bytes(data)

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(OSError):
            process.kill()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()
        process.wait()
