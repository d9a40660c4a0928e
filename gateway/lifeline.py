"""Tells systemd that the gateway answers, and goes on telling it (sd_notify(3), WatchdogSec= of systemd.service(5)).

It is told from the loop that answers kiosks: a loop that does not turn any more is silent, and systemd starts the
gateway anew. Without systemd nothing is told to anybody.
"""

from __future__ import annotations

import asyncio
import os

import sdnotify


class Lifeline:
    """Of one serving process."""

    def __init__(self) -> None:
        self._systemd = sdnotify.SystemdNotifier()
        if self._systemd.socket is not None:
            self._systemd.socket.setblocking(False)  # a listener that does not listen must not stop anybody
        self._telling: asyncio.Task[None] | None = None

    def ready(self) -> None:
        """It answers; from now on it is watched. Must be called on the serving loop."""
        self._systemd.notify("READY=1")
        if (every := watchdog_seconds()) is not None:
            self._telling = asyncio.create_task(self._tell(every / 2))

    def stopping(self) -> None:
        """It ends because it was told to."""
        self._systemd.notify("STOPPING=1")
        if self._telling is not None:
            self._telling.cancel()
        if self._systemd.socket is not None:
            self._systemd.socket.close()

    async def _tell(self, every: float) -> None:
        while True:
            self._systemd.notify("WATCHDOG=1")
            await asyncio.sleep(every)


def watchdog_seconds() -> float | None:
    """After how long without a word systemd acts; None when it does not watch this very process."""
    asked, of = os.environ.get("WATCHDOG_USEC", ""), os.environ.get("WATCHDOG_PID", "")
    if not asked.isdecimal() or (of and of != str(os.getpid())):
        return None
    return int(asked) / 1_000_000 or None
