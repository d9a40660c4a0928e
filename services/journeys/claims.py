"""Who holds something now: the covers over a question, the steps that read a card. Counted, and waited for by event."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import trio


class Claims:
    """A count of holders. Level n means: n others hold it below me."""

    def __init__(self) -> None:
        self._count = 0
        self._changed = trio.Event()

    @contextmanager
    def held(self) -> Generator[int]:
        """While inside, one more holds it; gives the level of this holder (1 for the first)."""
        self._count += 1
        level = self._count
        self._tell()
        try:
            yield level
        finally:
            self._count -= 1
            self._tell()

    @property
    def any(self) -> bool:
        """Whether somebody holds it now."""
        return self._count > 0

    async def taken(self, level: int = 0) -> None:
        """Wait until more than `level` hold it."""
        while self._count <= level:
            await self._changed.wait()

    async def free(self, level: int = 0) -> None:
        """Wait until not more than `level` hold it."""
        while self._count > level:
            await self._changed.wait()

    def _tell(self) -> None:
        self._changed.set()
        self._changed = trio.Event()
