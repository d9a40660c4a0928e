"""A reader that libfprint knows, as a finger reader; the library lives in a worker process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence

from drivers.child import Child, ChildEnded, Facts
from drivers.fingerprint.errors import (
    FingerError,
    FingerErrorReason,
    FingerHint,
    FingerRefused,
    NoFinger,
    Stopped,
)
from drivers.fingerprint.picture import FingerPicture, looked_at
from drivers.fingerprint.scanner import CaptureNews, CaptureStage, FingerCapabilities

OPEN_SECONDS = 10.0
_WATCH_SECONDS = 0.05


class LibfprintScanner:
    """Implements FingerScanner. A capture that is not wanted any more ends with its worker."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str] | None = None) -> None:
        self._child = Child(command, env)
        self._capabilities = FingerCapabilities()

    @property
    def capabilities(self) -> FingerCapabilities:
        """Known once it was opened."""
        return self._capabilities

    def open(self) -> None:
        """Find the reader. Raises FingerError."""
        facts, _ = self._ask("open", OPEN_SECONDS)
        self._capabilities = FingerCapabilities(str(facts.get("model", "")))

    def check(self) -> None:
        """Whether the worker and its reader are there. Raises FingerError."""
        self._ask("open", OPEN_SECONDS)

    def capture(self, seconds: float, news: Callable[[CaptureNews], None], stop: threading.Event) -> FingerPicture:
        """See FingerScanner. libfprint tells nothing on the way."""
        news(CaptureNews(CaptureStage.WAITING))
        over = threading.Event()
        until = time.monotonic() + seconds
        watcher = threading.Thread(target=self._watch, args=(until, stop, over), name="libfprint-watch", daemon=True)
        watcher.start()
        try:
            facts, pixels = self._ask("capture", seconds + OPEN_SECONDS)
        except FingerError:
            if stop.is_set():
                raise Stopped from None
            if time.monotonic() >= until:
                raise NoFinger from None
            raise
        finally:
            over.set()
            watcher.join()
        news(CaptureNews(CaptureStage.READING, 100))
        return looked_at(FingerPicture(int(facts["width"]), int(facts["height"]), int(facts["dpi"]), pixels))

    def wait_lifted(self, seconds: float, stop: threading.Event) -> bool:
        """A capture of libfprint ends when the finger was lifted."""
        return True

    def close(self) -> None:
        """End the worker."""
        self._child.close()

    def _watch(self, until: float, stop: threading.Event, over: threading.Event) -> None:
        while not over.wait(_WATCH_SECONDS):
            if stop.is_set() or time.monotonic() >= until:
                self._child.kill()
                return

    def _ask(self, what: str, seconds: float) -> tuple[Facts, bytes]:
        try:
            facts, raw = self._child.ask({"do": what}, seconds=seconds)
        except ChildEnded as ended:
            raise FingerError(FingerErrorReason.WORKER, str(ended)) from None
        match facts.get("is"):
            case "refused":
                raise FingerRefused(FingerHint(facts["hint"]))
            case "error":
                raise FingerError(FingerErrorReason(facts["reason"]), str(facts["detail"]))
            case _:
                return facts, raw
