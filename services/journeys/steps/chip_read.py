"""One reading of a card that outlives its step: who it is comes first, the photo streams in behind the journey."""

from __future__ import annotations

from collections.abc import Callable

import trio

from drivers.emrtd.reading import ChipReading, ReadProgress
from drivers.smartcard.connection import CardError
from services.journeys.ports import CardPresence
from services.journeys.steps.lay_down import ReadTask


class ChipRead:
    """A reading under way. `run` belongs behind the journey (`Walk.behind`)."""

    def __init__(self, task: ReadTask, card: CardPresence, tell: Callable[[ReadProgress], None]) -> None:
        self._task = task
        self._card = card
        self._tell = tell
        self._scope = trio.CancelScope()
        self._reading: ChipReading | None = None
        self._error: Exception | None = None
        self._known = trio.Event()
        self._over = trio.Event()
        self._whole = False

    async def run(self) -> None:
        """Read to the last byte. While it does, the reader is this session's own."""
        walk, task = self._task.walk, self._task
        try:
            with self._scope, walk.reader.held():
                self._reading = await walk.kit.cards.read(self._card, task.keys, task.nonce.value, self._progress)
                self._whole = True
        except Exception as error:
            if not self._known.is_set():
                self._error = error
            elif not isinstance(error, CardError):
                raise
            # Else: who it is is known, and the card may be lifted at any time.
        finally:
            self._known.set()
            self._over.set()

    def stop(self) -> None:
        """Nobody wants the rest."""
        self._reading = self._error = None
        self._scope.cancel()

    async def identity(self) -> ChipReading:
        """Everything but the photo, as soon as it is here. Raises what the reading raised before."""
        await self._known.wait()
        error, self._error = self._error, None
        try:
            if error is not None:
                raise error
        finally:
            del error
        if self._reading is None:
            raise RuntimeError("the reading was stopped")
        return self._reading

    async def whole(self) -> ChipReading | None:
        """The reading with the photo; None when it ended before."""
        await self._over.wait()
        reading, self._reading = self._reading, None
        return reading if self._whole else None

    def _progress(self, progress: ReadProgress) -> None:
        if progress.reading is not None:
            self._reading = progress.reading
            self._known.set()
        elif not self._known.is_set():
            self._tell(progress)
