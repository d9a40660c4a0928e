"""What the log may say of a crash: type and places. An error's words may hold personal data."""

from __future__ import annotations

import logging
import traceback
from typing import cast

log = logging.getLogger(__name__)


def log_crash(where: str, error: BaseException) -> None:
    """Type and places only: an error's words may hold personal data."""
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames[-8:]))
    log.error("%s: %s at %s", where, type(error).__name__, places)
    if isinstance(error, BaseExceptionGroup):
        group = cast("BaseExceptionGroup[BaseException]", error)
        for inner in group.exceptions:
            log_crash(where, inner)
