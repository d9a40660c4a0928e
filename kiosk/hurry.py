"""The demo's hurry: a file says how much shorter every waiting time is just now. Product kiosks have no such file."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import trio

from services.journeys.pace import Pace

LOOK_SECONDS = 0.2
FASTEST = 100.0


async def follow(file: Path, pace: Pace, factor: float) -> NoReturn:
    """Divide `factor` by the number in `file`, from 1 to 100, whenever it changes; anything else in it is 1."""
    while True:
        pace.become(factor / _hurry(file))
        await trio.sleep(LOOK_SECONDS)


def _hurry(file: Path) -> float:
    try:
        return min(max(float(file.read_text("utf-8")), 1.0), FASTEST)
    except (OSError, ValueError):
        return 1.0
