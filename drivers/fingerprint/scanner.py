"""The seam of every finger reader: put a finger down, get a picture. Everything above runs without hardware."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from drivers.fingerprint.picture import FingerPicture


class CaptureStage(Enum):
    """What the reader is at."""

    WAITING = "waiting"
    """No finger yet."""
    READING = "reading"
    """The finger was seen, its picture is on the way: it may be lifted."""


@dataclass(frozen=True)
class CaptureNews:
    """How far a capture is; `percent` of the picture that is here."""

    stage: CaptureStage
    percent: int = 0


@dataclass(frozen=True)
class FingerCapabilities:
    """What this reader is, as found out by asking it."""

    model: str = ""
    dpi: int = 500
    light: bool = False
    baud: int | None = None
    """The speed both ends agreed on, where there is one."""


class FingerScanner(Protocol):
    """Blocking, one caller at a time. Raises FingerError; `stop` may be set from any thread."""

    @property
    def capabilities(self) -> FingerCapabilities:
        """Known once it was opened."""
        ...

    def open(self) -> None:
        """Find the device and make it ready."""
        ...

    def check(self) -> None:
        """Whether it is still there. Raises FingerError."""
        ...

    def capture(self, seconds: float, news: Callable[[CaptureNews], None], stop: threading.Event) -> FingerPicture:
        """Wait for a finger and take its picture.

        Raises NoFinger after `seconds`, FingerRefused with a hint, Stopped.
        """
        ...

    def wait_lifted(self, seconds: float, stop: threading.Event) -> bool:
        """Wait until nothing lies on the window; False when something still does. Raises Stopped."""
        ...

    def close(self) -> None:
        """Light off, line closed. Never raises."""
        ...
