"""The seam of every document scanner: paper in, pages out. Everything above runs without hardware."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from drivers.device import Answer
from drivers.document_scanner.page import ScannedPage


class Source(Enum):
    """Where the paper lies."""

    FLATBED = "flatbed"
    FEEDER = "feeder"


@dataclass(frozen=True)
class ScanCapabilities:
    """What this scanner is, as found out by asking it. `resolutions` in dpi: a list, or lowest and highest."""

    model: str = ""
    flatbed: Answer = Answer.UNKNOWN
    feeder: Answer = Answer.UNKNOWN
    colour: Answer = Answer.UNKNOWN
    resolutions: tuple[int, ...] = ()
    stepless: bool = False
    """Whether every resolution between the two of `resolutions` goes."""


@dataclass(frozen=True)
class ScanOrder:
    """What is wanted. The nearest resolution the scanner has is taken; a flatbed gives one page."""

    source: Source = Source.FLATBED
    dpi: int = 200
    colour: bool = True
    most_pages: int = 20
    longest_bytes: int = 12 * 1024 * 1024
    """Of one page as JPEG: what the gateway takes."""


class DocumentScanner(Protocol):
    """Blocking, one caller at a time. Raises ScanError; `stop` may be called from any thread."""

    @property
    def capabilities(self) -> ScanCapabilities:
        """Known once it was opened."""
        ...

    def open(self) -> None:
        """See that it is there, and what it can."""
        ...

    def scan(self, order: ScanOrder, page: Callable[[ScannedPage], None]) -> int:
        """Scan; `page` is called for each as it comes. How many there were."""
        ...

    def stop(self) -> None:
        """End what it is doing; the caller gets an error."""
        ...

    def close(self) -> None:
        """Let go of it. Never raises."""
        ...
