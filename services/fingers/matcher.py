"""The seam of comparing fingers, and the local matcher behind it: a child process with a second for every answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from drivers.child import Child, ChildEnded, Facts
from drivers.emrtd.lds.iso19794_4 import FingerCompression, FingerImage
from services.fingers.rules import LEAST_MINUTIAE, THRESHOLD, Position

KILL_SECONDS = 1.0
"""A matcher that is not done by then is killed: one failed attempt. Time in which it was not let run is not counted."""
CLOCK_SECONDS = 5.0
"""The end by the clock, however busy the machine is."""
START_SECONDS = 5.0
EXTRACTOR = "nbis-py-0.1.3"
"""Stored with every template: only templates of one extractor are compared."""


class GreyPicture(Protocol):
    """A finger's picture, 8-bit grey."""

    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def dpi(self) -> int: ...
    @property
    def pixels(self) -> bytes: ...


@dataclass(frozen=True)
class Grey:
    """A decoded picture."""

    width: int
    height: int
    dpi: int
    pixels: bytes = field(repr=False)


@dataclass(frozen=True)
class Template:
    """Minutiae of one impression, a record of ISO/IEC 19794-2:2005."""

    position: Position
    record: bytes = field(repr=False)
    minutiae: int = 0

    @property
    def good(self) -> bool:
        """Whether there is enough to compare; if not, it is no try."""
        return self.minutiae >= LEAST_MINUTIAE


class MatcherErrorReason(Enum):
    """What to fix."""

    NONE = "no-matcher"
    """The optional package is not installed."""
    NO_DECODER = "no-decoder"
    UNREADABLE = "unreadable"
    """The picture or record cannot be read."""
    ENDED = "ended"
    """It crashed or took too long and was killed: the attempt failed."""


class MatcherError(Exception):
    """The one error of matchers."""

    def __init__(self, reason: MatcherErrorReason, detail: str = "") -> None:
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason = reason


class FingerMatcher(Protocol):
    """Blocking. Raises MatcherError."""

    def extract(self, picture: GreyPicture, position: Position) -> Template:
        """The minutiae of a picture."""
        ...

    def compare(self, probe: Template, references: Sequence[Template], *, enough: int = THRESHOLD) -> list[int]:
        """Scores of the references in order, until one is enough."""
        ...


class WorkerMatcher:
    """Implements FingerMatcher by a worker process; decodes pictures of chips too. One caller at a time."""

    def __init__(self, command: Sequence[str], *, seconds: float = KILL_SECONDS) -> None:
        self._child = Child(command)
        self._seconds = seconds

    @property
    def pid(self) -> int | None:
        """Of the worker that runs."""
        return self._child.pid

    def prepare(self) -> None:
        """Start the worker and load the matcher, before anybody waits. Raises MatcherError."""
        self._ask({"do": "ready"}, b"", START_SECONDS)

    def extract(self, picture: GreyPicture, position: Position) -> Template:
        """See FingerMatcher."""
        self._warm()
        facts, record = self._ask(
            {
                "do": "extract",
                "width": picture.width,
                "height": picture.height,
                "dpi": picture.dpi,
                "position": int(position),
            },
            picture.pixels,
            self._seconds,
        )
        return Template(position, record, int(facts["minutiae"]))

    def compare(self, probe: Template, references: Sequence[Template], *, enough: int = THRESHOLD) -> list[int]:
        """See FingerMatcher."""
        self._warm()
        records = [probe.record, *(reference.record for reference in references)]
        lengths = [len(record) for record in records]
        question: Facts = {"do": "compare", "lengths": lengths, "enough": enough}
        facts, _ = self._ask(question, b"".join(records), self._seconds)
        return [int(score) for score in facts["scores"]]

    def decode(self, image: FingerImage) -> Grey:
        """A picture from a chip. Raises MatcherError; a decoder that crashes or is late was killed."""
        match image.compression:
            case FingerCompression.RAW if image.depth == 8 and len(image.data) == image.width * image.height:
                return Grey(image.width, image.height, image.dpi, image.data)
            case FingerCompression.WSQ | FingerCompression.JPEG | FingerCompression.JPEG2000 | FingerCompression.PNG:
                question: Facts = {"do": "decode", "format": image.compression.name.lower()}
                if self._child.pid is None:
                    self._child_started()
                facts, pixels = self._ask(question, image.data, self._seconds)
                return Grey(int(facts["width"]), int(facts["height"]), image.dpi or 500, pixels)
            case _:
                raise MatcherError(MatcherErrorReason.UNREADABLE, f"compression {image.compression.name}")

    def close(self) -> None:
        """End the worker."""
        self._child.close()

    def _warm(self) -> None:
        """A worker that must load its library first has a longer time for that, and then the usual one."""
        if self._child.pid is None:
            self.prepare()

    def _child_started(self) -> None:
        """A first question that loads nothing: the process itself takes some tenths of a second to start."""
        try:
            self._child.ask({"do": "?"}, seconds=START_SECONDS)
        except ChildEnded as ended:
            raise MatcherError(MatcherErrorReason.ENDED, str(ended)) from None

    def _ask(self, question: Facts, raw: bytes, seconds: float) -> tuple[Facts, bytes]:
        try:
            facts, answer = self._child.ask(question, raw, seconds=seconds, by_clock=max(seconds, CLOCK_SECONDS))
        except ChildEnded as ended:
            raise MatcherError(
                MatcherErrorReason.ENDED, "killed after its time" if ended.late else str(ended)
            ) from None
        if facts.get("is") == "error":
            reason = {
                "no-matcher": MatcherErrorReason.NONE,
                "no-decoder": MatcherErrorReason.NO_DECODER,
            }.get(str(facts["reason"]), MatcherErrorReason.UNREADABLE)
            raise MatcherError(reason, str(facts["reason"]))
        return facts, answer
