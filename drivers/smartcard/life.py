"""The card reader as its supervisor sees it: the worker's watcher tells at once, so nothing is asked."""

from __future__ import annotations

import trio

from drivers.device import DeviceState, Gone, Supervised
from drivers.smartcard.connection import CardError, CardErrorReason
from drivers.smartcard.remote import RemoteCardReader

PATIENCE_SECONDS = 1.0
"""How long a reader may take to be there before it is said again that it is not."""


class ReaderLife(Supervised):
    """The worker comes back by itself; a reset ends it, and what hung with it."""

    def __init__(self, reader: RemoteCardReader) -> None:
        self._reader = reader

    async def open(self) -> None:
        """See Supervised."""
        await self._reader.told()
        with trio.move_on_after(PATIENCE_SECONDS):
            await self._reader.found()
        # Looked at, not waited for: a reader that came as the patience ended would be taken for missing until it goes.
        missing = self._reader.missing
        if missing is not None:
            raise _gone(missing)

    async def watch(self) -> None:
        """See Supervised."""
        raise _gone(await self._reader.lost())

    async def restart(self) -> None:
        """See Supervised."""
        await trio.lowlevel.checkpoint()
        self._reader.restart_worker()


def state_of(error: CardError) -> DeviceState:
    """No reader is no device; a service or a worker that is down is a reader that does not answer."""
    return DeviceState.NO_DEVICE if error.reason is CardErrorReason.NO_READER else DeviceState.OFFLINE


def _gone(error: CardError) -> Gone:
    return Gone(state_of(error), str(error))
