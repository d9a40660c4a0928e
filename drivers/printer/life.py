"""The printer as its supervisor sees it: asked all the time, because a printer tells nothing by itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import trio

from drivers.device import DeviceState, Gone, Supervised
from drivers.printer.status import PrinterStatus

ASK_SECONDS = 0.5
"""Between two questions: with the answer's own time a loss is noticed within a second."""
_MISSING = frozenset({DeviceState.NO_DEVICE, DeviceState.OFFLINE})


class PrinterLife(Supervised):
    """`ask` is the printer's status through the kiosk's seam for blocking calls; a slip that is printed goes first."""

    def __init__(
        self, ask: Callable[[], Awaitable[PrinterStatus]], close: Callable[[], None], seconds: float = ASK_SECONDS
    ) -> None:
        self._ask = ask
        self._close = close
        self._seconds = seconds

    async def open(self) -> None:
        """See Supervised. Paper, cover and cutter are states of a printer that is there."""
        await self._there()

    async def watch(self) -> None:
        """See Supervised."""
        while True:
            await trio.sleep(self._seconds)
            await self._there()

    async def close(self) -> None:
        """See Supervised."""
        await trio.to_thread.run_sync(self._close)

    async def _there(self) -> None:
        status = await self._ask()
        # Too hot or without a cause: it answers all the same, so it is not lost.
        if status.device in _MISSING and status.problem is not None and status.problem.value in {"absent", "silent"}:
            raise Gone(status.device, status.problem.value)
