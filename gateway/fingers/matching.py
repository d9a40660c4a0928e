"""The gateway's matcher: one worker process, one comparison at a time, pictures that are gone when it has answered."""

from __future__ import annotations

import base64
import binascii
import sys
import zlib
from collections.abc import Sequence
from threading import Lock

from gateway.problems import Refused
from services.contract.models import FingerPicture
from services.fingers.matcher import Grey, Template, WorkerMatcher
from services.fingers.rules import Position


class OneAtATime:
    """The local matcher as a child of this program, for several requests; it starts with the first finger.

    Raises MatcherError as the one behind it.
    """

    def __init__(self, matcher: WorkerMatcher | None = None) -> None:
        self._matcher = matcher or WorkerMatcher([*_program(), "worker", "fingers"])
        self._lock = Lock()

    def extract(self, picture: FingerPicture, position: Position) -> Template:
        """Minutiae of a picture that came. Raises Refused 422 for one that is not whole."""
        grey = grey_of(picture)
        with self._lock:
            return self._matcher.extract(grey, position)

    def compare(self, probe: Template, references: Sequence[Template]) -> list[int]:
        """Scores, until one is enough."""
        with self._lock:
            return self._matcher.compare(probe, references)

    def close(self) -> None:
        """End the worker."""
        self._matcher.close()


def _program() -> list[str]:
    """This very program, from source or from the packaged bundle."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "gateway"]


def grey_of(picture: FingerPicture) -> Grey:
    """The pixels. Raises Refused 422."""
    size = picture.width * picture.height
    try:
        inflate = zlib.decompressobj()
        pixels = inflate.decompress(base64.b64decode(picture.pixels, validate=True), size + 1)
    except (zlib.error, binascii.Error, ValueError):
        raise Refused(422, "The picture cannot be read") from None
    if len(pixels) != size:
        raise Refused(422, "The picture is not of its size")
    return Grey(picture.width, picture.height, picture.dpi, pixels)
